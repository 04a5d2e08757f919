"""Opening hours: the windows of a calendar's week, and the exceptions that stand in their place.

A window belongs to the day on which it opens and may pass midnight. Windows of one week or one exception never
overlap. They may touch: each keeps its own raster of starts, and a stretch of time may run across both.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from holdfast.domain.instants import DAY_US, Instant
from holdfast.domain.rows import Calendar, CalendarException
from holdfast.domain.walltime import DAY_MIN, closing_instant, local_date, opening_instant

WEEK_MIN = 7 * DAY_MIN
MOST_WINDOWS_A_WEEK = 70
MOST_WINDOWS_A_DAY = 10
MOST_EXCEPTION_DAYS = 366
NEAR_US = 60 * DAY_US
GROWTH_US = 7 * DAY_US


def valid_hours(opens: Sequence[int], closes: Sequence[int]) -> bool:
    """Whether these are windows of a week, in minutes from Monday 00:00, in any order."""
    return len(opens) <= MOST_WINDOWS_A_WEEK and _apart(opens, closes, WEEK_MIN, repeats=True)


def valid_exception(first_day: date, last_day: date, opens: Sequence[int], closes: Sequence[int]) -> bool:
    """Whether these are days, and windows for each of them in minutes of the day; none means closed."""
    days = (last_day - first_day).days + 1
    return (
        1 <= days <= MOST_EXCEPTION_DAYS
        and len(opens) <= MOST_WINDOWS_A_DAY
        and _apart(opens, closes, DAY_MIN, repeats=days > 1)
    )


def _apart(opens: Sequence[int], closes: Sequence[int], cycle: int, *, repeats: bool) -> bool:
    """Whether windows open within the cycle, last at most a day, and do not overlap, nor the next cycle's first."""
    if len(opens) != len(closes):
        return False
    windows = sorted(zip(opens, closes, strict=True))
    if not all(0 <= opened < cycle and opened < closed <= opened + DAY_MIN for opened, closed in windows):
        return False
    following = [opened for opened, _ in windows[1:]]
    if repeats and windows:
        following.append(windows[0][0] + cycle)
    return all(closed <= opened for (_, closed), opened in zip(windows, following, strict=False))


def windows_on(calendar: Calendar, exceptions: Sequence[CalendarException], day: date) -> list[tuple[Instant, Instant]]:
    """The windows that open on the day, half-open, in order of their opening.

    Where several exceptions cover the day the one that begins last counts, of those the one with the smaller id. A
    window that the change of the clock leaves nothing of is left out.
    """
    exception = _exception_on(exceptions, day)
    if exception is None:
        opens, closes, midnight = calendar.opens, calendar.closes, day.weekday() * DAY_MIN
    else:
        opens, closes, midnight = exception.opens, exception.closes, 0
    minutes = [
        (opened - midnight, closed - midnight)
        for opened, closed in zip(opens, closes, strict=True)
        if midnight <= opened < midnight + DAY_MIN
    ]
    return list(_instants(calendar.zone, day, tuple(minutes))) if minutes else []


@lru_cache(maxsize=16_384)
def _instants(zone: str, day: date, minutes: tuple[tuple[int, int], ...]) -> tuple[tuple[Instant, Instant], ...]:
    """Kept, because many calendars have the same hours."""
    windows = [
        (opening_instant(zone, day, opened), closing_instant(zone, day, closed)) for opened, closed in sorted(minutes)
    ]
    return tuple(window for window in windows if window[0] < window[1])


def _exception_on(exceptions: Sequence[CalendarException], day: date) -> CalendarException | None:
    chosen = None
    for exception in exceptions:
        if exception.first_day <= day <= exception.last_day and (
            chosen is None
            or exception.first_day > chosen.first_day
            or (exception.first_day == chosen.first_day and exception.id < chosen.id)
        ):
            chosen = exception
    return chosen


class Openings:
    """A calendar's windows around the instants asked for, worked out once for all questions about them."""

    __slots__ = ("_calendar", "_closes", "_days", "_exceptions", "_opens", "_reach", "_since", "_until")

    def __init__(self, calendar: Calendar, exceptions: Sequence[CalendarException]) -> None:
        self._calendar = calendar
        self._exceptions = exceptions
        self._since = self._until = Instant(0)
        self._days: dict[int, list[tuple[Instant, Instant]]] = {}
        self._opens: list[Instant] = []
        self._closes: list[Instant] = []
        self._reach: list[Instant] = []

    @property
    def zone(self) -> str:
        """The calendar's time zone."""
        return self._calendar.zone

    def prepare(self, since: Instant, until: Instant) -> None:
        """Know every window that has a part in [since, until), and what was known of the weeks around."""
        if self._since <= since and until <= self._until:
            return
        if self._until and since < self._until + NEAR_US and self._since - NEAR_US < until:
            # Asked again about days not far off, it grows, by more than was asked: the next question comes soon.
            since = self._since if self._since <= since else Instant(since - GROWTH_US)
            until = self._until if until <= self._until else Instant(until + GROWTH_US)
        zone = self._calendar.zone
        first = local_date(zone, since).toordinal() - 1
        beyond = local_date(zone, until).toordinal() + 1
        # A window has closed by the end of the day after; no later one has opened. Both hold on a day that a change of
        # the clock at midnight begins twice.
        while (start := closing_instant(zone, date.fromordinal(first + 1), 0)) > since:
            first -= 1
        while (end := opening_instant(zone, date.fromordinal(beyond), 0)) < until:
            beyond += 1
        self._since, self._until = start, end
        self._opens, self._closes, self._reach = [], [], []
        reach = self._since
        for ordinal in range(first, beyond):
            windows = self._days.get(ordinal)
            if windows is None:
                windows = windows_on(self._calendar, self._exceptions, date.fromordinal(ordinal))
                self._days[ordinal] = windows
            for opened, closed in windows:
                reach = max(reach, closed)
                self._opens.append(opened)
                self._closes.append(closed)
                self._reach.append(reach)

    def windows(self, since: Instant, until: Instant) -> list[tuple[Instant, Instant]]:
        """The windows that have a part in [since, until), for which this is prepared, in order of their opening."""
        assert self._since <= since <= until <= self._until, "prepare first"
        low, high = bisect_right(self._reach, since), bisect_left(self._opens, until)
        return list(zip(self._opens[low:high], self._closes[low:high], strict=True))

    def is_start(self, at: Instant, step_us: int) -> bool:
        """Whether `at`, for which this is prepared, lies in a window, whole steps of elapsed time after it opened."""
        assert self._since <= at <= self._until, "prepare first"
        # Windows overlap in the hour that a change of the clock repeats, or where an exception meets the week.
        for i in range(bisect_right(self._reach, at), bisect_right(self._opens, at)):
            if at < self._closes[i] and (at - self._opens[i]) % step_us == 0:
                return True
        return False

    def cover(self, since: Instant, until: Instant) -> bool:
        """Whether every instant of [since, until) is in a window."""
        if since < self._since or until > self._until:
            self.prepare(since, until)
        opens, closes = self._opens, self._closes
        for i in range(bisect_right(self._reach, since), len(opens)):
            if opens[i] > since:
                return False
            if closes[i] >= until:
                return True
            since = max(since, closes[i])
        return False
