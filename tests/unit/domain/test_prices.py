"""Totals, refunds, and the bounds of terms."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.instants import DAY_US, HOUR_US, Instant
from holdfast.domain.prices import refund_deadlines, refund_minor, terms_fault, total_minor
from holdfast.domain.rows import CalendarId, PriceUnit
from support.schedules import some_terms, utc

START = utc("2026-06-01 12:00")
HOURLY = {"price_unit": PriceUnit.hour, "duration_max_min": 240}


@pytest.mark.parametrize(
    ("price", "minutes", "total"),
    [(4000, 90, 6000), (1, 30, 1), (1, 29, 0), (3, 30, 2), (1999, 20, 666), (1999, 25, 833), (0, 60, 0)],
)
def test_an_hourly_total_rounds_half_up(price: int, minutes: int, total: int) -> None:
    assert total_minor(some_terms(price_minor=price, **HOURLY), minutes) == total


def test_a_visit_costs_its_price() -> None:
    assert total_minor(some_terms(price_minor=4999, duration_min=95, duration_max_min=95), 95) == 4999


TIERS = {"tier_hours": [48, 24, 2], "tier_percents": [100, 50, 33]}


@pytest.mark.parametrize(
    ("before_us", "refund"),
    [
        (30 * DAY_US, 1001),
        (48 * HOUR_US, 1001),
        (48 * HOUR_US - 1, 501),  # 500.5, for the customer
        (24 * HOUR_US, 501),
        (24 * HOUR_US - 1, 331),  # 330.33
        (2 * HOUR_US, 331),
        (2 * HOUR_US - 1, 0),
        (0, 0),
        (-HOUR_US, 0),
    ],
)
def test_a_refund_is_its_tiers_share_rounded_up_and_the_limit_itself_is_within(before_us: int, refund: int) -> None:
    assert refund_minor(some_terms(**TIERS), 1001, START, Instant(START - before_us)) == refund


def test_without_tiers_everything_goes_back_always() -> None:
    assert refund_minor(some_terms(), 1001, START, Instant(START + 1)) == 1001
    assert refund_deadlines(some_terms(), START, 1001) == [(START, 1001)]


def test_deadlines_are_the_last_instants_of_each_refund() -> None:
    terms = some_terms(tier_hours=[48, 24, 0], tier_percents=[100, 50, 0])
    deadlines = refund_deadlines(terms, START, 1001)
    assert deadlines == [(START - 48 * HOUR_US, 1001), (START - 24 * HOUR_US, 501)]
    for until, refund in deadlines:
        assert refund_minor(terms, 1001, START, until) == refund > refund_minor(terms, 1001, START, Instant(until + 1))


tiers = st.integers(1, 8).flatmap(
    lambda count: st.tuples(
        st.lists(st.integers(0, 17_520), min_size=count, max_size=count, unique=True),
        st.lists(st.integers(0, 100), min_size=count, max_size=count),
    )
)


@given(tiers, st.integers(0, 10_000_000), st.integers(-DAY_US, 800 * DAY_US), st.integers(0, 30 * DAY_US))
def test_who_cancels_later_never_gets_more_and_never_more_than_was_paid(
    drawn: tuple[list[int], list[int]], total: int, before_us: int, later_us: int
) -> None:
    terms = some_terms(tier_hours=sorted(drawn[0], reverse=True), tier_percents=sorted(drawn[1], reverse=True))
    assert terms_fault(terms) is None
    cancelled_at = Instant(START - before_us)
    refund = refund_minor(terms, total, START, cancelled_at)
    assert 0 <= refund_minor(terms, total, START, Instant(cancelled_at + later_us)) <= refund <= total


@given(st.integers(0, 10_000_000), st.integers(5, 1440), st.integers(0, 1440))
def test_an_hourly_total_grows_with_its_minutes_and_is_within_half_a_unit(price: int, minutes: int, more: int) -> None:
    terms = some_terms(price_minor=price, **HOURLY)
    total = total_minor(terms, minutes)
    assert -60 <= 2 * (price * minutes - 60 * total) < 60
    assert total <= total_minor(terms, minutes + more)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        HOURLY,
        {"price_minor": 0},
        {"price_minor": 10_000_000},
        {"duration_min": 1440, "duration_max_min": 1440},
        {"price_unit": PriceUnit.hour},
        {"step_min": 5, "buffer_before_min": 1440, "buffer_after_min": 1440, "notice_min": 129_600, "horizon_days": 1},
        {"answer_within_min": 15},
        {"answer_within_min": 10_080},
        {"calendars": [CalendarId(name) for name in "abcde"]},
        TIERS,
        {"tier_hours": [24, 2], "tier_percents": [50, 50]},
    ],
)
def test_terms_within_bounds_may_be_offered(changed: dict[str, Any]) -> None:
    assert terms_fault(some_terms(**changed)) is None


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"price_minor": -1}, "price_minor"),
        ({"price_minor": 10_000_001}, "price_minor"),
        ({"duration_min": 4, "duration_max_min": 4}, "duration_min"),
        ({"duration_max_min": 1441}, "duration_max_min"),
        ({"duration_max_min": 120}, "visit"),
        ({"price_unit": PriceUnit.hour, "duration_max_min": 30}, "less"),
        ({"step_min": 4}, "step_min"),
        ({"step_min": 1441}, "step_min"),
        ({"buffer_before_min": -1}, "buffer_before_min"),
        ({"buffer_after_min": 1441}, "buffer_after_min"),
        ({"notice_min": 129_601}, "notice_min"),
        ({"horizon_days": 0}, "horizon_days"),
        ({"horizon_days": 731}, "horizon_days"),
        ({"answer_within_min": 14}, "answer_within_min"),
        ({"answer_within_min": 10_081}, "answer_within_min"),
        ({"calendars": []}, "calendars"),
        ({"calendars": list("abcdef")}, "calendars"),
        ({"calendars": ["a", "a"]}, "twice"),
        ({"tier_hours": [24], "tier_percents": []}, "length"),
        ({"tier_hours": list(range(9, 0, -1)), "tier_percents": [50] * 9}, "more than 8"),
        ({"tier_hours": [-1], "tier_percents": [50]}, "tier_hours"),
        ({"tier_hours": [1], "tier_percents": [101]}, "tier_percents"),
        ({"tier_hours": [24, 24], "tier_percents": [100, 50]}, "descend"),
        ({"tier_hours": [48, 24], "tier_percents": [50, 100]}, "ascend"),
    ],
)
def test_terms_out_of_bounds_say_what_is_wrong(changed: dict[str, Any], word: str) -> None:
    assert word in (terms_fault(some_terms(**changed)) or "")
