"""When calendars are open and free, as far as a plan can tell: local minutes, blind to changes of the clock.

Whoever books for real asks the domain's own slots; this only keeps the plan from wishing for the impossible.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from holdfast.demo.hours import windows_of
from holdfast.demo.shapes import DAY_MIN, CalendarPlan, ListingPlan, ProviderPlan

Span = tuple[int, int]


class Page:
    """One calendar: its windows by day, and what is taken, in minutes since the first day of the calendar era."""

    def __init__(self, calendar: CalendarPlan) -> None:
        self._week = [windows_of(calendar.week, weekday) for weekday in range(7)]
        self._days: dict[date, tuple[Span, ...]] = {}
        for exception in calendar.exceptions:
            for after in range((exception.last_day - exception.first_day).days + 1):
                self._days[exception.first_day + timedelta(days=after)] = exception.windows
        self._taken: list[Span] = []

    def windows(self, day: date) -> tuple[Span, ...]:
        """The windows that open on the day, in its minutes."""
        return self._days.get(day, self._week[day.weekday()])

    def is_free(self, since: int, until: int) -> bool:
        after = bisect_right(self._taken, (since, since))
        if after < len(self._taken) and self._taken[after][0] < until:
            return False
        return after == 0 or self._taken[after - 1][1] <= since

    def take(self, since: int, until: int) -> None:
        insort(self._taken, (since, until))


class Diary:
    """The pages of all providers' calendars."""

    def __init__(self, providers: Sequence[ProviderPlan]) -> None:
        self._pages = [[Page(calendar) for calendar in provider.calendars] for provider in providers]

    def take(self, listing: ListingPlan, day: date, minutes: int, rng: Random) -> int | None:
        """A free start on the day's windows, taken from now on; in the day's minutes, None where none was found.

        A window that passes midnight gives starts from 1440 on.
        """
        pages = [self._pages[listing.provider][index] for index in listing.calendars]
        starts = [
            start
            for opens, closes in pages[0].windows(day)
            for start in range(opens, closes - minutes + 1, listing.step_min)
        ]
        midnight = day.toordinal() * DAY_MIN
        for _ in range(min(6, len(starts))):
            start = rng.choice(starts)
            since = midnight + start - listing.buffer_before_min
            until = midnight + start + minutes + listing.buffer_after_min
            if all(_covers(page, day, start, start + minutes) and page.is_free(since, until) for page in pages):
                for page in pages:
                    page.take(since, until)
                return start
        return None


def _covers(page: Page, day: date, since: int, until: int) -> bool:
    return any(opens <= since and until <= closes for opens, closes in page.windows(day))
