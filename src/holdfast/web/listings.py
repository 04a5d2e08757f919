"""`/listings/{id}`: what is offered, when it is free, what it costs to cancel, and what others say of it."""

import asyncio
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import msgspec
from babel.numbers import get_currency_precision
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from markupsafe import Markup
from msgspec import Struct

from holdfast.core.offers import OFFER_US, sign_offers
from holdfast.domain.commands import OfferTaken
from holdfast.domain.instants import DAY_US, HOUR_US, Instant
from holdfast.domain.prices import refund_deadlines, total_minor
from holdfast.domain.rows import ListingId, ListingState, PriceUnit, ReviewId, Terms
from holdfast.domain.slots import Schedule, duration_offered, starts_in
from holdfast.domain.walltime import local_date
from holdfast.reads.listings import ListingShown, listing
from holdfast.reads.reviews import ReviewCursor, ReviewShown, listing_reviews
from holdfast.reads.schedules import schedules, stretch_of_days
from holdfast.web.tiles import cover_path
from holdfast.web.visit import Visit, Visitor

BOOKING = "/listings/{name:str}/book"
"""Where a chosen time is sent, once there is such a page."""

WEEK = timedelta(days=7)
LOOK_AHEAD_DAYS = 21
"""How far the first page looks for the first free time."""

REVIEWS = 10
"""On one page."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_AFTER = re.compile(r"(\d{1,16})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


class Slot(Struct, frozen=True):
    """A start that could be booked now, and its signed offer."""

    starts_at: Instant
    offer: str


class Times(Struct, frozen=True):
    """A week's free starts by local date. before, after: the first dates of the weeks beside it, None beyond."""

    minutes: int
    total_minor: int
    first: date
    last: date
    days: list[tuple[date, list[Slot]]]
    before: date | None
    after: date | None


class Asked(Struct, frozen=True):
    """What the address asks for beside the listing; what makes no sense in it is left out."""

    week: date | None
    minutes: int | None
    stars: int | None
    after: ReviewCursor | None


@get("/listings/{name:str}", include_in_schema=False)
async def show_listing(visitor: Visitor, name: FromPath[str]) -> Response[bytes]:
    """404 for what the visitor may not see. Six queries: the listing and its terms, its schedule, its reviews."""
    if not _UUID.fullmatch(name):
        raise NotFoundException
    reader, asked = visitor.site.reader, _asked(visitor.request.query_params.get)
    shown = await listing(reader, ListingId(name), visitor.viewer)
    if shown is None:
        raise NotFoundException
    times, reviews = await asyncio.gather(
        _times(visitor, shown, asked), listing_reviews(reader, shown.id, asked.stars, asked.after, REVIEWS + 1)
    )
    slots = [slot for _, slots in times.days for slot in slots]
    earliest = slots[0].starts_at if slots else None
    return visitor.page(
        "listing.html",
        listing=shown,
        asked=asked,
        times=times,
        lengths=lengths(shown.terms),
        refunds=_refunds(shown.terms, earliest, times.total_minor, visitor.now),
        earliest=earliest,
        reviews=reviews[:REVIEWS],
        more=_after(reviews[REVIEWS - 1]) if len(reviews) > REVIEWS else None,
        published=shown.state is ListingState.published,
        plain=not visitor.request.url.query,
        address=f"{visitor.site.public_url}/listings/{shown.id}",
        ld=_ld(visitor, shown),
        booking=BOOKING,
        at=partial(_at, shown.id, times),
    )


def _at(shown: ListingId, times: Times, **other: object) -> str:
    """This page's address with something else asked for, the same week and length beside it."""
    asked = {"minutes": times.minutes, "week": times.first, **other}
    return f"/listings/{shown}?{urlencode({name: value for name, value in asked.items() if value})}"


def lengths(terms: Terms) -> list[int]:
    """Every duration that can be booked, in minutes."""
    if terms.price_unit is PriceUnit.visit:
        return [terms.duration_min]
    return list(range(terms.duration_min, terms.duration_max_min + 1, terms.step_min))


