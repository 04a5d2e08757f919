"""Exceptions to a week, both ways: feasts, August, courses, a long lunch; a Sunday before Christmas, late Thursdays."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from holdfast.demo.hours import SUN, THU, windows_of
from holdfast.demo.shapes import DayException, Window

PAST_DAYS = 370
FUTURE_DAYS = 60
LATE_MIN = 21 * 60 + 30
_ONE_DAY = timedelta(days=1)
_HOLIDAYS = ((1, 1), (4, 25), (5, 1), (6, 10), (10, 5), (12, 1), (12, 8))
_NOON, _HALF_PAST_THREE = 12 * 60, 15 * 60 + 30

Windows = tuple[tuple[int, int], ...]


def exceptions_of(profile: str, week: tuple[Window, ...], today: date, rng: Random) -> tuple[DayException, ...]:
    """A calendar's exceptions from a year before today to two months after, by their first day."""
    first, last = today - timedelta(days=PAST_DAYS), today + timedelta(days=FUTURE_DAYS)
    found: dict[date, DayException] = {}
    for exception in _all(profile, week, first, last, rng):
        if first <= exception.first_day <= last:
            found.setdefault(exception.first_day, exception)
    return tuple(found[day] for day in sorted(found))


def _all(profile: str, week: tuple[Window, ...], first: date, last: date, rng: Random) -> Iterator[DayException]:
    if profile == "late_thursdays":
        yield from _late_thursdays(week, first, last, rng)
    years = range(first.year, last.year + 1)
    if profile != "round_the_clock":
        yield from _closed_feasts(years, rng)
    if rng.random() < 0.4:
        yield from _august(years, rng)
    if rng.random() < 0.15:
        yield from _open_sundays(week, years)
    if rng.random() < 0.25:
        yield _on(_some_day(first, last, rng), ())  # a course
    if rng.random() < 0.25:
        yield from _long_lunch(week, _some_day(first, last, rng))


def _on(day: date, windows: Windows) -> DayException:
    return DayException(day, day, windows)


def _some_day(first: date, last: date, rng: Random) -> date:
    return first + timedelta(days=rng.randrange((last - first).days))


def _late_thursdays(week: tuple[Window, ...], first: date, last: date, rng: Random) -> Iterator[DayException]:
    day = first + timedelta(days=(THU - first.weekday()) % 7 + 7 * rng.randrange(2))
    *before, (opens, _) = windows_of(week, THU)
    while day <= last:
        yield _on(day, (*before, (opens, LATE_MIN)))
        day += 14 * _ONE_DAY


def _closed_feasts(years: range, rng: Random) -> Iterator[DayException]:
    christmas, anthony, holidays = rng.random() < 0.85, rng.random() < 0.55, rng.random() < 0.2
    for year in years:
        if christmas:
            yield DayException(date(year, 12, 24), date(year, 12, 26), ())
        if anthony:
            yield _on(date(year, 6, 13), ())
        if holidays:
            yield from (_on(date(year, month, day), ()) for month, day in _HOLIDAYS)


def _august(years: range, rng: Random) -> Iterator[DayException]:
    for year in years:
        start = date(year, 8, 1) + timedelta(days=rng.randrange(17))
        yield DayException(start, start + 13 * _ONE_DAY, ())


def _open_sundays(week: tuple[Window, ...], years: range) -> Iterator[DayException]:
    """The Sunday before Christmas, for those who do not open on Sundays otherwise."""
    if windows_of(week, SUN):
        return
    for year in years:
        christmas = date(year, 12, 24)
        yield _on(christmas - timedelta(days=(christmas.weekday() - SUN) % 7 or 7), ((10 * 60, 18 * 60),))


def _long_lunch(week: tuple[Window, ...], day: date) -> Iterator[DayException]:
    windows = windows_of(week, day.weekday())
    if windows and windows[0][0] < _NOON and _HALF_PAST_THREE < windows[-1][1] <= 24 * 60:
        yield _on(day, ((windows[0][0], _NOON), (_HALF_PAST_THREE, windows[-1][1])))
