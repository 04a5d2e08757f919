"""What a demo cell's providers offer: drafted, published, withdrawn."""

from collections.abc import Iterator

from holdfast.demo.plan import Plan
from holdfast.demo.seed_people import SET_UP_MIN, joined_at
from holdfast.demo.seed_steps import Cast, Step, later, listing_key
from holdfast.demo.shapes import ZONE, ListingPlan, ProviderPlan
from holdfast.domain.commands import Description, DraftListing, PublishListing, WithdrawListing
from holdfast.domain.events import TermsGiven
from holdfast.domain.instants import Instant
from holdfast.domain.rows import ListingState, Place
from holdfast.domain.walltime import opening_instant

_DRAFTED_MIN, _SPREAD_MIN, _WRITING_MIN = 8 * 60, 10 * 60, 20


def offering(plan: Plan, cast: Cast) -> Iterator[Step]:
    """Every listing's steps."""
    for index in range(len(plan.listings)):
        yield from _listing(index, plan, cast)


def terms_of(listing: ListingPlan, cast: Cast) -> TermsGiven:
    """The terms that the plan gives a listing."""
    return TermsGiven(
        calendars=[cast.calendar(listing.provider, number) for number in listing.calendars],
        place=listing.place,
        price_minor=listing.price_minor,
        price_unit=listing.price_unit,
        duration_min=listing.duration_min,
        duration_max_min=listing.duration_max_min,
        step_min=listing.step_min,
        buffer_before_min=listing.buffer_before_min,
        buffer_after_min=listing.buffer_after_min,
        notice_min=listing.notice_min,
        horizon_days=listing.horizon_days,
        answer_within_min=listing.answer_within_min,
        instant=listing.instant,
        tier_hours=[hours for hours, _ in listing.tiers],
        tier_percents=[percent for _, percent in listing.tiers],
    )


def _listing(index: int, plan: Plan, cast: Cast) -> Iterator[Step]:
    listing = plan.listings[index]
    provider, owner, key = plan.providers[listing.provider], cast.providers[listing.provider], listing_key(index)
    at = _drafted_at(index, listing, provider)
    draft = DraftListing(cast.category(listing.category), _words(listing, provider), terms_of(listing, cast))
    yield Step(at, owner, key, draft)
    if listing.state is not ListingState.draft:
        yield Step(later(at, _WRITING_MIN), owner, f"{key}:publish", PublishListing(cast.listings[index]))
    if listing.withdrawn_on is not None:
        gone_at = opening_instant(ZONE, listing.withdrawn_on, _DRAFTED_MIN)
        yield Step(gone_at, owner, f"{key}:withdraw", WithdrawListing(cast.listings[index]))


def _drafted_at(index: int, listing: ListingPlan, provider: ProviderPlan) -> Instant:
    """On the day of its publication, once its calendars stand."""
    at = opening_instant(ZONE, listing.published_on, _DRAFTED_MIN + index * 53 % _SPREAD_MIN)
    return max(at, later(joined_at(provider.joined, listing.provider), SET_UP_MIN))


def _words(listing: ListingPlan, provider: ProviderPlan) -> Description:
    """Who works online is found nowhere; whose customers come to them has an address."""
    if listing.place is Place.online:
        return Description(listing.title, listing.description, "", "", None, None)
    address = provider.address if listing.place is Place.provider else ""
    return Description(listing.title, listing.description, provider.district, address, provider.lat_e6, provider.lng_e6)
