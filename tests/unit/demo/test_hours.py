"""The weeks that demo providers keep, and their exceptions."""

from datetime import date
from itertools import pairwise
from random import Random

import pytest

from holdfast.demo.absences import exceptions_of
from holdfast.demo.hours import FRI, MON, PROFILES, SUN, THU, longest_min, windows_of
from holdfast.demo.material import material
from holdfast.domain.hours import valid_hours

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_is_a_week_that_the_domain_takes(profile: str) -> None:
    week = PROFILES[profile]
    opens = [window.weekday * 1440 + window.opens_min for window in week]
    closes = [window.weekday * 1440 + window.closes_min for window in week]
    assert valid_hours(opens, closes)


def test_every_profile_is_used_and_known() -> None:
    named = {profile for leaf in material().services.leaves.values() for profile in leaf.hours}
    assert named == set(PROFILES)


def test_the_barber_has_lunch_and_mondays_off() -> None:
    assert windows_of(PROFILES["barber"], MON) == ()
    assert windows_of(PROFILES["barber"], THU) == ((570, 780), (870, 1170))


def test_friday_night_ends_on_saturday() -> None:
    assert windows_of(PROFILES["night_studio"], FRI) == ((1200, 1560),)


def test_the_locksmith_never_closes() -> None:
    assert longest_min(PROFILES["round_the_clock"]) == 1440
    assert len(PROFILES["round_the_clock"]) == 7


def test_late_thursdays_alternate() -> None:
    found = exceptions_of("late_thursdays", PROFILES["late_thursdays"], TODAY, Random(7))
    late = [exception.first_day for exception in found if exception.closes == [21 * 60 + 30]]
    assert len(late) > 20
    assert all(day.weekday() == THU for day in late)
    assert {(after - before).days % 14 for before, after in pairwise(late)} == {0}


def test_exceptions_close_and_open() -> None:
    found = [
        exception for seed in range(40) for exception in exceptions_of("salon", PROFILES["salon"], TODAY, Random(seed))
    ]
    lengths = {(exception.last_day - exception.first_day).days + 1 for exception in found if not exception.windows}
    assert lengths == {1, 3, 14}, "a feast or a course, Christmas, August"
    extra = [exception for exception in found if exception.first_day.weekday() == SUN and exception.windows]
    assert extra
    assert all(exception.first_day.month == 12 for exception in extra)
    assert any(len(exception.windows) == 2 for exception in found), "a long lunch"
