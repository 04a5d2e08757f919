"""Listings as JSON: one on its page, one among the results of a search."""

from typing import Annotated

from msgspec import Meta, Struct

from holdfast.api.bodies import Body, Id, Moment, shown_at
from holdfast.domain.prices import MOST_TIER_HOURS
from holdfast.domain.rows import ListingState, Place, PriceUnit, Terms
from holdfast.reads.listings import CategoryShown, ListingShown
from holdfast.reads.search import Found

Rating = Annotated[float | None, Meta(description="average of the visible reviews, with one decimal; null without any")]


class CategoryOf(Struct, frozen=True):
    id: Id
    slug: str
    name: str


class ProviderOf(Struct, frozen=True):
    id: Id
    name: str


class RatedProvider(Struct, frozen=True):
    """A provider with the rating over all reviews of them."""

    id: Id
    name: str
    rating: Rating
    rating_count: int


class FoundBody(Struct, frozen=True):
    """A listing among results. distance_m: from `near`, null without it; free_at: its first start in the time that
    was asked for, null where none was."""

    id: Id
    title: str
    area: str
    category: CategoryOf
    place: Place
    price_minor: int
    price_unit: PriceUnit
    currency: str
    duration_min: int
    rating: Rating
    rating_count: int
    distance_m: int | None
    provider: ProviderOf
    instant: bool
    time_zone: str
    free_at: Moment | None


class Tier(Body, frozen=True):
    """Who cancels at least so many hours before the start gets so much of the total back."""

    hours_before: Annotated[int, Meta(ge=0, le=MOST_TIER_HOURS)]
    refund_percent: Annotated[int, Meta(ge=0, le=100)]


class TermsBody(Struct, frozen=True):
    """What a booking agrees to. version is named by bookings and offers; no tiers: everything goes back, always."""

    version: int
    calendars: list[Id]
    place: Place
    price_minor: int
    price_unit: PriceUnit
    currency: str
    duration_min: int
    duration_max_min: int
    step_min: int
    buffer_before_min: int
    buffer_after_min: int
    notice_min: int
    horizon_days: int
    answer_within_min: int
    instant: bool
    cancellation: list[Tier]


class ListingBody(Struct, frozen=True):
    """A listing. rating_stars: how many reviews gave one, two, … five stars; lat and lng in degrees (WGS 84)."""

    id: Id
    state: ListingState
    title: str
    description: str
    area: str
    address: str
    lat: float | None
    lng: float | None
    category: CategoryOf
    provider: RatedProvider
    time_zone: str
    terms: TermsBody
    rating: Rating
    rating_count: int
    rating_stars: list[int]
    published_at: Moment | None


def rating_of(count: int, total: int) -> float | None:
    """The average with one decimal, half up; None without any."""
    return (20 * total + count) // (2 * count) / 10 if count else None


def found_body(found: Found) -> FoundBody:
    """A listing among results."""
    return FoundBody(
        found.id,
        found.title,
        found.area,
        _category(found.category),
        found.place,
        found.price_minor,
        found.price_unit,
        found.currency,
        found.duration_min,
        rating_of(found.rating_count, found.rating_sum),
        found.rating_count,
        None if found.distance_m is None else round(found.distance_m),
        ProviderOf(found.provider, found.provider_name),
        found.instant,
        found.zone,
        None if found.free_at is None else shown_at(found.free_at, found.zone),
    )


def terms_body(terms: Terms, currency: str) -> TermsBody:
    """Terms as they are shown."""
    return TermsBody(
        terms.version,
        list(terms.calendars),
        terms.place,
        terms.price_minor,
        terms.price_unit,
        currency,
        terms.duration_min,
        terms.duration_max_min,
        terms.step_min,
        terms.buffer_before_min,
        terms.buffer_after_min,
        terms.notice_min,
        terms.horizon_days,
        terms.answer_within_min,
        terms.instant,
        [
            Tier(hours_before=hours, refund_percent=percent)
            for hours, percent in zip(terms.tier_hours, terms.tier_percents, strict=True)
        ],
    )


def listing_body(shown: ListingShown) -> ListingBody:
    """A listing as its page shows it."""
    provider = shown.provider
    return ListingBody(
        shown.id,
        shown.state,
        shown.title,
        shown.description,
        shown.area,
        shown.address,
        None if shown.lat_e6 is None else shown.lat_e6 / 1e6,
        None if shown.lng_e6 is None else shown.lng_e6 / 1e6,
        _category(shown.category),
        RatedProvider(
            provider.id, provider.name, rating_of(provider.rating_count, provider.rating_sum), provider.rating_count
        ),
        shown.zone,
        terms_body(shown.terms, shown.currency),
        rating_of(shown.rating_count, shown.rating_sum),
        shown.rating_count,
        shown.stars,
        None if shown.published_at is None else shown_at(shown.published_at, shown.zone),
    )


def _category(shown: CategoryShown) -> CategoryOf:
    return CategoryOf(shown.id, shown.slug, shown.name)
