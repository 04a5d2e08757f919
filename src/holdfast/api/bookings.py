"""Bookings: placing one, which is the hot path, and looking at one's own."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta

from holdfast.api.access import Member, Writer, WriterAccess
from holdfast.api.bodies import Body, Moment, UuidText, instant_in
from holdfast.api.booking_bodies import BookingBody, BookingPageBody, ListedBody, booking_body, listed_body, page_body
from holdfast.api.context import ApiContext
from holdfast.api.cursors import USUAL_ITEMS, CursorText, Limit, Page, cursor_to, place_of
from holdfast.api.location import BOOKING, located
from holdfast.api.nearest import SlotLost, nearest_slots
from holdfast.api.problems import Fault, Problem
from holdfast.api.queries import id_in_path, only, time_in
from holdfast.api.settle import settle
from holdfast.core.offers import open_offer
from holdfast.domain.commands import OfferTaken, PlaceBooking
from holdfast.domain.inputs import WHOLE, Note
from holdfast.domain.instants import Instant
from holdfast.domain.prices import DAY_MIN
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import BookingId, BookingState, ListingId, Side
from holdfast.reads.bookings import BookingCursor, booking, bookings, refund_now
from holdfast.reads.viewer import Viewer

_WHEN = "an instant with an offset (RFC 3339), or a date: where it begins in the cell's time zone"
InState = Annotated[BookingState | None, QueryParameter(name="state", description="as it is now")]
Role = Annotated[Side | None, QueryParameter(description="only those in which one is the customer, or the provider")]
Since = Annotated[str | None, QueryParameter(name="from", max_length=40, description=f"start then or later: {_WHEN}")]
Until = Annotated[str | None, QueryParameter(name="to", max_length=40, description=f"start before: {_WHEN}")]


class NewBookingBody(Body, frozen=True):
    """A slot to be booked. starts_at as the slots gave it; offer holds price and terms for 30 minutes, without it
    those of the moment count. note goes to the provider; address is where they come to, shown to them once the
    booking is confirmed."""

    listing: UuidText
    starts_at: Moment
    duration_min: Annotated[int, Meta(ge=1, le=DAY_MIN)] | None = None
    offer: Annotated[str, Meta(max_length=500)] | None = None
    note: Note = ""
    address: Annotated[str, Meta(max_length=500, pattern=WHOLE)] = ""


@post(
    "/bookings",
    refusals=(
        Refusal.listing_unknown,
        Refusal.listing_not_published,
        Refusal.own_listing,
        Refusal.offer_invalid,
        Refusal.offer_expired,
        Refusal.duration_not_offered,
        Refusal.address_needed,
        Refusal.notice_too_short,
        Refusal.too_far_ahead,
        Refusal.outside_hours,
        Refusal.slot_taken,
    ),
    **located(BOOKING),
)
async def place_booking(writer: Writer, data: JSONBody[NewBookingBody]) -> BookingBody:
    """Books a slot: confirmed at once, or requested where the provider answers first. slot_taken and outside_hours
    carry `nearest`: up to five slots near the lost one."""
    return await place(writer, data)


async def place(writer: WriterAccess, data: NewBookingBody) -> BookingBody:
    """Places the booking that the body asks for."""
    context = writer.context
    listing, starts_at = ListingId(data.listing.lower()), instant_in("starts_at", data.starts_at)
    offer = None if data.offer is None else _opened(context, data.offer)
    command = PlaceBooking(listing, starts_at, data.duration_min, offer, data.note.strip(), data.address.strip())
    valid_until = await context.known.counts_until(listing, starts_at, context.clock())
    try:
        accepted = await settle(writer, command, valid_until=valid_until)
    except Problem as problem:
        if problem.code in (Refusal.slot_taken, Refusal.outside_hours):
            raise SlotLost(problem, await nearest_slots(context, command)) from None
        raise
    assert accepted.booking is not None, "a command about a booking comes back with its row"
    return booking_body(accepted.booking, (await context.known.cell()).currency)


@get("/bookings", refusals=(Fault.invalid_input,))
async def list_bookings(
    member: Member,
    request: Request[Any, Any, Any],
    role: Role = None,
    in_state: InState = None,
    since: Since = None,
    until: Until = None,
    cursor: CursorText = None,
    limit: Limit = USUAL_ITEMS,
) -> Page[ListedBody]:
    """One's own bookings on either side, the latest start first."""
    only(request, {"role", "state", "from", "to", "cursor", "limit"})
    context = member.context
    scope = f"bookings {member.id} {role} {in_state} {since} {until}"
    after = place_of(context.cursor_key, scope, cursor, BookingCursor)
    found = await bookings(
        context.reader,
        member.id,
        context.clock(),
        side=role,
        state=in_state,
        since=await _time(context, "from", since),
        until=await _time(context, "to", until),
        after=after,
        limit=limit + 1,
    )
    following = None
    if len(found) > limit:
        last = found[limit - 1].booking
        following = cursor_to(context.cursor_key, scope, BookingCursor(last.starts_at, last.id))
    return Page([listed_body(item, member.id) for item in found[:limit]], following)


@get("/bookings/{booking_id:str}", refusals=(Refusal.booking_unknown,))
async def show_booking(member: Member, booking_id: FromPath[str]) -> BookingPageBody:
    """A booking, for its two parties and operators: what was agreed, what became of it, what a cancellation gives."""
    context, viewer = member.context, Viewer(member.id, member.is_operator)
    now = context.clock()
    shown = await booking(context.reader, BookingId(id_in_path(booking_id, Refusal.booking_unknown)), viewer, now)
    if shown is None:
        raise Problem(Refusal.booking_unknown)
    return page_body(shown, member.id, refund_now(shown, viewer, now))


def _opened(context: ApiContext, text: str) -> OfferTaken:
    offer = open_offer(context.offer_key, text)
    if offer is None:
        raise Problem(Refusal.offer_invalid)
    return offer


async def _time(context: ApiContext, field: str, text: str | None) -> Instant | None:
    return None if text is None else time_in(field, text, (await context.known.cell()).zone)


HANDLERS = (place_booking, list_bookings, show_booking)
