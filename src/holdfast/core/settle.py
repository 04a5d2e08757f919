"""A face's way in: command in, outcome out. What was not accepted is raised, for the face to put into its own words."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from holdfast.core.envelope import Busy, Market, Received, Sender, Settled, envelop
from holdfast.domain.commands import AnyCommand
from holdfast.domain.instants import Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Booking


class Way(Protocol):
    """What a face submits commands with: clock tells the node's time, cell_hmac is the secret that ids derive from."""

    market: Market
    clock: Callable[[], Instant]
    cell_hmac: bytes
    deadline_s: float


class Accepted(Struct, frozen=True):
    """What became of an accepted command. subject: the id of what it made or changed; booking: its row then, for a
    command about one; replayed: it had been accepted before."""

    subject: str
    booking: Booking | None
    replayed: bool


class CommandRefused(Exception):
    """The outcome is a refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class NotYetSettled(Exception):
    """The core did not answer within the deadline; the command is kept, and there is a receipt."""

    def __init__(self, received: Received) -> None:
        super().__init__(received.command)
        self.received = received


class TurnedAway(Exception):
    """The node takes nothing now; nothing was kept."""

    def __init__(self, busy: Busy) -> None:
        super().__init__(busy.reason)
        self.busy = busy


async def settle(
    way: Way,
    sender: Sender,
    key: str,
    command: AnyCommand,
    *,
    valid_until: Instant | None = None,
    fingerprint: bytes | None = None,
) -> Accepted:
    """Submits the command and waits for its outcome. Raises CommandRefused, NotYetSettled and TurnedAway."""
    envelope = envelop(
        way.cell_hmac, sender, key, command, way.clock(), valid_until=valid_until, fingerprint=fingerprint
    )
    reply = await way.market.submit(envelope, way.deadline_s)
    if isinstance(reply, Settled):
        outcome = reply.outcome
        if outcome.subject is None:
            raise CommandRefused(Refusal(outcome.refusal or ""))
        return Accepted(outcome.subject, reply.booking, reply.replayed)
    if isinstance(reply, Received):
        raise NotYetSettled(reply)
    raise TurnedAway(reply)
