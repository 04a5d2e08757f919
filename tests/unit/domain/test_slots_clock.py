"""Slots on days on which the clock changes."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from holdfast.domain.instants import HOUR_US
from holdfast.domain.slots import refusal_at, starts_in
from support.schedules import at, calendar, daily, schedule, some_terms, wall


@pytest.mark.parametrize(
    ("zone", "day", "offsets"),
    [
        ("Europe/Lisbon", date(2026, 3, 29), ("+00:00", "+01:00", "+01:00")),
        ("Europe/Lisbon", date(2026, 10, 25), ("+01:00", "+00:00", "+00:00")),
        ("Europe/Berlin", date(2026, 3, 29), ("+01:00", "+02:00", "+02:00")),
        ("Europe/Berlin", date(2026, 10, 25), ("+02:00", "+01:00", "+01:00")),
        ("America/New_York", date(2026, 3, 8), ("-05:00", "-04:00", "-04:00")),
        ("America/New_York", date(2026, 11, 1), ("-04:00", "-05:00", "-05:00")),
        ("America/Los_Angeles", date(2026, 3, 8), ("-08:00", "-07:00", "-07:00")),
        ("Australia/Sydney", date(2026, 4, 5), ("+11:00", "+10:00", "+10:00")),
        ("Australia/Adelaide", date(2026, 10, 4), ("+09:30", "+10:30", "+10:30")),
        ("America/St_Johns", date(2026, 3, 8), ("-03:30", "-02:30", "-02:30")),
        ("Australia/Lord_Howe", date(2026, 4, 5), ("+11:00", "+10:30", "+10:30")),
        ("Australia/Lord_Howe", date(2026, 10, 4), ("+10:30", "+11:00", "+11:00")),
        ("Pacific/Chatham", date(2026, 4, 5), ("+13:45", "+12:45", "+12:45")),
        ("Asia/Beirut", date(2026, 3, 29), ("+02:00", "+03:00", "+03:00")),
        ("Africa/Cairo", date(2026, 10, 30), ("+03:00", "+02:00", "+02:00")),
        ("America/Sao_Paulo", date(2018, 11, 4), ("-03:00", "-02:00", "-02:00")),
        ("Pacific/Apia", date(2011, 12, 31), ("-10:00", "+14:00", "+14:00")),
        ("Asia/Kolkata", date(2026, 3, 29), ("+05:30", "+05:30", "+05:30")),
        ("America/Phoenix", date(2026, 3, 8), ("-07:00", "-07:00", "-07:00")),
    ],
)
def test_case_10_and_11_hours_keep_their_wall_time_on_before_and_after_a_change(
    zone: str, day: date, offsets: tuple[str, str, str]
) -> None:
    rows = schedule(some_terms(step_min=60), daily(zone, (600, 660), (780, 900)))
    before = day - timedelta(days=2 if zone == "Pacific/Apia" else 1)
    now = at(zone, f"{before} 00:00")
    for one, offset in zip((before, day, day + timedelta(days=1)), offsets, strict=True):
        starts = starts_in(rows, one, one + timedelta(days=1), 60, asked_at=now, now=now)
        expected = [at(zone, f"{one} {clock}") for clock in ("10:00", "13:00", "14:00")]
        assert starts == expected
        assert all(wall(zone, start).endswith(offset) for start in starts)


@pytest.mark.parametrize(
    ("zone", "saturday", "starts"),
    [
        # Saturday 22:00 to Sunday 06:00: seven hours, eight, nine, seven and a half.
        ("Europe/Berlin", date(2026, 3, 28), ["22:00", "23:00", "00:00", "01:00", "03:00", "04:00", "05:00"]),
        ("Asia/Tokyo", date(2026, 3, 28), ["22:00", "23:00", "00:00", "01:00", "02:00", "03:00", "04:00", "05:00"]),
        (
            "Europe/Berlin",
            date(2026, 10, 24),
            ["22:00", "23:00", "00:00", "01:00", "02:00", "02:00", "03:00", "04:00", "05:00"],
        ),
        ("Australia/Lord_Howe", date(2026, 10, 3), ["22:00", "23:00", "00:00", "01:00", "02:30", "03:30", "04:30"]),
    ],
)
def test_case_10_a_window_past_midnight_over_the_change_has_starts_at_steps_of_elapsed_time(
    zone: str, saturday: date, starts: list[str]
) -> None:
    rows = schedule(some_terms(step_min=60), calendar(zone, (5 * 1440 + 1320, 6 * 1440 + 360)))
    now = at(zone, f"{saturday} 00:00")
    found = starts_in(rows, saturday, saturday + timedelta(days=2), 60, asked_at=now, now=now)
    assert [wall(zone, start)[11:16] for start in found] == starts
    assert all(later - earlier == HOUR_US for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    ("window", "saturday", "sunday"),
    [
        # Sunday opens at its first midnight; a minute later it is Saturday again, for 59 minutes.
        ((6 * 1440, 6 * 1440 + 15), ["23:15", "23:30", "23:45"], ["00:00", "00:00"]),
        # Friday's window closes at the second 23:30 of Saturday, when Sunday has already begun once.
        ((5 * 1440 - 15, 6 * 1440 - 30), ["23:15"], ["00:00"]),
    ],
)
def test_case_11_a_day_that_begins_twice_lists_and_books_the_same_starts(
    window: tuple[int, int], saturday: list[str], sunday: list[str]
) -> None:
    zone, day = "America/St_Johns", date(2010, 11, 6)
    terms = some_terms(duration_min=15, duration_max_min=15)
    now = at(zone, "2010-11-06 23:50")
    for one, clocks in ((day, saturday), (day + timedelta(days=1), sunday)):
        rows = schedule(terms, calendar(zone, window))
        starts = starts_in(rows, one, one + timedelta(days=1), 15, asked_at=now, now=now)
        assert [wall(zone, start)[11:16] for start in starts] == clocks
        for start in starts:
            assert refusal_at(schedule(terms, calendar(zone, window)), start, 15, asked_at=now, now=now) is None
