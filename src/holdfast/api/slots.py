"""The page of a listing: what it is, when it is free, what others say of it."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from litestar import Request, get
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from holdfast.api.access import Visitor
from holdfast.api.bodies import Moment
from holdfast.api.listing_bodies import ListingBody, listing_body
from holdfast.api.problems import Fault, Problem, invalid
from holdfast.api.queries import day_in, id_in_path, only
from holdfast.core.offers import OFFER_US, sign_offers
from holdfast.domain.commands import OfferTaken
from holdfast.domain.instants import MINUTE_US, SECOND_US, Instant
from holdfast.domain.prices import DAY_MIN
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import ListingId
from holdfast.reads.listings import listing
from holdfast.reads.slots import MANY_STARTS, DurationNotOffered, FreeStarts, free_starts
from holdfast.reads.viewer import Viewer

MOST_DAYS = 62

FromDay = Annotated[
    str, QueryParameter(name="from", max_length=10, description="the first local date, of the place's time zone")
]
ToDay = Annotated[
    str,
    QueryParameter(name="to", max_length=10, description="the date after the last one; at most 62 days after `from`"),
]
Minutes = Annotated[
    int | None, QueryParameter(ge=1, le=DAY_MIN, description="how long; the listing's shortest duration without it")
]


class SlotBody(Struct, frozen=True, gc=False):
    """A start that could be booked now. offer keeps its price and terms for 30 minutes: send it with the booking."""

    starts_at: Moment
    ends_at: Moment
    total_minor: int
    currency: str
    offer: str


class SlotsBody(Struct, frozen=True):
    """All free starts of the dates that were asked for; there is no further page."""

    items: list[SlotBody]
    next: None = None


@get("/listings/{listing_id:str}", refusals=(Refusal.listing_unknown,))
async def show_listing(visitor: Visitor, listing_id: FromPath[str]) -> ListingBody:
    """A listing. Drafts and withdrawn ones are there for their owner and operators only."""
    shown = await listing(
        visitor.context.reader, ListingId(id_in_path(listing_id, Refusal.listing_unknown)), viewer_of(visitor)
    )
    if shown is None:
        raise Problem(Refusal.listing_unknown)
    return listing_body(shown)


@get("/listings/{listing_id:str}/slots", refusals=(Refusal.listing_unknown, Fault.invalid_input))
async def list_slots(
    visitor: Visitor,
    request: Request[Any, Any, Any],
    listing_id: FromPath[str],
    from_day: FromDay,
    to_day: ToDay,
    duration_min: Minutes = None,
) -> SlotsBody:
    """When the listing can be booked, on the local dates from `from` up to, not including, `to`."""
    only(request, {"from", "to", "duration_min"})
    first, last = day_in("from", from_day), day_in("to", to_day)
    if not first < last <= first + timedelta(days=MOST_DAYS):
        raise invalid("to", f"is not after from, or more than {MOST_DAYS} days after it")
    context = visitor.context
    now = context.clock()
    name = ListingId(id_in_path(listing_id, Refusal.listing_unknown))
    free = await free_starts(context.reader, name, viewer_of(visitor), first, last, duration_min, now)
    if free is None:
        raise Problem(Refusal.listing_unknown)
    if isinstance(free, DurationNotOffered):
        terms = free.terms
        raise invalid(
            "duration_min",
            f"is not offered: from {terms.duration_min} to {terms.duration_max_min}, in steps of {terms.step_min}",
        )
    if len(free.starts) > MANY_STARTS:
        return SlotsBody(await asyncio.to_thread(slot_bodies, context.offer_key, free, now))
    return SlotsBody(slot_bodies(context.offer_key, free, now))


def slot_bodies(offer_key: bytes, free: FreeStarts, now: Instant) -> list[SlotBody]:
    """The free starts with their offers, good for half an hour from now."""
    starts, minutes, total, currency = free.starts, free.minutes, free.total_minor, free.currency
    ends = [Instant(at + minutes * MINUTE_US) for at in starts]
    # One slot's end is mostly another's start; and starts lie on whole seconds, which are quicker to show.
    zone = ZoneInfo(free.zone)
    shown = {at: datetime.fromtimestamp(at // SECOND_US, zone) for at in {*starts, *ends}}
    offer = OfferTaken(free.terms.listing, free.terms.version, now, minutes, total, Instant(now + OFFER_US))
    signed = sign_offers(offer_key, offer, starts)
    return [
        SlotBody(shown[at], shown[end], total, currency, text)
        for at, end, text in zip(starts, ends, signed, strict=True)
    ]


def viewer_of(visitor: Visitor) -> Viewer:
    """Who looks, as reads want to know it."""
    return Viewer(visitor.viewer, visitor.is_operator)


HANDLERS = (show_listing, list_slots)
