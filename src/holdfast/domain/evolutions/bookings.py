"""Evolve: bookings, their lines, steps and claims."""

from msgspec.structs import replace

from holdfast.domain import events as e
from holdfast.domain.rows import (
    LIVE,
    Booking,
    BookingId,
    BookingLine,
    BookingState,
    BookingStep,
    Claim,
    RemarkId,
    Terms,
)
from holdfast.domain.slots import claims_of
from holdfast.domain.store import Rows


def booking_placed(rows: Rows, recorded: e.Recorded, event: e.BookingPlaced, seq: int) -> None:
    first = event.lines[0]
    rows.put(
        Booking(
            event.booking,
            recorded.by,
            event.provider,
            first.listing,
            first.terms_version,
            event.state,
            event.starts_at,
            event.ends_at,
            event.zone,
            event.total_minor,
            refund_minor=None,
            answer_by=event.answer_by,
            placed_at=recorded.at,
            changed_at=recorded.at,
            steps=1,
            reviews=0,
        )
    )
    for n, line in enumerate(event.lines):
        rows.put(BookingLine(event.booking, n, line.listing, line.terms_version, line.minutes, line.amount_minor))
    rows.put(BookingStep(event.booking, 0, event.state, recorded.at, recorded.by, seq, None))
    terms = rows.the(Terms, (first.listing, first.terms_version))
    for calendar, start, end in claims_of(terms, event.starts_at, event.ends_at):
        rows.put(Claim(calendar, start, end, event.booking, event.answer_by))


def booking_accepted(rows: Rows, recorded: e.Recorded, event: e.BookingAccepted, seq: int) -> None:
    booking = _step(rows, recorded, seq, event.booking, BookingState.confirmed)
    for claim in _claims(rows, booking):
        rows.put(replace(claim, expires_at=None))


def booking_declined(rows: Rows, recorded: e.Recorded, event: e.BookingDeclined, seq: int) -> None:
    _step(rows, recorded, seq, event.booking, BookingState.declined, remark=event.remark)


def booking_expired(rows: Rows, recorded: e.Recorded, event: e.BookingExpired, seq: int) -> None:
    _step(rows, recorded, seq, event.booking, BookingState.expired)


def booking_cancelled(rows: Rows, recorded: e.Recorded, event: e.BookingCancelled, seq: int) -> None:
    _step(
        rows,
        recorded,
        seq,
        event.booking,
        BookingState.cancelled,
        refund_minor=event.refund_minor,
        remark=event.remark,
    )


def booking_completed(rows: Rows, recorded: e.Recorded, event: e.BookingCompleted, seq: int) -> None:
    _step(rows, recorded, seq, event.booking, BookingState.completed)


def booking_missed(rows: Rows, recorded: e.Recorded, event: e.BookingMissed, seq: int) -> None:
    _step(rows, recorded, seq, event.booking, BookingState.no_show)


def _step(
    rows: Rows,
    recorded: e.Recorded,
    seq: int,
    booking_id: BookingId,
    state: BookingState,
    *,
    refund_minor: int | None = None,
    remark: RemarkId | None = None,
) -> Booking:
    """Takes the booking to its next state; what is no longer live claims no time."""
    booking = rows.the(Booking, booking_id)
    if state not in LIVE:
        for claim in _claims(rows, booking):
            rows.drop(Claim, (claim.calendar, claim.starts_at, claim.ends_at))
    after = replace(
        booking,
        state=state,
        answer_by=None,
        refund_minor=refund_minor,
        changed_at=recorded.at,
        steps=booking.steps + 1,
    )
    rows.put(after)
    rows.put(BookingStep(booking.id, booking.steps, state, recorded.at, recorded.by, seq, remark))
    return after


def _claims(rows: Rows, booking: Booking) -> list[Claim]:
    terms = rows.the(Terms, (booking.listing, booking.terms_version))
    found = []
    for calendar, start, end in claims_of(terms, booking.starts_at, booking.ends_at):
        found += [claim for claim in rows.claims(calendar, start, end) if claim.booking == booking.id]
    return found
