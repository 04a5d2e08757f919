"""The reconcilers, and the round that each makes: read what is due, send a command for it, count what came of it.

They have no state and no input. A command's key is derived from what is due, so that every node, and every round,
sends the same one: what was done once is answered from its outcome.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from msgspec import Struct

from holdfast.core.envelope import Busy, Market, Received, Reply, Sender, Settled, envelop
from holdfast.domain.commands import AnyCommand, CompleteBooking, ExpireBooking, RevealReviews
from holdfast.domain.instants import MINUTE_US, SECOND_US, Instant
from holdfast.domain.rows import SYSTEM, BookingId
from holdfast.reads.due import FIRST, PAGE, Due, to_complete, to_expire, to_reveal
from holdfast.reads.reader import Reader

MARGIN_US = 5 * SECOND_US
"""How long after it was due by this node's clock something is sent. decide goes by the core's, which may be behind."""

SETTLED_WITHIN_S = 10.0


class Reconciler(Struct, frozen=True):
    """verb: what it does, as in its keys. due: reads a page of what was due before an instant, after another."""

    verb: str
    due: Callable[[Reader, Instant, Due], Awaitable[list[Due]]]
    command: Callable[[BookingId], AnyCommand]


RECONCILERS = (
    Reconciler("expire", to_expire, ExpireBooking),
    Reconciler("complete", to_complete, CompleteBooking),
    Reconciler("reveal", to_reveal, RevealReviews),
)


class Tools(Struct, frozen=True):
    """What a reconciler works with. secret: the cell's, from which ids derive."""

    market: Market
    reader: Reader
    secret: bytes
    clock: Callable[[], Instant]


async def reconcile(reconciler: Reconciler, tools: Tools) -> Counter[str]:
    """One round over everything that is due: what came of it how often ("accepted", a refusal, "settled_before",
    "received", a reason for being busy). Ends early where the core or the relay does not keep up.

    Raises ReadsUnavailable.
    """
    counted: Counter[str] = Counter()
    now = tools.clock()
    page, after = [FIRST], FIRST
    while page:
        page = await reconciler.due(tools.reader, Instant(now - MARGIN_US), after)
        replies = await asyncio.gather(*(_send(reconciler, tools, item, now) for item in page))
        counted.update(_name(reply) for reply in replies)
        if len(page) < PAGE or not all(isinstance(reply, Settled) for reply in replies):
            break
        after = page[-1]
    return counted


def key_of(verb: str, due: Due, now: Instant) -> str:
    """The command's key: booking, verb, due time and, once it is overdue by a minute, which attempt this is.

    An outcome is for ever. Where the first command came too early by the core's clock, waited until it no longer
    counted, or was set aside by a bug, its key is spent; the next attempt has another. A new attempt begins each time
    that what is overdue has doubled: a lasting hindrance fills the log with no more than their logarithm.
    """
    attempt = ((now - due.at) // MINUTE_US).bit_length()
    return f"{due.booking}:{verb}:{due.at}" + (f":{attempt}" if attempt else "")


async def _send(reconciler: Reconciler, tools: Tools, due: Due, now: Instant) -> Reply:
    key = key_of(reconciler.verb, due, now)
    envelope = envelop(tools.secret, Sender(SYSTEM), key, reconciler.command(due.booking), now)
    return await tools.market.submit(envelope, SETTLED_WITHIN_S)


def _name(reply: Reply) -> str:
    match reply:
        case Settled(replayed=True):
            return "settled_before"
        case Settled(outcome):
            return outcome.refusal or "accepted"
        case Received():
            return "received"
        case Busy(reason):
            return reason
