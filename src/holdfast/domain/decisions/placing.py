"""Decide: placing a booking. The slot is checked by the function that lists slots."""

from holdfast.domain import commands as c
from holdfast.domain import events as e
from holdfast.domain.decisions.bookings import answer_by
from holdfast.domain.facts import Accepted, Decision, Facts
from holdfast.domain.instants import MINUTE_US, Instant
from holdfast.domain.prices import total_minor
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import (
    BookingId,
    BookingState,
    Listing,
    ListingState,
    Member,
    Place,
    Terms,
)
from holdfast.domain.slots import Schedule, claims_of, refusal_at, refusal_by_terms
from holdfast.domain.vault import BookingText, seal


def place_booking(command: c.PlaceBooking, facts: Facts) -> Decision:
    listing = _bookable(facts, command)
    if isinstance(listing, Refusal):
        return listing
    terms = _terms(command, facts, listing)
    if isinstance(terms, Refusal):
        return terms
    minutes = _minutes(command, terms)
    if terms.place is Place.customer and not command.address:
        return Refusal.address_needed
    if refusal := refusal_by_terms(terms, command.starts_at, minutes, facts.received_at):
        return refusal
    ends_at = Instant(command.starts_at + minutes * MINUTE_US)
    schedule = schedule_of(facts, terms, command.starts_at, ends_at)
    refusal = refusal_at(schedule, command.starts_at, minutes, asked_at=facts.received_at, now=facts.decided_at)
    if refusal is not None:
        return refusal
    if facts.decided_at > command.starts_at - terms.notice_min * MINUTE_US:
        return Refusal.too_late
    return _placed(command, facts, listing, terms, minutes, schedule)


def _placed(
    command: c.PlaceBooking, facts: Facts, listing: Listing, terms: Terms, minutes: int, schedule: Schedule
) -> Accepted:
    ends_at = Instant(command.starts_at + minutes * MINUTE_US)
    # What is left of claims in this stretch has expired: requests that nobody answered in time.
    expired = {claim.booking for claims in schedule.claims for claim in claims}
    total = total_minor(terms, minutes)
    booking = BookingId(facts.ids.next())
    text = None
    if command.note or command.address:
        text = BookingText(booking, command.note, command.address, facts.ids.next_salt())
    placed = e.BookingPlaced(
        booking,
        listing.owner,
        BookingState.confirmed if terms.instant else BookingState.requested,
        command.starts_at,
        ends_at,
        schedule.zone,
        [e.LinePlaced(listing.id, terms.version, minutes, total)],
        total,
        answer_by=None if terms.instant else answer_by(terms, command.starts_at, facts.decided_at),
        sealed=[] if text is None else [seal(text)],
    )
    return Accepted(booking, [*map(e.BookingExpired, sorted(expired)), placed], [] if text is None else [text])


def _bookable(facts: Facts, command: c.PlaceBooking) -> Listing | Refusal:
    """A draft exists for nobody but its owner; what a suspended provider offers is not on the market."""
    listing = facts.rows.find(Listing, command.listing)
    if listing is None or (listing.state is ListingState.draft and listing.owner != facts.actor):
        return Refusal.listing_unknown
    suspended = facts.rows.the(Member, listing.owner).suspended_at is not None
    if listing.state is not ListingState.published or suspended:
        return Refusal.listing_not_published
    return Refusal.own_listing if listing.owner == facts.actor else listing


def _terms(command: c.PlaceBooking, facts: Facts, listing: Listing) -> Terms | Refusal:
    """Those of the offer, if it is one of this start and still holds; else those in force."""
    offer = command.offer
    if offer is None:
        return facts.rows.the(Terms, (listing.id, listing.version))
    asked = (command.listing, command.starts_at, command.minutes or offer.minutes)
    if asked != (offer.listing, offer.starts_at, offer.minutes):
        return Refusal.offer_invalid
    terms = facts.rows.find(Terms, (listing.id, offer.terms_version))
    if terms is None:
        return Refusal.offer_invalid
    return Refusal.offer_expired if facts.received_at > offer.expires_at else terms


def _minutes(command: c.PlaceBooking, terms: Terms) -> int:
    if command.minutes is not None:
        return command.minutes
    return command.offer.minutes if command.offer else terms.duration_min


def schedule_of(facts: Facts, terms: Terms, starts_at: Instant, ends_at: Instant) -> Schedule:
    """What decides whether the stretch can be booked: calendars, exceptions, and the claims that it would meet."""
    openings = [facts.rows.openings(calendar) for calendar in terms.calendars]
    return Schedule.of(
        terms, openings, [facts.rows.claims(*stretch) for stretch in claims_of(terms, starts_at, ends_at)]
    )