def _asked(given: Callable[[str], str | None]) -> Asked:
    cursor = _AFTER.fullmatch(given("after") or "")
    stars, minutes = given("stars") or "", given("minutes") or ""
    return Asked(
        _date(given("week") or ""),
        int(minutes) if re.fullmatch(r"[1-9]\d{0,3}", minutes, re.ASCII) else None,
        int(stars) if re.fullmatch("[1-5]", stars) else None,
        ReviewCursor(Instant(int(cursor[1])), ReviewId(cursor[2])) if cursor else None,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"20\d\d-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


async def _times(visit: Visit, shown: ListingShown, asked: Asked) -> Times:
    """The week asked for, else the one that begins on the first free day."""
    terms, now = shown.terms, visit.now
    minutes = asked.minutes if asked.minutes and duration_offered(terms, asked.minutes) else terms.duration_min
    today = local_date(shown.zone, now)
    end = local_date(shown.zone, Instant(now + terms.horizon_days * DAY_US))
    first = min(max(asked.week or today, today), end)
    until = first + (WEEK if asked.week else timedelta(days=LOOK_AHEAD_DAYS))
    starts = await _starts(visit, shown, first, until, minutes)
    if starts and not asked.week:
        first = local_date(shown.zone, starts[0])
    last = first + WEEK - timedelta(days=1)
    week = [at for at in starts if local_date(shown.zone, at) <= last]
    total = total_minor(terms, minutes)
    offer = OfferTaken(shown.id, terms.version, now, minutes, total, Instant(now + OFFER_US))
    slots = [Slot(at, text) for at, text in zip(week, sign_offers(visit.site.offer_key, offer, week), strict=True)]
    days = [(day, list(of)) for day, of in groupby(slots, lambda slot: local_date(shown.zone, slot.starts_at))]
    before = max(today, first - WEEK) if first > today else None
    return Times(minutes, total, first, last, days, before, first + WEEK if first + WEEK <= end else None)


async def _starts(visit: Visit, shown: ListingShown, first: date, until: date, minutes: int) -> list[Instant]:
    if shown.state is not ListingState.published:
        return []
    plans: dict[ListingId, Schedule] = await schedules(visit.site.reader, [shown.terms], *stretch_of_days(first, until))
    schedule = plans.get(shown.id)
    return starts_in(schedule, first, until, minutes, asked_at=visit.now, now=visit.now) if schedule else []


def _refunds(terms: Terms, start: Instant | None, total: int, now: Instant) -> list[tuple[Instant | int, int]]:
    """Until when how much goes back: instants for a start, hours before it for none."""
    if start is not None:
        return [(until, back) for until, back in refund_deadlines(terms, start, total) if until > now]
    hours_before = refund_deadlines(terms, Instant(0), total)
    return [(-until // HOUR_US, back) for until, back in hours_before]


def _after(review: ReviewShown) -> str:
    return f"{review.visible_since}.{review.id}"


def _ld(visit: Visit, shown: ListingShown) -> Markup:
    """schema.org's Service with its Offer; stars stand on the provider's business, whose they are."""
    address = f"{visit.site.public_url}/listings/{shown.id}"
    business: dict[str, Any] = {"@type": "LocalBusiness", "name": shown.provider.name}
    if shown.provider.rating_count:
        average = round(shown.provider.rating_sum / shown.provider.rating_count, 1)
        business["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": average,
            "reviewCount": shown.provider.rating_count,
        }
    total = total_minor(shown.terms, shown.terms.duration_min)
    said = {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": shown.title,
        "description": shown.description,
        "serviceType": shown.category.name,
        "areaServed": shown.area,
        "url": address,
        "image": f"{visit.site.public_url}{cover_path(shown.id, shown.category.slug)}",
        "provider": business,
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": str(Decimal(total).scaleb(-get_currency_precision(shown.currency))),
            "priceCurrency": shown.currency,
        },
    }
    text = msgspec.json.encode(said).decode().replace("<", "\\u003c")
    return Markup('<script type="application/ld+json">') + Markup(text) + Markup("</script>")  # noqa: S704 - no < is left


HANDLERS = (show_listing,)
