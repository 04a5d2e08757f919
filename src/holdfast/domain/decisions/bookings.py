"""Decide: a booking's life, from placing to its end."""

from holdfast.domain import commands as c
from holdfast.domain import events as e
from holdfast.domain.decisions.market import remark_of
from holdfast.domain.facts import Accepted, Decision, Facts
from holdfast.domain.instants import HOUR_US, MINUTE_US, Instant
from holdfast.domain.prices import refund_minor
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import LIVE, Booking, BookingId, BookingState, Side, Terms

COMPLETED_AFTER_US = 24 * HOUR_US
"""How long after its end the job completes a booking, if nobody said otherwise."""


def accept_booking(command: c.AcceptBooking, facts: Facts) -> Decision:
    """In time is who answered in time: an outage between that and now costs nobody the booking, unless it began."""
    booking = _booking(facts, command.booking, Side.provider)
    if isinstance(booking, Refusal):
        return booking
    if booking.answer_by is None or facts.received_at > booking.answer_by:
        return Refusal.booking_not_requested
    if facts.decided_at >= booking.starts_at:
        return Refusal.too_late
    return Accepted(booking.id, [e.BookingAccepted(booking.id)])


def decline_booking(command: c.DeclineBooking, facts: Facts) -> Decision:
    booking = _booking(facts, command.booking, Side.provider)
    if isinstance(booking, Refusal):
        return booking
    if booking.answer_by is None or facts.received_at > booking.answer_by:
        return Refusal.booking_not_requested
    remark, sealed = remark_of(command.reason, facts)
    declined = e.BookingDeclined(booking.id, remark[0].id if remark else None, sealed)
    return Accepted(booking.id, [declined], list(remark))


def expire_booking(command: c.ExpireBooking, facts: Facts) -> Decision:
    booking = _booking(facts, command.booking, None)
    if isinstance(booking, Refusal):
        return booking
    if booking.answer_by is None:
        return Refusal.booking_not_requested
    if facts.decided_at < booking.answer_by:
        return Refusal.not_due
    return Accepted(booking.id, [e.BookingExpired(booking.id)])


def cancel_booking(command: c.CancelBooking, facts: Facts) -> Decision:
    booking = facts.rows.find(Booking, command.booking)
    if booking is None:
        return Refusal.booking_unknown
    side = booking.side_of(facts.actor)
    if side is None and not facts.is_operator():
        return Refusal.booking_unknown
    if booking.state not in LIVE:
        return Refusal.booking_not_live
    if side is Side.customer and facts.received_at >= booking.starts_at:
        return Refusal.booking_started
    refund = _refund_minor(booking, side, facts)
    if command.refund_minor is not None and refund < command.refund_minor:
        return Refusal.refund_changed
    remark, sealed = remark_of(command.reason, facts)
    cancelled = e.BookingCancelled(booking.id, side, refund, remark[0].id if remark else None, sealed)
    return Accepted(booking.id, [cancelled], list(remark))


def complete_booking(command: c.CompleteBooking, facts: Facts) -> Decision:
    """By the provider from the start on (a visit may end early), by the job a day after the end."""
    booking = _booking(facts, command.booking, Side.provider)
    if isinstance(booking, Refusal):
        return booking
    if booking.state is not BookingState.confirmed:
        return Refusal.booking_not_confirmed
    if facts.decided_at < booking.starts_at:
        return Refusal.booking_not_started
    if facts.is_system and facts.decided_at < booking.ends_at + COMPLETED_AFTER_US:
        return Refusal.not_due
    return Accepted(booking.id, [e.BookingCompleted(booking.id)])


def mark_no_show(command: c.MarkNoShow, facts: Facts) -> Decision:
    booking = _booking(facts, command.booking, Side.provider)
    if isinstance(booking, Refusal):
        return booking
    if booking.state is not BookingState.confirmed:
        return Refusal.booking_not_confirmed
    if facts.decided_at < booking.starts_at:
        return Refusal.booking_not_started
    return Accepted(booking.id, [e.BookingMissed(booking.id)])


def answer_by(terms: Terms, starts_at: Instant, decided_at: Instant) -> Instant:
    """Until when the provider may answer a request: the terms' time, and not past the start."""
    return min(Instant(decided_at + terms.answer_within_min * MINUTE_US), starts_at)


def _booking(facts: Facts, booking_id: BookingId, side: Side | None) -> Booking | Refusal:
    """The booking, for a party on that side or for `system`. Strangers learn nothing of other people's bookings."""
    booking = facts.rows.find(Booking, booking_id)
    if booking is None:
        return Refusal.booking_unknown
    if facts.is_system:
        return booking
    actual = booking.side_of(facts.actor)
    if actual is None:
        return Refusal.booking_unknown
    return booking if actual is side else Refusal.not_yours


def _refund_minor(booking: Booking, side: Side | None, facts: Facts) -> int:
    """Who asked in time is refunded as of then; what was never confirmed, or others cancel, goes back whole."""
    if side is not Side.customer or booking.state is BookingState.requested:
        return booking.total_minor
    terms = facts.rows.the(Terms, (booking.listing, booking.terms_version))
    return refund_minor(terms, booking.total_minor, booking.starts_at, facts.received_at)
