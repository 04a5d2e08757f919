"""Decide: calendars and listings."""

from holdfast.domain import commands as c
from holdfast.domain import events as e
from holdfast.domain.evolutions.listings import terms_row
from holdfast.domain.facts import Accepted, Decision, Facts
from holdfast.domain.hours import valid_exception, valid_hours
from holdfast.domain.prices import terms_fault
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import (
    Calendar,
    CalendarException,
    CalendarId,
    Category,
    ExceptionId,
    Listing,
    ListingId,
    ListingState,
    Place,
    Terms,
)
from holdfast.domain.vault import CalendarText, ListingText, seal
from holdfast.domain.walltime import known_zone


def make_calendar(command: c.MakeCalendar, facts: Facts) -> Decision:
    if not known_zone(command.zone):
        return Refusal.time_zone_unknown
    if not valid_hours(command.opens, command.closes):
        return Refusal.hours_invalid
    calendar = CalendarId(facts.ids.next())
    text = CalendarText(calendar, command.name, facts.ids.next_salt())
    events: list[e.AnyEvent] = [e.CalendarMade(calendar, command.zone, [seal(text)])]
    if command.opens:
        events.append(e.HoursSet(calendar, command.opens, command.closes))
    return Accepted(calendar, events, [text])


def set_hours(command: c.SetHours, facts: Facts) -> Decision:
    if _own_calendar(facts, command.calendar) is None:
        return Refusal.calendar_unknown
    if not valid_hours(command.opens, command.closes):
        return Refusal.hours_invalid
    return Accepted(command.calendar, [e.HoursSet(command.calendar, command.opens, command.closes)])


def add_exception(command: c.AddException, facts: Facts) -> Decision:
    if _own_calendar(facts, command.calendar) is None:
        return Refusal.calendar_unknown
    if not valid_exception(command.first_day, command.last_day, command.opens, command.closes):
        return Refusal.exception_invalid
    added = ExceptionId(facts.ids.next())
    event = e.ExceptionAdded(
        added, command.calendar, command.first_day, command.last_day, command.opens, command.closes
    )
    return Accepted(added, [event])


def remove_exception(command: c.RemoveException, facts: Facts) -> Decision:
    if _own_calendar(facts, command.calendar) is None:
        return Refusal.calendar_unknown
    exception = facts.rows.find(CalendarException, command.exception)
    if exception is None or exception.calendar != command.calendar:
        return Refusal.exception_unknown
    return Accepted(exception.id, [e.ExceptionRemoved(exception.id)])


def draft_listing(command: c.DraftListing, facts: Facts) -> Decision:
    if refusal := _faults(facts, command.category, command.terms):
        return refusal
    listing = ListingId(facts.ids.next())
    text = _text(listing, command.words, facts)
    return Accepted(listing, [e.ListingDrafted(listing, command.category, command.terms, [seal(text)])], [text])


def change_listing(command: c.ChangeListing, facts: Facts) -> Decision:
    listing = _own_listing(facts, command.listing)
    if isinstance(listing, Refusal):
        return listing
    category = command.category or listing.category
    terms = command.terms
    if refusal := _faults(facts, category, terms):
        return refusal
    before = facts.rows.the(ListingText, listing.id)
    text = before if command.words is None else _text(listing.id, command.words, facts)
    if listing.state is ListingState.published and (gap := _gap(text, _place(facts, listing, terms))):
        return gap
    events: list[e.AnyEvent] = []
    if category != listing.category or command.words is not None:
        events.append(e.ListingDescribed(listing.id, category, [seal(text)] if command.words is not None else []))
    if terms is not None:
        events.append(e.ListingTermsChanged(listing.id, listing.version + 1, terms))
    return Accepted(listing.id, events, [text] if command.words is not None else [])


def publish_listing(command: c.PublishListing, facts: Facts) -> Decision:
    listing = _own_listing(facts, command.listing)
    if isinstance(listing, Refusal):
        return listing
    if listing.state is ListingState.published:
        return Refusal.listing_published
    text = facts.rows.the(ListingText, listing.id)
    if gap := _gap(text, _place(facts, listing, None)):
        return gap
    return Accepted(listing.id, [e.ListingPublished(listing.id)])


def withdraw_listing(command: c.WithdrawListing, facts: Facts) -> Decision:
    listing = _own_listing(facts, command.listing)
    if isinstance(listing, Refusal):
        return listing
    if listing.state is not ListingState.published:
        return Refusal.listing_not_published
    return Accepted(listing.id, [e.ListingWithdrawn(listing.id)])


def _own_calendar(facts: Facts, calendar_id: CalendarId) -> Calendar | None:
    """Somebody else's calendar does not exist for the actor."""
    calendar = facts.rows.find(Calendar, calendar_id)
    return calendar if calendar is not None and calendar.owner == facts.actor else None


def _own_listing(facts: Facts, listing_id: ListingId) -> Listing | Refusal:
    listing = facts.rows.find(Listing, listing_id)
    if listing is None or (listing.owner != facts.actor and listing.state is not ListingState.published):
        return Refusal.listing_unknown
    return listing if listing.owner == facts.actor else Refusal.not_yours


def _faults(facts: Facts, category: str, terms: e.TermsGiven | None) -> Refusal | None:
    if facts.rows.find(Category, category) is None:
        return Refusal.category_unknown
    if terms is None:
        return None
    if any(_own_calendar(facts, calendar) is None for calendar in terms.calendars):
        return Refusal.calendar_unknown
    if terms_fault(terms_row(ListingId(""), 0, terms, facts.decided_at)) is not None:
        return Refusal.terms_invalid
    return None


def _text(listing: ListingId, words: c.Description, facts: Facts) -> ListingText:
    return ListingText(
        listing,
        words.title,
        words.description,
        words.area,
        words.address,
        words.lat_e6,
        words.lng_e6,
        facts.ids.next_salt(),
    )


def _place(facts: Facts, listing: Listing, terms: e.TermsGiven | None) -> Place:
    return (terms or facts.rows.the(Terms, (listing.id, listing.version))).place


def _gap(text: ListingText, place: Place) -> Refusal | None:
    """What a listing lacks to be published. Who has to be found needs an area and coordinates; online needs neither."""
    if not text.title or not text.description:
        return Refusal.listing_incomplete
    return Refusal.place_incomplete if place is not Place.online and (not text.area or text.lat_e6 is None) else None
