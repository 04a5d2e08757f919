"""What the two parties do with a booking: answer it, cancel it with the refund in sight, say how it went."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Meta

from holdfast.core.settle import CommandRefused
from holdfast.domain import commands as c
from holdfast.domain.inputs import Note
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import LIVE, BookingId, BookingState, Side
from holdfast.reads.bookings import refund_now
from holdfast.web.booking_paths import id_in
from holdfast.web.bookings import booking_of, seen
from holdfast.web.forms import Filled, Form, asks, blank
from holdfast.web.languages import phrase
from holdfast.web.posts import Post
from holdfast.web.visit import Member, Visit, Writer

_TOO_LONG = phrase("Write at most 1,000 characters")


class DeclineForm(Form, frozen=True):
    """Why, for the customer to read."""

    reason: Annotated[Note, asks("", _TOO_LONG)] = ""


class CancelForm(Form, frozen=True):
    """refund_minor: the refund that was shown; less is refused."""

    refund_minor: Annotated[int, Meta(ge=0, le=2**31 - 1), asks(phrase("Look at the refund again"))]
    reason: Annotated[Note, asks("", _TOO_LONG)] = ""


@post("/bookings/{name:str}/acceptance", include_in_schema=False)
async def accept(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """For the provider: accepts a request, which confirms it."""
    booking = BookingId(id_in(name))
    return await _done(writer, posted, c.AcceptBooking(booking), booking)


@get("/bookings/{name:str}/decline", include_in_schema=False)
async def show_decline(member: Member, name: FromPath[str]) -> Response[bytes]:
    """Declining, with a reason that the customer reads."""
    return await _decline_page(member, name, blank(DeclineForm))


@post("/bookings/{name:str}/decline", include_in_schema=False)
async def decline(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """For the provider: declines a request; its time is free again."""
    form, booking = posted.fill(DeclineForm), BookingId(id_in(name))
    if form.value is None:
        await writer.recognise()
        return await _decline_page(writer, name, form, 422)
    return await _done(writer, posted, c.DeclineBooking(booking, form.value.reason), booking)


@post("/bookings/{name:str}/completion", include_in_schema=False)
async def complete(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """For the provider, from the start on: the work is done."""
    booking = BookingId(id_in(name))
    return await _done(writer, posted, c.CompleteBooking(booking), booking)


@post("/bookings/{name:str}/no-show", include_in_schema=False)
async def miss(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """For the provider, from the start on: the customer did not come."""
    booking = BookingId(id_in(name))
    return await _done(writer, posted, c.MarkNoShow(booking), booking)


@get("/bookings/{name:str}/cancellation", include_in_schema=False)
async def show_cancellation(member: Member, name: FromPath[str]) -> Response[bytes]:
    """The exact refund, before anything is done."""
    return await _cancellation_page(member, name, blank(CancelForm))


@post("/bookings/{name:str}/cancellation", include_in_schema=False)
async def cancel(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """Cancels at the refund that was shown. Where it is less by now, it is shown again and nothing is cancelled."""
    form, booking = posted.fill(CancelForm), BookingId(id_in(name))
    if form.value is None:
        await writer.recognise()
        return await _cancellation_page(writer, name, form, 422)
    try:
        return await _done(
            writer, posted, c.CancelBooking(booking, form.value.refund_minor, form.value.reason), booking
        )
    except CommandRefused as refused:
        if refused.refusal is not Refusal.refund_changed:
            raise
        form.refuse(
            "refund_minor",
            phrase("The refund is less than was shown: time has passed. The booking is not cancelled. Look again."),
        )
        await writer.recognise()
        return await _cancellation_page(writer, name, form, 422)


async def _done(writer: Visit, posted: Post, command: c.AnyCommand, booking: BookingId) -> Response[bytes]:
    await writer.settle(command, posted.key)
    return writer.go(f"/bookings/{booking}", "saved")


async def _decline_page(visit: Visit, name: str, form: Filled[DeclineForm], status: int = 200) -> Response[bytes]:
    """Raises CommandRefused where the viewer has nothing to decline."""
    met = seen((await booking_of(visit, name)).listed, visit)
    if met.side is not Side.provider:
        raise CommandRefused(Refusal.not_yours)
    if met.listed.booking.state is not BookingState.requested:
        raise CommandRefused(Refusal.booking_not_requested)
    return visit.page("booking_decline.html", status, form=form, seen=met)


async def _cancellation_page(visit: Visit, name: str, form: Filled[CancelForm], status: int = 200) -> Response[bytes]:
    """Raises CommandRefused where there is nothing to cancel any more."""
    shown = await booking_of(visit, name)
    refund = refund_now(shown, visit.viewer, visit.now)
    if refund is None:
        over = shown.listed.booking.state not in LIVE
        raise CommandRefused(Refusal.booking_not_live if over else Refusal.booking_started)
    return visit.page("booking_cancellation.html", status, form=form, seen=seen(shown.listed, visit), refund=refund)


HANDLERS: tuple[Any, ...] = (accept, show_decline, decline, complete, miss, show_cancellation, cancel)
