"""What an event makes of the rows: for a later command of the batch, for the tables, for replay. The only copy."""

from collections.abc import Callable
from typing import Any

from holdfast.domain import events as e
from holdfast.domain.evolutions import bookings, listings, market, reviews
from holdfast.domain.store import Rows

_SIMPLE: dict[type, Callable[[Rows, e.Recorded, Any], None]] = {
    e.CellFounded: market.cell_founded,
    e.NodeAdmitted: market.node_admitted,
    e.MemberJoined: market.member_joined,
    e.OperatorAppointed: market.operator_appointed,
    e.MemberSuspended: market.member_suspended,
    e.MemberRestored: market.member_restored,
    e.TokenRevoked: market.token_revoked,
    e.CategoryAdded: market.category_added,
    e.CategoryChanged: market.category_added,
    e.CalendarMade: listings.calendar_made,
    e.HoursSet: listings.hours_set,
    e.ExceptionAdded: listings.exception_added,
    e.ExceptionRemoved: listings.exception_removed,
    e.ListingDrafted: listings.listing_drafted,
    e.ListingDescribed: listings.listing_described,
    e.ListingTermsChanged: listings.listing_terms_changed,
    e.ListingPublished: listings.listing_published,
    e.ListingWithdrawn: listings.listing_withdrawn,
    e.ReviewWritten: reviews.review_written,
    e.ReviewsRevealed: reviews.reviews_revealed,
    e.ReplyWritten: reviews.reply_written,
}

_STEPS: dict[type, Callable[[Rows, e.Recorded, Any, int], None]] = {
    e.BookingPlaced: bookings.booking_placed,
    e.BookingAccepted: bookings.booking_accepted,
    e.BookingDeclined: bookings.booking_declined,
    e.BookingExpired: bookings.booking_expired,
    e.BookingCancelled: bookings.booking_cancelled,
    e.BookingCompleted: bookings.booking_completed,
    e.BookingMissed: bookings.booking_missed,
}


def evolve(rows: Rows, recorded: e.Recorded, seq: int) -> Rows:
    """Applies one recorded event, whose place in the log is seq, to the rows, and returns them.

    Raises AssertionError where the event contradicts the rows: then the log or the tables are damaged.
    """
    event = recorded.event
    if (step := _STEPS.get(type(event))) is not None:
        step(rows, recorded, event, seq)
    elif (simple := _SIMPLE.get(type(event))) is not None:
        simple(rows, recorded, event)
    else:
        assert isinstance(event, e.BatchSettled), f"nothing is known of {type(event).__name__}"
    return rows
