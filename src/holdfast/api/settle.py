"""The one way of every handler that writes: command in, outcome out.

A handler answers 201 where something got an id of its own (POST /bookings, /listings, …/review), else 200 with what
the thing is now, or 204; a repeated key gives the same status and the representation of now.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
from msgspec import Struct

from holdfast.api.access import Writer
from holdfast.api.context import ApiContext
from holdfast.api.problems import Fault, Problem
from holdfast.core.envelope import Busy
from holdfast.core.settle import Accepted, CommandRefused, TurnedAway
from holdfast.core.settle import settle as submit
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.domain.commands import AnyCommand, RevokeToken
from holdfast.domain.instants import Instant
from holdfast.domain.refusals import Refusal
from holdfast.reads.principal import principal_of


async def settle(
    writer: Writer,
    command: AnyCommand,
    *,
    valid_until: Instant | None = None,
    fingerprint: bytes | None = None,
) -> Accepted:
    """Submits a member's command. Raises Problem for a refusal or a node that takes nothing, NotYetSettled for 202.

    fingerprint: where the command holds more than the request said (see `fingerprint_of_request`).
    """
    async with as_problems(writer.context):
        accepted = await submit(
            writer.context, writer.sender, writer.key, command, valid_until=valid_until, fingerprint=fingerprint
        )
    if accepted.replayed and not isinstance(command, RevokeToken):  # which ends the session that sent it
        await _insist_on_session(writer)
    return accepted


async def _insist_on_session(writer: Writer) -> None:
    """What was decided before is decided no more, and nobody has looked whether the token still counts: as every
    request that reads, one that is answered by what there is now asks. Raises the problem session_ended."""
    sender = writer.sender
    assert sender.epoch is not None
    assert sender.token is not None
    with suppress(ReadsUnavailable):  # then nothing else can be read with it either
        if await principal_of(writer.context.reader, sender.actor, sender.epoch, sender.token) is None:
            raise Problem(Refusal.session_ended)


@asynccontextmanager
async def as_problems(context: ApiContext) -> AsyncIterator[None]:
    """Around a submission: what was refused, or not taken, is a Problem."""
    try:
        yield
    except CommandRefused as refused:
        raise Problem(refused.refusal) from None
    except TurnedAway as away:
        raise _turned_away(context, away.busy) from None


def fingerprint_of_request(verb: str, subject: str, body: Struct) -> bytes:
    """16 bytes by which a repeated request is known, where the command itself depends on what is stored."""
    return hashlib.sha256(msgspec.json.encode((verb, subject, body))).digest()[:16]


async def allow(context: ApiContext, bucket: str, per_minute: int) -> None:
    """Spends one of a limit. Raises the problem rate_limited."""
    wait_s = await context.market.allow(bucket, per_minute)
    if wait_s:
        raise rate_limited(per_minute, wait_s)


def rate_limited(per_minute: int, wait_s: int) -> Problem:
    """429 with the fields of draft-ietf-httpapi-ratelimit-headers."""
    return Problem(
        Fault.rate_limited,
        headers={
            "Retry-After": str(wait_s),
            "RateLimit-Policy": f'"minute";q={per_minute};w=60',
            "RateLimit": f'"minute";r=0;t={wait_s}',
        },
    )


def _turned_away(context: ApiContext, busy: Busy) -> Problem:
    if busy.reason == Fault.rate_limited:
        return rate_limited(context.post_limit_per_minute, busy.retry_after_s)
    return Problem(Fault(busy.reason), headers={"Retry-After": str(busy.retry_after_s)})
