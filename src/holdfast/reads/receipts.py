"""What proves to those concerned what became of something: a booking's events, a command's outcome."""

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.instants import Instant
from holdfast.domain.rows import BookingId, MemberId
from holdfast.reads.reader import Reader
from holdfast.reads.viewer import Viewer

SQL = load("reads_receipts")


class BookingEvent(Struct, frozen=True):
    """The event behind step n of a booking, at `seq` of the log; salt and body open its entry."""

    seq: int
    n: int
    salt: bytes
    body: bytes


class OutcomeShown(Struct, frozen=True):
    """refusal None: accepted, and subject is the id of what it made or changed."""

    command: str
    refusal: str | None
    subject: str | None
    received_at: Instant
    decided_at: Instant
    about_booking: bool


async def booking_event(reader: Reader, booking: BookingId, step: int | None, viewer: Viewer) -> BookingEvent | None:
    """The event of that step, None: of the latest. None where there is none that concerns the viewer. One query."""
    parameters = {"booking": booking, "step": step, **viewer.sees}
    return await reader.one(SQL.booking_event, parameters, BookingEvent)


async def outcome(reader: Reader, command: str, actor: MemberId) -> OutcomeShown | None:
    """What became of the actor's command; None where it is not settled, or somebody else's. One query."""
    return await reader.one(SQL.outcome_shown, {"command": command, "actor": actor}, OutcomeShown)
