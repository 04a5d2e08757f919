"""Windows of a week and the exceptions that stand in their place."""

from datetime import date

import pytest

from holdfast.domain.hours import valid_exception, valid_hours, windows_on
from holdfast.domain.instants import HOUR_US
from holdfast.domain.rows import Calendar, CalendarException
from support.schedules import at, calendar, daily, exception

LISBON = "Europe/Lisbon"
MONDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 3, day) for day in (16, 20, 21, 22))


def _walls(zone: str, row: Calendar, exceptions: list[CalendarException], day: date) -> list[tuple[str, str]]:
    """The day's windows in hours of elapsed time since the day's own midnight."""
    midnight = at(zone, f"{day} 00:00")
    windows = windows_on(row, exceptions, day)
    return [(f"{(opened - midnight) / HOUR_US:g}", f"{(closed - midnight) / HOUR_US:g}") for opened, closed in windows]


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ([], []),
        ([540], [720]),
        ([540, 840], [720, 1080]),
        ([840, 540], [1080, 720]),  # in any order
        ([540, 720], [720, 900]),  # touching
        ([4 * 1440 + 1200], [5 * 1440 + 120]),  # Friday into Saturday
        ([6 * 1440 + 1200, 120], [7 * 1440 + 120, 300]),  # Sunday into Monday, touching Monday's first
        ([10_079], [10_079 + 1440]),
        ([day * 1440 for day in range(7)], [day * 1440 + 1440 for day in range(7)]),  # round the clock
        ([144 * n for n in range(70)], [144 * n + 100 for n in range(70)]),
    ],
)
def test_windows_of_a_week_may_touch_pass_midnight_and_stand_in_any_order(opens: list[int], closes: list[int]) -> None:
    assert valid_hours(opens, closes)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ([540], []),
        ([540], [540]),  # empty
        ([540], [500]),
        ([-1], [60]),
        ([10_080], [10_140]),  # opens in the next week
        ([0], [1441]),  # longer than a day
        ([540, 700], [720, 900]),
        ([540, 540], [720, 720]),
        ([6 * 1440 + 1200, 120], [7 * 1440 + 121, 300]),  # Sunday's reaches into Monday's
        ([140 * n for n in range(71)], [140 * n + 100 for n in range(71)]),
    ],
)
def test_windows_that_overlap_or_exceed_their_bounds_are_invalid(opens: list[int], closes: list[int]) -> None:
    assert not valid_hours(opens, closes)


def test_an_exception_has_at_most_366_days_and_ten_windows_that_do_not_overlap() -> None:
    new_year, last = date(2028, 1, 1), date(2028, 12, 31)
    ten = [100 * n for n in range(10)]
    assert valid_exception(new_year, last, [], [])
    assert valid_exception(new_year, new_year, ten, [opened + 50 for opened in ten])
    assert valid_exception(new_year, new_year, [1200], [1600])
    assert valid_exception(new_year, new_year, [300, 1200], [600, 1800])  # one day: nothing to overlap tomorrow
    assert not valid_exception(new_year, last, [300, 1200], [600, 1800])  # overlaps itself from day to day
    assert not valid_exception(new_year, date(2029, 1, 1), [], [])
    assert not valid_exception(last, new_year, [], [])
    assert not valid_exception(new_year, new_year, [1440], [1500])
    assert not valid_exception(new_year, new_year, [0, 30], [60, 90])
    eleven = [*ten, 1300]
    assert not valid_exception(new_year, new_year, eleven, [opened + 50 for opened in eleven])


def test_a_window_belongs_to_the_day_on_which_it_opens() -> None:
    row = calendar(LISBON, (4 * 1440 + 1200, 5 * 1440 + 120), (6 * 1440 + 1320, 7 * 1440 + 60))
    assert _walls(LISBON, row, [], FRIDAY) == [("20", "26")]
    assert _walls(LISBON, row, [], SATURDAY) == []
    assert _walls(LISBON, row, [], SUNDAY) == [("22", "25")]
    assert _walls(LISBON, row, [], MONDAY) == []


def test_windows_of_a_day_stand_in_order_whatever_the_order_of_the_row() -> None:
    row = calendar(LISBON, (840, 1080), (540, 720))
    assert _walls(LISBON, row, [], MONDAY) == [("9", "12"), ("14", "18")]


def test_an_exception_replaces_the_windows_of_its_days_and_none_means_closed() -> None:
    row = daily(LISBON, (540, 720), (1320, 1500))
    rows = [exception(FRIDAY, SATURDAY, (600, 660)), exception(SUNDAY, SUNDAY)]
    assert _walls(LISBON, row, rows, date(2026, 3, 19)) == [("9", "12"), ("22", "25")]  # its night goes on into Friday
    assert _walls(LISBON, row, rows, FRIDAY) == _walls(LISBON, row, rows, SATURDAY) == [("10", "11")]
    assert _walls(LISBON, row, rows, SUNDAY) == []


def test_of_two_exceptions_the_one_that_begins_later_counts_then_the_smaller_id() -> None:
    row = daily(LISBON, (540, 720))
    holiday = exception(MONDAY, SUNDAY, named="a")
    fair = exception(FRIDAY, SATURDAY, (0, 60), named="c")
    again = exception(FRIDAY, FRIDAY, (60, 120), named="b")
    for rows in ([holiday, fair, again], [again, fair, holiday]):
        assert _walls(LISBON, row, rows, MONDAY) == []
        assert _walls(LISBON, row, rows, FRIDAY) == [("1", "2")]
        assert _walls(LISBON, row, rows, SATURDAY) == [("0", "1")]
        assert _walls(LISBON, row, rows, SUNDAY) == []


@pytest.mark.parametrize(
    ("zone", "day", "window", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 28), (1320, 1800), [("22", "29")]),  # Saturday 22–06, an hour short
        ("Europe/Berlin", date(2026, 10, 24), (1320, 1800), [("22", "31")]),  # an hour long
        ("Europe/Berlin", date(2026, 3, 29), (120, 180), []),  # 02–03 does not exist
        ("Europe/Berlin", date(2026, 3, 29), (150, 240), [("2", "3")]),  # 02:30–04: 03–04 on the wall
        ("Europe/Berlin", date(2026, 10, 25), (120, 180), [("2", "4")]),  # both hours from 02 to 03
        ("Australia/Lord_Howe", date(2026, 4, 4), (1320, 1560), [("22", "26.5")]),
        ("America/Sao_Paulo", date(2018, 2, 17), (1320, 1440), [("22", "25")]),
        ("Asia/Tokyo", date(2026, 3, 28), (1320, 1800), [("22", "30")]),
    ],
)
def test_windows_keep_wall_time_over_a_change_of_the_clock(
    zone: str, day: date, window: tuple[int, int], hours: list[tuple[str, str]]
) -> None:
    assert _walls(zone, daily(zone, window), [], day) == hours


def test_a_day_that_does_not_exist_has_no_hours_of_its_own() -> None:
    row = daily("Pacific/Apia", (540, 1020))
    assert windows_on(row, [], date(2011, 12, 30)) == []
    assert len(windows_on(row, [], date(2011, 12, 29))) == len(windows_on(row, [], date(2011, 12, 31))) == 1
