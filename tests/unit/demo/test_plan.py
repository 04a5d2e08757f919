"""The plan of the demo cell: its promises to the seeder, and to those who sign in with the named accounts."""

import math
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import msgspec
import pytest

from holdfast.demo.material import material
from holdfast.demo.plan import make_plan
from holdfast.demo.shapes import DAY_MIN, BookingPlan, Ending
from holdfast.domain.instants import DAY_US, MINUTE_US
from holdfast.domain.rows import ListingState, Place
from support.demo import TODAY, plan, small

LISBON = (38.7223, -9.1393)


def of_the_named_provider() -> list[BookingPlan]:
    return [booking for booking in plan().bookings if plan().listings[booking.listing].provider == 0]


def of_the_named_customer() -> list[BookingPlan]:
    return [booking for booking in plan().bookings if booking.customer == 0]


def test_the_same_day_and_seed_give_the_same_plan() -> None:
    again = make_plan(TODAY, providers=12, listings=30, past_bookings=60)
    assert msgspec.json.encode(again) == msgspec.json.encode(small())
    assert make_plan(TODAY, seed=1, providers=12, listings=30, past_bookings=60) != small()


def test_a_plan_is_as_large_as_asked_for() -> None:
    assert (len(plan().providers), len(plan().customers), len(plan().listings)) == (300, 700, 800)
    past = sum(booking.day < TODAY for booking in plan().bookings)
    assert past == 5000
    assert len(plan().bookings) - past == 500
    assert (len(small().providers), len(small().listings)) == (12, 30)
    assert sum(booking.day < TODAY for booking in small().bookings) == 60


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2027, 8, 16), date(2026, 12, 24), date(2026, 3, 29)])
def test_a_plan_can_be_made_on_any_day(today: date) -> None:
    made = make_plan(today, providers=20, listings=50, past_bookings=200)
    assert len(made.bookings) >= 215


def test_everything_refers_to_something() -> None:
    categories = {category.slug for category in plan().categories}
    for listing in plan().listings:
        provider = plan().providers[listing.provider]
        assert listing.category in categories
        assert listing.calendars
        assert set(listing.calendars) <= set(range(len(provider.calendars)))
    for booking in plan().bookings:
        assert 0 <= booking.customer < 700
        assert plan().listings[booking.listing].state is not ListingState.draft


def test_nobody_shares_an_address() -> None:
    people = [*plan().customers, *plan().providers, plan().operator]
    assert len({person.email for person in people}) == len(people)
    assert all(person.email.isascii() and person.email.endswith("@demo.test") for person in people)


def test_categories_are_a_tree_whose_leaves_have_services() -> None:
    seen: set[str] = set()
    for category in plan().categories:
        assert category.parent is None or category.parent in seen
        assert category.slug not in seen
        seen.add(category.slug)
    parents = {category.parent for category in plan().categories}
    assert seen - {parent for parent in parents if parent} == set(material().services.leaves)
    assert sum(category.parent is None for category in plan().categories) == 9


def test_every_district_and_provider_is_within_40_km_of_the_centre() -> None:
    points = [*material().districts, *plan().providers]
    assert len(material().districts) >= 25
    for point in points:
        north_km = (point.lat_e6 / 1_000_000 - LISBON[0]) * 111.32
        east_km = (point.lng_e6 / 1_000_000 - LISBON[1]) * 111.32 * math.cos(math.radians(LISBON[0]))
        assert math.hypot(north_km, east_km) < 40


def test_a_provider_is_within_600_m_of_the_districts_point() -> None:
    districts = {district.name: district for district in material().districts}
    for provider in plan().providers:
        district = districts[provider.district]
        north_m = (provider.lat_e6 - district.lat_e6) / 1_000_000 * 111_320
        east_m = (provider.lng_e6 - district.lng_e6) / 1_000_000 * 111_320 * math.cos(math.radians(LISBON[0]))
        assert math.hypot(north_m, east_m) <= 605


def test_hours_have_the_oddities_of_real_life() -> None:
    profiles = Counter(calendar.profile for provider in plan().providers for calendar in provider.calendars)
    assert profiles.keys() >= {"round_the_clock", "night_studio", "late_thursdays", "odd_hours", "barber", "weekends"}


