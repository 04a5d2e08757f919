"""What the two parties do with a booking: answer it, cancel it, say how it went."""

from typing import Annotated

from litestar import post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from holdfast.api.access import Writer
from holdfast.api.bodies import INT32_MAX, Body
from holdfast.api.booking_bodies import BookingBody, booking_body
from holdfast.api.queries import id_in_path
from holdfast.api.settle import settle
from holdfast.domain import commands as c
from holdfast.domain.inputs import Note
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import BookingId


class DeclineBody(Body, frozen=True):
    """Why, for the customer to read."""

    reason: Note = ""


class CancelBody(Body, frozen=True):
    """refund_minor: the refund that was shown; the cancellation is refused if it would be less by now."""

    refund_minor: Annotated[int, Meta(ge=0, le=INT32_MAX)] | None = None
    reason: Note = ""


WITHOUT_REASON = DeclineBody()
AT_ANY_REFUND = CancelBody()


@post(
    "/bookings/{booking_id:str}/acceptance",
    status_code=200,
    refusals=(Refusal.booking_unknown, Refusal.not_yours, Refusal.booking_not_requested),
)
async def accept_booking(writer: Writer, booking_id: FromPath[str]) -> BookingBody:
    """For the provider: accepts a request, which confirms it."""
    return await _settled(writer, c.AcceptBooking(BookingId(id_in_path(booking_id, Refusal.booking_unknown))))


@post(
    "/bookings/{booking_id:str}/decline",
    status_code=200,
    refusals=(Refusal.booking_unknown, Refusal.not_yours, Refusal.booking_not_requested),
)
async def decline_booking(
    writer: Writer, booking_id: FromPath[str], data: JSONBody[DeclineBody] = WITHOUT_REASON
) -> BookingBody:
    """For the provider: declines a request; its time is free again."""
    return await _settled(
        writer, c.DeclineBooking(BookingId(id_in_path(booking_id, Refusal.booking_unknown)), data.reason.strip())
    )


@post(
    "/bookings/{booking_id:str}/cancellation",
    status_code=200,
    refusals=(
        Refusal.booking_unknown,
        Refusal.booking_not_live,
        Refusal.booking_started,
        Refusal.refund_changed,
    ),
)
async def cancel_booking(
    writer: Writer, booking_id: FromPath[str], data: JSONBody[CancelBody] = AT_ANY_REFUND
) -> BookingBody:
    """For either party or an operator. The customer gets back what the terms give, all if somebody else cancels."""
    command = c.CancelBooking(
        BookingId(id_in_path(booking_id, Refusal.booking_unknown)), data.refund_minor, data.reason.strip()
    )
    return await _settled(writer, command)


@post(
    "/bookings/{booking_id:str}/completion",
    status_code=200,
    refusals=(
        Refusal.booking_unknown,
        Refusal.not_yours,
        Refusal.booking_not_confirmed,
        Refusal.booking_not_started,
    ),
)
async def complete_booking(writer: Writer, booking_id: FromPath[str]) -> BookingBody:
    """For the provider, from the start on: the work is done. Without it a booking completes 24 h after its end."""
    return await _settled(writer, c.CompleteBooking(BookingId(id_in_path(booking_id, Refusal.booking_unknown))))


@post(
    "/bookings/{booking_id:str}/no-show",
    status_code=200,
    refusals=(
        Refusal.booking_unknown,
        Refusal.not_yours,
        Refusal.booking_not_confirmed,
        Refusal.booking_not_started,
    ),
)
async def mark_no_show(writer: Writer, booking_id: FromPath[str]) -> BookingBody:
    """For the provider, from the start on: the customer did not come."""
    return await _settled(writer, c.MarkNoShow(BookingId(id_in_path(booking_id, Refusal.booking_unknown))))


async def _settled(writer: Writer, command: c.AnyCommand) -> BookingBody:
    accepted = await settle(writer, command)
    assert accepted.booking is not None, "a command about a booking comes back with its row"
    return booking_body(accepted.booking, (await writer.context.known.cell()).currency)


HANDLERS = (accept_booking, decline_booking, cancel_booking, complete_booking, mark_no_show)
