"""Evolve: calendars and listings."""

import msgspec
from msgspec.structs import asdict, replace

from holdfast.domain import events as e
from holdfast.domain.instants import Instant
from holdfast.domain.rows import Calendar, CalendarException, Listing, ListingId, ListingState, Terms
from holdfast.domain.store import Rows


def calendar_made(rows: Rows, recorded: e.Recorded, event: e.CalendarMade) -> None:
    rows.put(Calendar(event.calendar, recorded.by, event.zone, opens=[], closes=[]))


def hours_set(rows: Rows, recorded: e.Recorded, event: e.HoursSet) -> None:
    rows.put(replace(rows.the(Calendar, event.calendar), opens=event.opens, closes=event.closes))


def exception_added(rows: Rows, recorded: e.Recorded, event: e.ExceptionAdded) -> None:
    rows.put(
        CalendarException(event.exception, event.calendar, event.first_day, event.last_day, event.opens, event.closes)
    )


def exception_removed(rows: Rows, recorded: e.Recorded, event: e.ExceptionRemoved) -> None:
    rows.drop(CalendarException, event.exception)


def terms_row(listing: ListingId, version: int, given: e.TermsGiven, since: Instant) -> Terms:
    """The row of a version of terms."""
    return Terms(listing=listing, version=version, since=since, **asdict(given))


def terms_given(terms: Terms) -> e.TermsGiven:
    """The terms of a row, as an event states them."""
    return msgspec.convert(terms, e.TermsGiven, from_attributes=True)


def listing_drafted(rows: Rows, recorded: e.Recorded, event: e.ListingDrafted) -> None:
    rows.put(
        Listing(
            event.listing,
            recorded.by,
            ListingState.draft,
            event.category,
            version=1,
            drafted_at=recorded.at,
            published_at=None,
            changed_at=recorded.at,
            rating_count=0,
            rating_sum=0,
            stars=[0, 0, 0, 0, 0],
        )
    )
    rows.put(terms_row(event.listing, 1, event.terms, recorded.at))


def listing_described(rows: Rows, recorded: e.Recorded, event: e.ListingDescribed) -> None:
    rows.put(replace(rows.the(Listing, event.listing), category=event.category, changed_at=recorded.at))


def listing_terms_changed(rows: Rows, recorded: e.Recorded, event: e.ListingTermsChanged) -> None:
    rows.put(replace(rows.the(Listing, event.listing), version=event.version, changed_at=recorded.at))
    rows.put(terms_row(event.listing, event.version, event.terms, recorded.at))


def listing_published(rows: Rows, recorded: e.Recorded, event: e.ListingPublished) -> None:
    listing = rows.the(Listing, event.listing)
    rows.put(
        replace(
            listing,
            state=ListingState.published,
            published_at=listing.published_at or recorded.at,
            changed_at=recorded.at,
        )
    )


def listing_withdrawn(rows: Rows, recorded: e.Recorded, event: e.ListingWithdrawn) -> None:
    rows.put(replace(rows.the(Listing, event.listing), state=ListingState.withdrawn, changed_at=recorded.at))
