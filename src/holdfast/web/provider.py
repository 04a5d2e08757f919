"""Where a provider starts: requests by their deadline, what is next, and the way to all that is theirs."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath

from holdfast.domain.commands import AcceptBooking, DeclineBooking
from holdfast.domain.inputs import Note
from holdfast.domain.instants import DAY_US, Instant
from holdfast.domain.rows import BookingId, BookingState, Side
from holdfast.reads.bookings import bookings
from holdfast.reads.own_listings import own_listings
from holdfast.web.forms import Filled, Form, asks, blank
from holdfast.web.languages import phrase
from holdfast.web.own import known_id, settle_own
from holdfast.web.posts import Post
from holdfast.web.visit import Member, Visit, Writer

START = "/provider"
MOST = 200


class DeclineForm(Form, frozen=True):
    """The customer reads why."""

    reason: Annotated[Note, asks(phrase("Write at most 1,000 characters"))] = ""


@get(START, include_in_schema=False)
async def show_start(member: Member) -> Response[bytes]:
    """Four queries."""
    return await _start_page(member, blank(DeclineForm))


@post(f"{START}/requests/{{booking:str}}/accept", include_in_schema=False)
async def accept_request(writer: Writer, posted: Post, booking: FromPath[str]) -> Response[bytes]:
    """The booking is confirmed."""
    await settle_own(writer, AcceptBooking(BookingId(known_id(booking))), posted)
    return writer.go(START, "saved")


@post(f"{START}/requests/{{booking:str}}/decline", include_in_schema=False)
async def decline_request(writer: Writer, posted: Post, booking: FromPath[str]) -> Response[bytes]:
    """Its time is free again."""
    of = BookingId(known_id(booking))
    form = posted.fill(DeclineForm)
    if form.value is None:
        form.errors = {f"reason-{of}": form.errors["reason"]}
        await writer.recognise()
        return await _start_page(writer, form, of)
    await settle_own(writer, DeclineBooking(of, form.value.reason), posted)
    return writer.go(START, "saved")


async def _start_page(visit: Visit, form: Filled[DeclineForm], wrong: BookingId | None = None) -> Response[bytes]:
    reader, now = visit.site.reader, visit.now
    asked = await bookings(
        reader, visit.id, now, side=Side.provider, state=BookingState.requested, since=now, limit=MOST
    )
    confirmed = await bookings(
        reader,
        visit.id,
        now,
        side=Side.provider,
        state=BookingState.confirmed,
        since=Instant(now - DAY_US),
        until=Instant(now + DAY_US),
        limit=MOST,
    )
    coming = [each for each in reversed(confirmed) if each.booking.ends_at > now]
    return visit.page(
        "provider.html",
        422 if form.errors else 200,
        form=form,
        wrong=wrong,
        requests=sorted(asked, key=lambda each: each.booking.answer_by or each.booking.starts_at),
        coming=coming,
        offers=bool(await own_listings(reader, visit.id, None, 1)),
    )


HANDLERS: tuple[Any, ...] = (show_start, accept_request, decline_request)
