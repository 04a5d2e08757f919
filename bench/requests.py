"""Requests as they go over the wire, made before anything is measured."""

import uuid
from collections.abc import Iterator, Sequence

from bench.cell import EPOCH, Market
from bench.node import Node
from holdfast.api.auth import mint
from holdfast.continuity.clock import now
from holdfast.domain.instants import DAY_US, Instant, moment_of
from holdfast.domain.rows import ListingId, MemberId, TokenId


def tokens(node: Node, members: Sequence[MemberId]) -> list[str]:
    """A token for each member."""
    key, expires_at = node.secrets.subkey("token"), Instant(now() + DAY_US)
    return [mint(key, member, EPOCH, TokenId(str(uuid.uuid4())), expires_at) for member in members]


def bookings(node: Node, market: Market, slots: Iterator[tuple[ListingId, Instant]], count: int) -> list[bytes]:
    """POST /api/v1/bookings for the next slots, each under a key of its own; the customers take turns."""
    customers = tokens(node, market.customers)
    return [
        booking(node, customers[n % len(customers)], listing, starts_at)
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
