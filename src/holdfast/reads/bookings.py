"""Bookings, for the two whom they concern, and for operators."""

from enum import StrEnum
from typing import Any

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.instants import Instant
from holdfast.domain.prices import refund_minor
from holdfast.domain.rows import LIVE, Booking, BookingId, BookingState, MemberId, Side, Terms
from holdfast.reads.reader import Reader
from holdfast.reads.reviews import ReviewShown, reviews_of_booking
from holdfast.reads.terms import terms_of
from holdfast.reads.viewer import Viewer

SQL = load("reads_bookings")


class Actor(StrEnum):
    """Who took a step of a booking's life."""

    customer = "customer"
    provider = "provider"
    operator = "operator"
    system = "system"


class BookingListed(Struct, frozen=True):
    """A booking's row, its state as of now, with the words that go with it."""

    booking: Booking
    title: str
    customer_name: str
    provider_name: str
    currency: str


class BookingCursor(Struct, frozen=True, array_like=True):
    starts_at: Instant
    id: BookingId


class Step(Struct, frozen=True):
    """seq: the event's place in the log."""

    state: BookingState
    at: Instant
    by: Actor
    seq: int
    remark: str | None


class BookingShown(Struct, frozen=True):
    """note and address: None where they are not for this viewer."""

    listed: BookingListed
    note: str | None
    address: str | None
    terms: Terms
    steps: list[Step]
    reviews: list[ReviewShown]


async def bookings(
    reader: Reader,
    member: MemberId,
    now: Instant,
    *,
    side: Side | None = None,
    state: BookingState | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
    after: BookingCursor | None = None,
    limit: int = 20,
) -> list[BookingListed]:
    """The member's bookings that start in [since, until), the latest first, at most `limit`. One query."""
    parameters = {
        "member": member,
        "as_customer": side is not Side.provider,
        "as_provider": side is not Side.customer,
        "state": state,
        "since": since,
        "until": until,
        "after_id": after and after.id,
        "after_start": after and after.starts_at,
        "limit": limit,
        "now": now,
    }
    return await reader.all(SQL.bookings_page, parameters, _listed, binary=True)


async def booking(reader: Reader, booking_id: BookingId, viewer: Viewer, now: Instant) -> BookingShown | None:
    """The booking; None where there is none that concerns the viewer. Four queries."""
    parameters = {"booking": booking_id, "now": now, **viewer.sees}
    found = await reader.one(SQL.booking_shown, parameters, lambda *row: (_listed(*row[:-2]), row[-2], row[-1]))
    if found is None:
        return None
    listed, note, address = found
    row = listed.booking
    terms = (await terms_of(reader, [(row.listing, row.terms_version)]))[row.listing]
    steps = await reader.all(SQL.booking_steps, {"booking": booking_id}, _step, binary=True)
    reviews = await reviews_of_booking(reader, booking_id, viewer)
    return BookingShown(listed, note, address, terms, steps, reviews)


def refund_now(shown: BookingShown, viewer: Viewer, now: Instant) -> int | None:
    """What would go back to the customer if the viewer cancelled now; None where they can't."""
    row = shown.listed.booking
    if row.state not in LIVE:
        return None
    if row.side_of(viewer.member or "") is not Side.customer:
        return row.total_minor
    if now >= row.starts_at:
        return None
    if row.state is BookingState.requested:
        return row.total_minor
    return refund_minor(shown.terms, row.total_minor, row.starts_at, now)


def _listed(*row: Any) -> BookingListed:
    row_of_booking = (*row[:5], BookingState(row[5]), *row[6:16])
    return BookingListed(Booking(*row_of_booking), *row[16:])


def _step(state: str, at: Instant, by: str, seq: int, remark: str | None) -> Step:
    return Step(BookingState(state), at, Actor(by), seq, remark)
