"""Wall time and instants across every kind of change of the clock."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.domain.instants import DAY_US, SECOND_US, Instant, instant_of
from holdfast.domain.walltime import closing_instant, known_zone, local_date, opening_instant
from support.schedules import utc

# zone, wall time, the instant at which a window opens, the instant at which one closes (both UTC)
GOLDEN = [
    # One hour, at the wall's own 02:00 or at 01:00 UTC; north and south, east and west.
    ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00", "2026-03-29 01:00"),
    ("Europe/Berlin", "2026-03-29 13:00", "2026-03-29 11:00", "2026-03-29 11:00"),
    ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30", "2026-10-25 01:30"),
    ("Europe/Berlin", "2026-10-25 13:00", "2026-10-25 12:00", "2026-10-25 12:00"),
    ("Europe/Lisbon", "2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 01:00"),
    ("Europe/Lisbon", "2026-03-29 01:59", "2026-03-29 01:00", "2026-03-29 01:00"),
    ("Europe/Lisbon", "2026-10-25 01:00", "2026-10-25 00:00", "2026-10-25 01:00"),
    ("Atlantic/Azores", "2026-03-29 00:30", "2026-03-29 01:00", "2026-03-29 01:00"),
    ("Atlantic/Azores", "2026-10-25 00:30", "2026-10-25 00:30", "2026-10-25 01:30"),
    ("America/New_York", "2026-03-08 02:15", "2026-03-08 07:00", "2026-03-08 07:00"),
    ("America/New_York", "2026-03-08 13:00", "2026-03-08 17:00", "2026-03-08 17:00"),
    ("America/New_York", "2026-11-01 01:15", "2026-11-01 05:15", "2026-11-01 06:15"),
    ("America/Los_Angeles", "2026-11-01 13:00", "2026-11-01 21:00", "2026-11-01 21:00"),
    ("Australia/Sydney", "2026-10-04 02:45", "2026-10-03 16:00", "2026-10-03 16:00"),
    ("Australia/Sydney", "2026-04-05 02:45", "2026-04-04 15:45", "2026-04-04 16:45"),
    ("Pacific/Auckland", "2026-09-27 02:30", "2026-09-26 14:00", "2026-09-26 14:00"),
    ("Pacific/Auckland", "2026-04-05 02:30", "2026-04-04 13:30", "2026-04-04 14:30"),
    # Offsets of half and quarter hours.
    ("Australia/Adelaide", "2026-10-04 02:10", "2026-10-03 16:30", "2026-10-03 16:30"),
    ("Australia/Adelaide", "2026-04-05 02:10", "2026-04-04 15:40", "2026-04-04 16:40"),
    ("America/St_Johns", "2026-11-01 01:30", "2026-11-01 04:00", "2026-11-01 05:00"),
    ("Pacific/Chatham", "2026-09-27 03:00", "2026-09-26 14:00", "2026-09-26 14:00"),
    ("Asia/Kolkata", "2026-03-29 02:30", "2026-03-28 21:00", "2026-03-28 21:00"),
    # A change of half an hour.
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30", "2026-10-03 15:30"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45", "2026-04-04 15:15"),
    # No change at all.
    ("Asia/Tokyo", "2026-03-29 02:30", "2026-03-28 17:30", "2026-03-28 17:30"),
    ("America/Phoenix", "2026-11-01 01:30", "2026-11-01 08:30", "2026-11-01 08:30"),
    # At midnight: the day begins at 01:00, or its last hour comes twice.
    ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00", "2018-11-04 03:00"),
    ("America/Sao_Paulo", "2018-11-04 00:30", "2018-11-04 03:00", "2018-11-04 03:00"),
    ("America/Sao_Paulo", "2018-02-17 23:30", "2018-02-18 01:30", "2018-02-18 02:30"),
    ("America/Sao_Paulo", "2018-02-18 00:00", "2018-02-18 03:00", "2018-02-18 03:00"),
    ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28 22:00", "2026-03-28 22:00"),
    ("Asia/Beirut", "2026-10-24 23:15", "2026-10-24 20:15", "2026-10-24 21:15"),
    ("Africa/Cairo", "2026-04-24 00:20", "2026-04-23 22:00", "2026-04-23 22:00"),
    ("Africa/Cairo", "2026-10-29 23:00", "2026-10-29 20:00", "2026-10-29 21:00"),
    # A minute after midnight: an hour of Saturday comes back after Sunday has begun.
    ("America/St_Johns", "2010-11-07 00:00", "2010-11-07 02:30", "2010-11-07 03:30"),
    # A day that the island went without.
    ("Pacific/Apia", "2011-12-29 23:59", "2011-12-30 09:59", "2011-12-30 09:59"),
    ("Pacific/Apia", "2011-12-30 00:00", "2011-12-30 10:00", "2011-12-30 10:00"),
    ("Pacific/Apia", "2011-12-30 18:00", "2011-12-30 10:00", "2011-12-30 10:00"),
    ("Pacific/Apia", "2011-12-31 00:00", "2011-12-30 10:00", "2011-12-30 10:00"),
]


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


@pytest.mark.parametrize(("zone", "wall", "opens", "closes"), GOLDEN)
def test_case_11_every_wall_time_has_one_documented_answer(zone: str, wall: str, opens: str, closes: str) -> None:
    moment = datetime.fromisoformat(wall)
    assert opening_instant(zone, moment.date(), _minute(moment)) == utc(opens)
    assert closing_instant(zone, moment.date(), _minute(moment)) == utc(closes)


@pytest.mark.parametrize(("zone", "wall", "opens", "closes"), GOLDEN)
def test_minutes_past_midnight_are_wall_time_of_the_later_day(zone: str, wall: str, opens: str, closes: str) -> None:
    moment = datetime.fromisoformat(wall)
    for days in (1, 2):
        day, minute = moment.date() - timedelta(days=days), _minute(moment) + days * 1440
        assert (opening_instant(zone, day, minute), closing_instant(zone, day, minute)) == (utc(opens), utc(closes))


ZONES = sorted(available_timezones() - {"Factory"})
SPOTS = [
    ("America/St_Johns", date(2010, 11, 7)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Africa/Cairo", date(2026, 10, 30)),
]


@st.composite
def zones_and_days(draw: st.DrawFn) -> tuple[str, date]:
    """A zone, and a day on which its clock changes, if it does in that year."""
    if draw(st.booleans()):
        return draw(st.sampled_from(SPOTS))
    zone, year = draw(st.sampled_from(ZONES)), draw(st.integers(1973, 2037))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    offsets = [datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset() for day in days]
    changes = [days[n] for n in range(1, 365) if offsets[n] != offsets[n - 1]]
    return zone, draw(st.sampled_from(changes or days))


@settings(max_examples=60)
@given(zones_and_days(), st.integers(-1, 1), st.integers(0, 2879))
def test_opening_is_the_first_instant_that_shows_it_or_more_and_closing_the_last_that_shows_it(
    zone_and_day: tuple[str, date], away: int, minute: int
) -> None:
    zone, day = zone_and_day[0], zone_and_day[1] + timedelta(days=away)
    sought = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 (a wall time)
    first = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC")) - timedelta(days=2)
    minutes = [first + timedelta(minutes=n) for n in range(6 * 1440)]
    walls = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in minutes]
    opens = next(moment for moment, wall in zip(minutes, walls, strict=True) if wall >= sought)
    last = max(n for n, wall in enumerate(walls) if wall <= sought)
    closes = minutes[last] if walls[last] == sought else minutes[last + 1]
    assert opening_instant(zone, day, minute) == instant_of(opens)
    assert closing_instant(zone, day, minute) == instant_of(closes)


@settings(max_examples=100)
@given(zones_and_days(), st.integers(-2 * DAY_US, 2 * DAY_US))
def test_the_local_date_is_that_on_the_wall(zone_and_day: tuple[str, date], away: int) -> None:
    zone, day = zone_and_day
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("UTC"))
    moment = noon + timedelta(microseconds=away)
    assert local_date(zone, instant_of(moment)) == moment.astimezone(ZoneInfo(zone)).date()


def test_a_change_is_found_to_the_second() -> None:
    change = opening_instant("Europe/Berlin", date(2026, 3, 29), 150)
    assert change % SECOND_US == 0
    assert local_date("Pacific/Apia", Instant(opening_instant("Pacific/Apia", date(2011, 12, 30), 0) - 1)) == date(
        2011, 12, 29
    )


@pytest.mark.parametrize("name", ["Europe/Lisbon", "UTC", "Asia/Kathmandu", "America/Argentina/Ushuaia", "Etc/GMT+5"])
def test_names_of_the_iana_database_are_known(name: str) -> None:
    assert known_zone(name)


@pytest.mark.parametrize(
    "name",
    ["", "localtime", "posixrules", "Factory", "Europe", "europe/lisbon", "../etc/passwd", "/usr/share/zoneinfo/UTC",
     "Europe/../UTC", "posix/UTC", "right/UTC", "Europe/Atlantis", "UTC+1", "UTC\0"],
)  # fmt: skip
def test_what_is_not_a_name_of_the_iana_database_is_not_known(name: str) -> None:
    assert not known_zone(name)
