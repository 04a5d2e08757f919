"""Check and book: what somebody is about to agree to, the one button that does it, and what there is if it is lost."""

import asyncio
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath, QueryParameter
from msgspec import Meta

from holdfast.core.offers import OFFER_US, open_offer, sign_offers
from holdfast.core.settle import CommandRefused
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.domain.commands import OfferTaken, PlaceBooking
from holdfast.domain.inputs import WHOLE, Note
from holdfast.domain.instants import MINUTE_US, Instant
from holdfast.domain.prices import refund_deadlines
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Place
from holdfast.reads.listings import listing
from holdfast.reads.slots import FreeStarts, notice_us, starts_near
from holdfast.reads.terms import terms_of
from holdfast.web.booking_paths import id_in
from holdfast.web.forms import Filled, Form, asks, blank
from holdfast.web.languages import phrase
from holdfast.web.posts import Post
from holdfast.web.site import Site
from holdfast.web.visit import Member, Visit, Writer

NEAREST = 5
READ_S = 0.2
"""A booking's answer has a deadline of its own, of which a look at the listing's notice may take no more."""

LOST = frozenset({
    Refusal.slot_taken, Refusal.outside_hours, Refusal.notice_too_short, Refusal.too_far_ahead,
    Refusal.offer_expired, Refusal.duration_not_offered,
})  # fmt: skip
"""Refusals after which another time is the thing to do."""

Slot = Annotated[str, QueryParameter(name="slot", max_length=500)]


class BookForm(Form, frozen=True):
    """slot is the offer's text. Where the provider comes to the customer decide asks for the address."""

    slot: Annotated[str, Meta(min_length=1, max_length=500), asks(phrase("Choose a time again"))]
    note: Annotated[Note, asks("", phrase("Write at most 1,000 characters"))] = ""
    address: Annotated[
        str, Meta(max_length=500, pattern=WHOLE), asks("", phrase("Write an address of at most 500 characters"))
    ] = ""


@get("/listings/{name:str}/book", include_in_schema=False)
async def show_check(member: Member, name: FromPath[str], slot: Slot = "") -> Response[bytes]:
    """Everything that will be agreed, before it is. A time that is gone by now shows those that are left."""
    offer = _opened(member.site, name, slot)
    free = await _near(member, offer)
    if offer.expires_at <= member.now:
        return _lost_page(member, offer, Refusal.offer_expired, free)
    if free is None or offer.starts_at not in free.starts:
        return _lost_page(member, offer, Refusal.outside_hours, free)
    return await _check_page(member, offer, blank(BookForm, slot=slot))


@post("/listings/{name:str}/book", include_in_schema=False)
async def book(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """Books under the form's key, so that a second press books nothing. No read stands in its way."""
    form = posted.fill(BookForm)
    offer = _opened(writer.site, name, form.text("slot"))
    if form.value is None:
        return await _check_page(writer, offer, form, 422)
    value = form.value
    command = PlaceBooking(offer.listing, offer.starts_at, offer.minutes, offer, value.note, value.address)
    try:
        accepted = await writer.settle(command, posted.key, valid_until=await _counts_until(writer, offer))
    except CommandRefused as refused:
        if refused.refusal is Refusal.address_needed:
            form.refuse("address", phrase("Enter the address where the service is to take place"))
            return await _check_page(writer, offer, form, 422)
        if refused.refusal not in LOST:
            raise
        return _lost_page(writer, offer, refused.refusal, await _near(writer, offer))
    return writer.go(f"/bookings/{accepted.subject}")


def _opened(site: Site, name: str, text: str) -> OfferTaken:
    """Raises CommandRefused for what this cell did not offer of that listing."""
    offer = open_offer(site.offer_key, text)
    if offer is None or offer.listing != id_in(name):
        raise CommandRefused(Refusal.offer_invalid)
    return offer


async def _counts_until(visit: Visit, offer: OfferTaken) -> Instant | None:
    """The start less the listing's notice, past which a booking that waits is too late; the start itself while reads
    are away. None where that is over already: then the refusal names the notice."""
    try:
        async with asyncio.timeout(READ_S):
            notice = await notice_us(visit.site.reader, offer.listing) or 0
    except (ReadsUnavailable, TimeoutError):
        notice = 0
    latest = Instant(offer.starts_at - notice)
    return latest if latest > visit.now else None


async def _near(visit: Visit, offer: OfferTaken) -> FreeStarts | None:
    """Free starts near the one of the offer; that one itself comes first while it is free. None while reads are away,
    too: what was lost is said all the same."""
    try:
        return await starts_near(visit.site.reader, offer.listing, offer.starts_at, offer.minutes, NEAREST, visit.now)
    except ReadsUnavailable:
        return None


async def _check_page(visit: Visit, offer: OfferTaken, form: Filled[BookForm], status: int = 200) -> Response[bytes]:
    reader = visit.site.reader
    shown = await listing(reader, offer.listing, visit.viewer)
    if shown is None:
        raise CommandRefused(Refusal.listing_unknown)
    versions = await terms_of(reader, [(offer.listing, offer.terms_version)])
    terms = versions[offer.listing]
    back = refund_deadlines(terms, offer.starts_at, offer.total_minor)
    return visit.page(
        "booking_check.html",
        status,
        form=form,
        listing=shown,
        offer=offer,
        terms=terms,
        ends_at=Instant(offer.starts_at + offer.minutes * MINUTE_US),
        deadlines=[each for each in back if each[0] > visit.now],
        at_customer=terms.place is Place.customer,
    )


def _lost_page(visit: Visit, offer: OfferTaken, refusal: Refusal, free: FreeStarts | None) -> Response[bytes]:
    """409, with what is left. Each start carries an offer at today's price."""
    slots: list[tuple[Instant, str]] = []
    if free is not None:
        again = OfferTaken(
            offer.listing, free.terms.version, visit.now, free.minutes, free.total_minor, Instant(visit.now + OFFER_US)
        )
        slots = list(zip(free.starts, sign_offers(visit.site.offer_key, again, free.starts), strict=True))
    zone = free.zone if free else visit.site.zone
    return visit.page(
        "booking_lost.html",
        409,
        offer=offer,
        free=free,
        slots=slots,
        zone=zone,
        taken=refusal is Refusal.slot_taken,
        expired=refusal is Refusal.offer_expired,
        clock=visit.language.moment(offer.starts_at, zone, "clock"),
    )


HANDLERS: tuple[Any, ...] = (show_check, book)
