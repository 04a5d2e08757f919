"""Slots against a model that knows nothing of intervals: it looks at every minute of a few days, one by one."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.domain.hours import valid_exception, valid_hours
from holdfast.domain.instants import MINUTE_US, Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Calendar, CalendarException, CalendarId, Claim, PriceUnit, Terms
from holdfast.domain.slots import refusal_at, starts_in
from support.schedules import calendar, claim, exception, schedule, some_terms

CHANGES = [
    ("Europe/Lisbon", date(2026, 3, 29)), ("Europe/Lisbon", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)), ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Cairo", date(2026, 4, 24)), ("Africa/Cairo", date(2026, 10, 30)),
    ("America/St_Johns", date(2010, 11, 7)), ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
]  # fmt: skip
NAMES = [CalendarId("chair"), CalendarId("room")]


@lru_cache(maxsize=40)
def _walls(zone: str, minutes: range) -> list[datetime]:
    return [datetime.fromtimestamp(60 * n, ZoneInfo(zone)).replace(tzinfo=None) for n in minutes]


def _near(walls: list[datetime], wall: datetime) -> range:
    """No zone is a day and a half from UTC: what is further off is before or after without a look."""
    middle = (wall - walls[0]) // timedelta(minutes=1)
    return range(max(0, middle - 2160), min(len(walls), middle + 2160))


def _first(walls: list[datetime], wall: datetime) -> int:
    return next(n for n in _near(walls, wall) if walls[n] >= wall)


def _last(walls: list[datetime], wall: datetime) -> int:
    """The last minute that shows the wall time; where none does, the one after all that show less."""
    last = next(n for n in reversed(_near(walls, wall)) if walls[n] <= wall)
    return last if walls[last] == wall else last + 1


class Model:
    """Minutes since the epoch, each with what the wall of a zone shows."""

    def __init__(self, middle: date) -> None:
        first = datetime(middle.year, middle.month, middle.day, tzinfo=UTC) - timedelta(days=5)
        self.minutes = range(int(first.timestamp()) // 60, int(first.timestamp()) // 60 + 10 * 1440)
        self.days = [middle + timedelta(days=n) for n in range(-3, 4)]

    def walls(self, zone: str) -> list[datetime]:
        return _walls(zone, self.minutes)

    def windows(self, row: Calendar, exceptions: list[CalendarException]) -> list[range]:
        """Each window as its minutes: from the first that shows its opening, up to the last that shows its close."""
        walls, windows = self.walls(row.zone), []
        for day in self.days:
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a wall time)
            covering = [one for one in exceptions if one.calendar == row.id and one.first_day <= day <= one.last_day]
            if covering:
                chosen = min(covering, key=lambda one: (-one.first_day.toordinal(), one.id))
                pairs = list(zip(chosen.opens, chosen.closes, strict=True))
            else:
                week = zip(row.opens, row.closes, strict=True)
                monday = day.weekday() * 1440
                pairs = [(a - monday, b - monday) for a, b in week if a // 1440 == day.weekday()]
            for a, b in pairs:
                opens = _first(walls, midnight + timedelta(minutes=a))
                closes = _last(walls, midnight + timedelta(minutes=b))
                windows.append(range(self.minutes[opens], self.minutes[closes]))
        return windows

    def starts(
        self, terms: Terms, rows: list[Calendar], exceptions: list[CalendarException], claims: list[Claim],
        minutes: int, asked: int, now: int,
    ) -> list[int]:  # fmt: skip
        """Every minute of the days around the middle at which a booking could start."""
        windows = [self.windows(row, exceptions) for row in rows]
        is_open = [{minute for window in one for minute in window} for one in windows]
        live = [one for one in claims if one.expires_at is None or one.expires_at > now * MINUTE_US]
        busy = {n for one in live for n in range(one.starts_at // MINUTE_US, one.ends_at // MINUTE_US)}
        raster = {n for window in windows[0] for k, n in enumerate(window) if k % terms.step_min == 0}
        shown = dict(zip(self.minutes, self.walls(rows[0].zone), strict=True))
        return [
            n
            for n in sorted(raster)
            if shown[n].date() in self.days[2:5]
            and asked + terms.notice_min <= n <= asked + 1440 * terms.horizon_days
            and all(set(range(n, n + minutes)) <= one for one in is_open)
            and busy.isdisjoint(range(n - terms.buffer_before_min, n + minutes + terms.buffer_after_min))
        ]


fives = st.integers(0, 287).map(lambda n: 5 * n)
lengths = st.sampled_from([5, 60, 125, 240, 360, 480, 485, 720, 1440])


@st.composite
def weeks(draw: st.DrawFn, zone: str, middle: date, name: CalendarId) -> Calendar:
    """Hours on the days around the middle, some past midnight, none overlapping."""
    opens: list[int] = []
    closes: list[int] = []
    days = st.permutations([-2, -1, 0, 1, 2, 0, 1])
    for away, minute, length in [(away, draw(fives), draw(lengths)) for away in draw(days)]:
        opened = (middle + timedelta(days=away)).weekday() * 1440 + minute
        if valid_hours([*opens, opened], [*closes, opened + length]):
            opens.append(opened)
            closes.append(opened + length)
    return calendar(zone, *zip(opens, closes, strict=True), named=name)


@st.composite
def exceptions_of(draw: st.DrawFn, middle: date, name: CalendarId) -> list[CalendarException]:
    rows = []
    for n in range(draw(st.integers(0, 2))):
        first = middle + timedelta(days=draw(st.integers(-2, 1)))
        last = first + timedelta(days=draw(st.integers(0, 2)))
        windows = draw(st.lists(st.tuples(fives, lengths).map(lambda one: (one[0], sum(one))), max_size=3))
        if valid_exception(first, last, [a for a, _ in windows], [b for _, b in windows]):
            rows.append(exception(first, last, *windows, named=str(n), of=name))
    return rows


@st.composite
def claims_on(draw: st.DrawFn, midnight: int, now: int, name: CalendarId) -> list[Claim]:
    """Stretches that do not overlap, in order; some have expired, or will."""
    rows, minute = [], midnight - 1440
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 120)), max_size=6)):
        expiry = draw(st.sampled_from([None, None, now - 1, now, now + 1]))
        since, until = minute + gap, minute + gap + length
        expires_at = None if expiry is None else Instant(expiry * MINUTE_US)
        rows.append(claim(Instant(since * MINUTE_US), Instant(until * MINUTE_US), expires_at, of=name))
        minute = until
    return rows


@settings(max_examples=80)
@given(st.data())
def test_case_06_listed_slots_are_exactly_those_that_every_single_minute_allows(data: st.DataObject) -> None:
    zone, middle = data.draw(st.sampled_from(CHANGES))
    names = NAMES[: data.draw(st.integers(1, 2))]
    zones = [zone, data.draw(st.sampled_from([zone, "UTC", "Asia/Kolkata"]))]
    rows = [data.draw(weeks(where, middle, name)) for where, name in zip(zones, names, strict=False)]
    exceptions = [one for name in names for one in data.draw(exceptions_of(middle, name))]
    midnight = int(datetime(middle.year, middle.month, middle.day, tzinfo=UTC).timestamp()) // 60
    asked = midnight + data.draw(st.integers(-2880, 0))
    now = asked + data.draw(st.integers(0, 600))
    claims = [one for name in names for one in data.draw(claims_on(midnight, now, name))]
    duration, buffers = data.draw(st.sampled_from([5, 30, 60, 95, 300])), st.sampled_from([0, 10, 45])
    terms = some_terms(
        calendars=names, price_unit=PriceUnit.hour, duration_min=duration, duration_max_min=1440,
        step_min=data.draw(st.sampled_from([5, 15, 25, 60])), notice_min=data.draw(st.sampled_from([0, 120])),
        horizon_days=data.draw(st.sampled_from([2, 30, 30])),
        buffer_before_min=data.draw(buffers), buffer_after_min=data.draw(buffers),
    )  # fmt: skip
    minutes = duration + terms.step_min * data.draw(st.integers(0, 2))
    expected = Model(middle).starts(terms, rows, exceptions, claims, minutes, asked, now)

    instants = {"asked_at": Instant(asked * MINUTE_US), "now": Instant(now * MINUTE_US)}
    first, last = middle - timedelta(days=1), middle + timedelta(days=2)
    listed = starts_in(schedule(terms, *rows, exceptions=exceptions, claims=claims), first, last, minutes, **instants)
    assert listed == [minute * MINUTE_US for minute in expected]
    for start in listed[:: max(1, len(listed) // 20)]:
        fresh = schedule(terms, *rows, exceptions=exceptions, claims=claims)
        assert refusal_at(fresh, start, minutes, **instants) is None
        off = refusal_at(fresh, Instant(start + 1), minutes, **instants)
        assert off in {Refusal.outside_hours, Refusal.too_far_ahead}
