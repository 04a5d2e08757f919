"""One's bookings, on either side, and each on a page of its own that survives being bookmarked."""

import re
from typing import Annotated, Any

from litestar import Response, get
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from holdfast.core.settle import CommandRefused
from holdfast.domain.decisions.bookings import COMPLETED_AFTER_US
from holdfast.domain.decisions.reviews import REVIEW_WITHIN_US
from holdfast.domain.instants import Instant
from holdfast.domain.prices import refund_deadlines
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Booking, BookingId, BookingState, ListingId, Side
from holdfast.reads.bookings import BookingCursor, BookingListed, BookingShown, booking, bookings, refund_now
from holdfast.reads.listings import listing
from holdfast.web.booking_calendar import calendar_file
from holdfast.web.booking_paths import id_in
from holdfast.web.visit import Member, Visit

A_PAGE = 20
_CURSOR = re.compile(r"(-?\d{1,18})_([0-9a-f-]{36})")

Role = Annotated[str, QueryParameter(name="role", max_length=20)]
After = Annotated[str, QueryParameter(name="after", max_length=80)]


class Seen(Struct, frozen=True):
    """A booking as one of its parties meets it; side None: an operator looks. completes_at: when it counts as
    completed without a word; review_until: where it is completed."""

    listed: BookingListed
    side: Side | None
    completes_at: Instant
    review_until: Instant


class Acts(Struct, frozen=True):
    """What the viewer can do now."""

    answer: bool
    conclude: bool
    cancel: bool
    review: bool


@get("/bookings", include_in_schema=False)
async def list_bookings(member: Member, role: Role = "", after: After = "") -> Response[bytes]:
    """The latest start first."""
    side = Side(role) if role in tuple(Side) else None
    found = await bookings(member.site.reader, member.id, member.now, side=side, after=_cursor(after), limit=A_PAGE + 1)
    onward = ""
    if len(found) > A_PAGE:
        last = found[A_PAGE - 1].booking
        onward = f"?{f'role={side}&' if side else ''}after={last.starts_at}_{last.id}"
    shown = [seen(item, member) for item in found[:A_PAGE]]
    return member.page("bookings.html", shown=shown, role=side or "", onward=onward, first=not after)


@get("/bookings/{name:str}", include_in_schema=False)
async def show_booking(member: Member, name: FromPath[str]) -> Response[bytes]:
    """The booking's page, or its calendar file where the name ends in .ics."""
    if name.endswith(".ics"):
        return await _calendar(member, name.removesuffix(".ics"))
    shown = await booking_of(member, name)
    row = shown.listed.booking
    offered = await listing(member.site.reader, ListingId(row.listing), member.viewer)
    back = refund_deadlines(shown.terms, row.starts_at, row.total_minor)
    return member.page(
        "booking.html",
        shown=shown,
        seen=seen(shown.listed, member),
        acts=_acts(shown, member),
        listing=offered,
        deadlines=[each for each in back if each[0] > member.now],
    )


async def _calendar(member: Member, name: str) -> Response[bytes]:
    shown = await booking_of(member, name)
    row = shown.listed.booking
    offered = await listing(member.site.reader, ListingId(row.listing), member.viewer)
    place = ", ".join(part for part in (offered.address, offered.area) if part) if offered else ""
    return Response(
        calendar_file(shown.listed, place, f"{member.site.public_url}/bookings/{row.id}"),
        media_type="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="booking-{row.id}.ics"'},
    )


async def booking_of(visit: Visit, name: str) -> BookingShown:
    """The booking, for the two whom it concerns and for operators. Raises CommandRefused: others learn nothing."""
    shown = await booking(visit.site.reader, BookingId(id_in(name)), visit.viewer, visit.now)
    if shown is None:
        raise CommandRefused(Refusal.booking_unknown)
    return shown


def seen(listed: BookingListed, visit: Visit) -> Seen:
    """The booking from the viewer's side, with the times by which things happen of themselves."""
    row = listed.booking
    return Seen(
        listed,
        row.side_of(visit.id),
        Instant(row.ends_at + COMPLETED_AFTER_US),
        Instant(row.changed_at + REVIEW_WITHIN_US),
    )


def may_review(shown: BookingShown, visit: Visit) -> bool:
    """Whether the viewer's review is taken now: of a completed booking, once, for a fortnight."""
    row = shown.listed.booking
    wrote = any(each.author == visit.id for each in shown.reviews)
    return (
        row.state is BookingState.completed
        and row.side_of(visit.id) is not None
        and not wrote
        and visit.now < row.changed_at + REVIEW_WITHIN_US
    )


def _acts(shown: BookingShown, member: Visit) -> Acts:
    row: Booking = shown.listed.booking
    provides = row.side_of(member.id) is Side.provider
    return Acts(
        provides and row.state is BookingState.requested,
        provides and row.state is BookingState.confirmed and member.now >= row.starts_at,
        refund_now(shown, member.viewer, member.now) is not None,
        may_review(shown, member),
    )


def _cursor(text: str) -> BookingCursor | None:
    """Where the page before ended; anything else begins anew."""
    found = _CURSOR.fullmatch(text)
    return BookingCursor(Instant(int(found[1])), BookingId(id_in(found[2]))) if found else None


HANDLERS: tuple[Any, ...] = (list_bookings, show_booking)
