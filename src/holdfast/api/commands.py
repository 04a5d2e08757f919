"""Commands of one's own: what became of them, and taking back what still waits."""

from enum import StrEnum

from litestar import delete, get
from litestar.params import FromPath
from msgspec import Struct

from holdfast.api.access import Bearer
from holdfast.api.bodies import Id, Moment, shown_at
from holdfast.api.problems import Fault, Problem
from holdfast.api.queries import id_in_path
from holdfast.core.envelope import RelayAway, Waiting
from holdfast.domain.refusals import Refusal
from holdfast.reads.principal import principal_of
from holdfast.reads.receipts import OutcomeShown, outcome


class CommandState(StrEnum):
    """received: it waits, and counts until valid_until. withdrawn: also before the log says so."""

    received = "received"
    accepted = "accepted"
    refused = "refused"
    withdrawn = "withdrawn"


class CommandBody(Struct, frozen=True, kw_only=True):
    """code: why it was refused. subject: the id of what it made or changed; booking: the same, where that is one.
    receipt: the node's signed statement that it keeps the command, while it waits."""

    command: Id
    state: CommandState
    code: str | None = None
    subject: Id | None = None
    booking: Id | None = None
    received_at: Moment | None = None
    decided_at: Moment | None = None
    valid_until: Moment | None = None
    receipt: str | None = None


AWAY_RETRY_S = 1


@get("/commands/{command_id:str}", refusals=(Fault.command_unknown, Fault.relay_away))
async def show_command(bearer: Bearer, command_id: FromPath[str]) -> CommandBody:
    """What became of a command of one's own. While it waits the node itself answers, without any database."""
    name = id_in_path(command_id, Fault.command_unknown)
    waits, unknown = None, Problem(Fault.command_unknown)
    try:
        waits = await bearer.context.market.waiting(name, bearer.id)
    except RelayAway:
        unknown = _away()  # it may wait in the journal of a relay that is being started again
    if waits is not None:
        return _waiting(waits)
    await _check(bearer)
    # One that was settled between the two looks is found by the second.
    settled = await outcome(bearer.context.reader, name, bearer.id)
    if settled is None:
        raise unknown
    return _settled(settled)


@delete(
    "/commands/{command_id:str}",
    status_code=200,
    refusals=(Fault.command_unknown, Fault.command_settled, Fault.command_under_way, Fault.relay_away),
)
async def withdraw_command(bearer: Bearer, command_id: FromPath[str]) -> CommandBody:
    """Takes back a command of one's own that still waits; withdrawn stays withdrawn. One that the records may have
    decided, before they stopped answering, is too far on its way."""
    name, market = id_in_path(command_id, Fault.command_unknown), bearer.context.market
    try:
        if await market.withdraw(name, bearer.id):
            return CommandBody(command=name, state=CommandState.withdrawn)
        waits = await market.waiting(name, bearer.id)
    except RelayAway:
        raise _away() from None
    if waits is not None:
        if not waits.withdrawn:
            raise Problem(Fault.command_under_way)
        return _waiting(waits)
    await _check(bearer)
    settled = await outcome(bearer.context.reader, name, bearer.id)
    if settled is None:
        raise Problem(Fault.command_unknown)
    if settled.refusal != Refusal.withdrawn:
        raise Problem(Fault.command_settled)
    return _settled(settled)


def _away() -> Problem:
    return Problem(Fault.relay_away, headers={"Retry-After": str(AWAY_RETRY_S)})


async def _check(bearer: Bearer) -> None:
    """Raises the problem session_ended for a token that was revoked."""
    sender = bearer.sender
    assert sender.epoch is not None
    assert sender.token is not None
    if await principal_of(bearer.context.reader, sender.actor, sender.epoch, sender.token) is None:
        raise Problem(Refusal.session_ended)


def _waiting(waits: Waiting) -> CommandBody:
    return CommandBody(
        command=waits.command,
        state=CommandState.withdrawn if waits.withdrawn else CommandState.received,
        received_at=shown_at(waits.received_at, "UTC"),
        valid_until=shown_at(waits.valid_until, "UTC"),
        receipt=None if waits.withdrawn else waits.receipt,
    )


def _settled(settled: OutcomeShown) -> CommandBody:
    state = CommandState.accepted
    if settled.refusal is not None:
        state = CommandState.withdrawn if settled.refusal == Refusal.withdrawn else CommandState.refused
    return CommandBody(
        command=settled.command,
        state=state,
        code=settled.refusal,
        subject=settled.subject,
        booking=settled.subject if settled.about_booking else None,
        received_at=shown_at(settled.received_at, "UTC"),
        decided_at=shown_at(settled.decided_at, "UTC"),
    )


HANDLERS = (show_command, withdraw_command)
