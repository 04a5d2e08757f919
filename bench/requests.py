"""Requests as they go over the wire, made before anything is measured."""

import uuid
from collections.abc import Iterator, Sequence

from bench.figures import Invalid
from bench.node import Node
from holdfast.domain.instants import Instant, moment_of
from holdfast.domain.rows import ListingId

Slots = Iterator[tuple[ListingId, Instant]]


def tokens(node: Node, count: int) -> list[str]:
    """Tokens of so many customers, as the command line mints them."""
    done = node.holdfast("token", "mint", "--count", str(count))
    minted = [line.partition("\t")[2] for line in done.stdout.splitlines()]
    if done.returncode or len(minted) != count:
        raise Invalid(f"holdfast token mint: {done.stderr[-500:]}")
    return minted


def bookings(node: Node, tokens: Sequence[str], slots: Slots, count: int) -> list[bytes]:
    """POST /api/v1/bookings for the next slots, each under a key of its own; the customers take turns."""
    return [
        booking(node, tokens[n % len(tokens)], listing, starts_at)
        for n, (listing, starts_at) in zip(range(count), slots, strict=False)
    ]


def booking(node: Node, token: str, listing: ListingId, starts_at: Instant) -> bytes:
    """POST /api/v1/bookings for one slot."""
    body = f'{{"listing":"{listing}","starts_at":"{moment_of(starts_at).isoformat()}"}}'
    return (
        f"POST /api/v1/bookings HTTP/1.1\r\nHost: localhost:{node.settings.port}\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {uuid.uuid4()}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        f"{body}"
    ).encode()


def reading(node: Node, path: str) -> bytes:
    """GET of a path."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost:{node.settings.port}\r\nAccept: application/json\r\n\r\n".encode()