def test_no_two_planned_bookings_overlap_on_a_calendar() -> None:
    taken: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for booking in plan().bookings:
        listing = plan().listings[booking.listing]
        start = booking.day.toordinal() * DAY_MIN + booking.minute
        span = (start - listing.buffer_before_min, start + booking.duration_min + listing.buffer_after_min)
        for calendar in listing.calendars:
            taken.setdefault((listing.provider, calendar), []).append(span)
    for spans in taken.values():
        spans.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_what_is_planned_happens_in_order() -> None:
    for booking in plan().bookings:
        listing = plan().listings[booking.listing]
        since_today = (booking.day - TODAY).days * DAY_MIN + booking.minute
        over = -(since_today + booking.duration_min)
        assert booking.placed_before_min >= listing.notice_min
        assert booking.placed_before_min > since_today, "it was asked for before today"
        assert booking.placed_before_min < listing.horizon_days * DAY_MIN
        placed_on = booking.day - timedelta(days=-(-booking.placed_before_min // DAY_MIN))
        assert placed_on >= max(listing.published_on, plan().customers[booking.customer].joined)
        if booking.answered_after_min is not None:
            assert booking.answered_after_min < listing.answer_within_min
            assert booking.answered_after_min < booking.placed_before_min - max(0, since_today)
        if booking.cancelled_before_min is not None:
            answered_before = booking.placed_before_min - (booking.answered_after_min or 0)
            assert max(0, since_today) < booking.cancelled_before_min < answered_before
        if booking.settled_after_min is not None:
            assert booking.settled_after_min < over
        for later in (booking.customer_review, booking.provider_review, booking.reply):
            if later is not None:
                assert booking.settled_after_min is not None
                assert booking.settled_after_min < later.after_min < over


def test_only_what_needs_it_has_an_answer_a_cancellation_a_settling_a_review() -> None:
    cancelled = {Ending.cancelled_by_customer, Ending.cancelled_by_provider}
    for booking in plan().bookings:
        instant = plan().listings[booking.listing].instant
        silent = instant or booking.ending in (Ending.waiting, Ending.expired)
        assert (booking.answered_after_min is None) == silent
        assert (booking.cancelled_before_min is not None) == (booking.ending in cancelled)
        assert (booking.settled_after_min is not None) == (booking.ending in (Ending.completed, Ending.no_show))
        if booking.ending is not Ending.completed:
            assert booking.customer_review is booking.provider_review is booking.reply is None
        if instant:
            assert booking.ending not in (Ending.waiting, Ending.declined, Ending.expired)
        place = plan().listings[booking.listing].place
        assert (booking.address != "") == (place is Place.customer)


def test_a_reply_waits_for_the_reveal() -> None:
    for booking in plan().bookings:
        if booking.reply is None:
            continue
        assert booking.customer_review is not None
        assert booking.settled_after_min is not None
        if booking.provider_review is None:
            assert booking.reply.after_min > booking.settled_after_min + 14 * DAY_MIN
        else:
            assert booking.reply.after_min > booking.customer_review.after_min
            assert booking.reply.after_min > booking.provider_review.after_min


def test_stars_are_mostly_good_and_honestly_bad_at_times() -> None:
    stars = Counter(booking.customer_review.stars for booking in plan().bookings if booking.customer_review)
    total = sum(stars.values())
    assert total >= 2000
    assert (stars[4] + stars[5]) / total > 0.8
    assert all(stars[few] > 20 for few in (1, 2, 3))


def test_reviews_seldom_repeat_one_another() -> None:
    bodies = Counter(booking.customer_review.body for booking in plan().bookings if booking.customer_review)
    long = [body for body in bodies if len(body) > 25]
    assert sum(bodies[body] - 1 for body in long) < 0.02 * len(long)
    assert not [body for body in bodies if "{" in body or not body.strip()]


def test_some_listings_are_loved_and_some_providers_unbooked() -> None:
    booked = Counter(booking.listing for booking in plan().bookings)
    assert booked.most_common(1)[0][1] > 60
    assert len({plan().listings[listing].provider for listing in booked}) < 300


def test_the_named_customer_has_a_past_a_future_and_a_review_to_write() -> None:
    mine = of_the_named_customer()
    assert plan().customers[0].email == "customer@demo.test"
    assert sum(booking.day < TODAY for booking in mine) >= 8
    assert sum(booking.day > TODAY for booking in mine) >= 3
    week = TODAY - timedelta(days=10)
    assert [
        booking
        for booking in mine
        if booking.ending is Ending.completed and booking.day >= week and booking.customer_review is None
    ]


def test_the_named_provider_has_an_inbox_and_reviews_with_and_without_reply() -> None:
    mine = of_the_named_provider()
    assert plan().providers[0].email == "provider@demo.test"
    published = [one for one in plan().listings if one.provider == 0 and one.state is ListingState.published]
    assert len(published) == 5
    assert sum(booking.ending is Ending.waiting for booking in mine) >= 3
    assert sum(booking.reply is not None for booking in mine) >= 2
    assert sum(booking.customer_review is not None and booking.reply is None for booking in mine) >= 4


def test_the_named_accounts_have_something_in_a_small_plan_too() -> None:
    mine = [booking for booking in small().bookings if small().listings[booking.listing].provider == 0]
    assert any(booking.ending is Ending.waiting for booking in mine)
    assert any(booking.ending is Ending.confirmed for booking in small().bookings if booking.customer == 0)


def test_what_waits_was_asked_for_within_the_day() -> None:
    for booking in plan().bookings:
        if booking.ending is Ending.waiting:
            since_today = (booking.day - TODAY).days * DAY_MIN + booking.minute
            assert booking.placed_before_min - since_today < 6 * 60
            assert plan().listings[booking.listing].answer_within_min * MINUTE_US <= 2 * DAY_US
