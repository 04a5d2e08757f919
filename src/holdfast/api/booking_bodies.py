"""Bookings as JSON: the row that a decision gives back, the one in a list, and all that the parties may see."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from holdfast.api.bodies import Id, Moment, shown_at
from holdfast.api.listing_bodies import TermsBody, terms_body
from holdfast.api.review_bodies import ReviewBody, review_body
from holdfast.domain.instants import Instant
from holdfast.domain.prices import refund_deadlines
from holdfast.domain.rows import LIVE, Booking, BookingState, Side
from holdfast.reads.bookings import Actor, BookingListed, BookingShown, Step


class BookingBody(Struct, frozen=True, kw_only=True):
    """An agreement about one slot. Times have the place's offset, time_zone is its name. answer_by: until when the
    provider may accept a request; refund_minor: what goes back after a cancellation."""

    id: Id
    state: BookingState
    listing: Id
    terms_version: int
    customer: Id
    provider: Id
    starts_at: Moment
    ends_at: Moment
    time_zone: str
    total_minor: int
    refund_minor: int | None
    currency: str
    answer_by: Moment | None
    placed_at: Moment
    changed_at: Moment


class ListedBody(BookingBody, frozen=True, kw_only=True):
    """A booking in a list; side: which one the reader is on."""

    title: str
    side: Side | None
    customer_name: str
    provider_name: str


class StepBody(Struct, frozen=True):
    """One step of a booking's history; log_seq: its event's place in the public log."""

    state: BookingState
    at: Moment
    by: Actor
    log_seq: int
    remark: str | None


class DeadlineBody(Struct, frozen=True):
    """A customer who cancels until then gets so much back."""

    until: Moment
    refund_minor: int


class CancellationBody(Struct, frozen=True):
    """refund_now_minor: what goes back if the reader cancels now, null where they can't; send it along when
    cancelling. deadlines: for the customer, the largest refund first; after the last one nothing goes back."""

    refund_now_minor: int | None
    deadlines: list[DeadlineBody]


class BookingPageBody(ListedBody, frozen=True, kw_only=True):
    """A booking with everything that its reader may see. note: for the two parties; address: for the customer, and
    for the provider from confirmation on."""

    note: str | None
    address: str | None
    terms: TermsBody
    cancellation: CancellationBody
    history: list[StepBody]
    reviews: list[ReviewBody]


def booking_body(row: Booking, currency: str) -> BookingBody:
    """The row of a booking."""
    return BookingBody(**_common(row, currency))


def listed_body(listed: BookingListed, reader: str) -> ListedBody:
    """A booking in the reader's list."""
    return ListedBody(**_listed(listed, reader))


def page_body(shown: BookingShown, reader: str, refund_minor: int | None) -> BookingPageBody:
    """A booking's page. refund_minor: what goes back if the reader cancels now."""
    row, zone = shown.listed.booking, shown.listed.booking.zone
    return BookingPageBody(
        **_listed(shown.listed, reader),
        note=shown.note,
        address=shown.address,
        terms=terms_body(shown.terms, shown.listed.currency),
        cancellation=CancellationBody(refund_minor, _deadlines(shown)),
        history=[_step(step, zone) for step in shown.steps],
        reviews=[review_body(review, row.zone) for review in shown.reviews],
    )


def _common(row: Booking, currency: str) -> dict[str, Any]:
    zone = row.zone
    return {
        "id": row.id,
        "state": row.state,
        "listing": row.listing,
        "terms_version": row.terms_version,
        "customer": row.customer,
        "provider": row.provider,
        "starts_at": shown_at(row.starts_at, zone),
        "ends_at": shown_at(row.ends_at, zone),
        "time_zone": zone,
        "total_minor": row.total_minor,
        "refund_minor": row.refund_minor,
        "currency": currency,
        "answer_by": _shown(row.answer_by, zone),
        "placed_at": shown_at(row.placed_at, zone),
        "changed_at": shown_at(row.changed_at, zone),
    }


def _listed(listed: BookingListed, reader: str) -> dict[str, Any]:
    return _common(listed.booking, listed.currency) | {
        "title": listed.title,
        "side": listed.booking.side_of(reader),
        "customer_name": listed.customer_name,
        "provider_name": listed.provider_name,
    }


def _deadlines(shown: BookingShown) -> list[DeadlineBody]:
    row = shown.listed.booking
    if row.state not in LIVE:
        return []
    deadlines = refund_deadlines(shown.terms, row.starts_at, row.total_minor)
    return [DeadlineBody(shown_at(until, row.zone), refund) for until, refund in deadlines]


def _step(step: Step, zone: str) -> StepBody:
    return StepBody(step.state, shown_at(step.at, zone), step.by, step.seq, step.remark)


def _shown(instant: Instant | None, zone: str) -> datetime | None:
    return None if instant is None else shown_at(instant, zone)
