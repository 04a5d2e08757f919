"""Opening hours as JSON says them: a weekday and two wall times. Inside they are minutes from Monday 00:00."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from holdfast.api.bodies import Body
from holdfast.api.wording import CLOSES, OPENS
from holdfast.domain.daytimes import closing_time, in_order, minute_of, time_of
from holdfast.domain.walltime import DAY_MIN

Opens = Annotated[str, Meta(pattern=OPENS, max_length=5, description="HH:MM", examples=["09:00"])]
Closes = Annotated[
    str,
    Meta(
        pattern=CLOSES,
        max_length=5,
        description="HH:MM, or 24:00; not later than opens: on the next day",
        examples=["12:30"],
    ),
]


class Weekday(StrEnum):
    monday = "monday"
    tuesday = "tuesday"
    wednesday = "wednesday"
    thursday = "thursday"
    friday = "friday"
    saturday = "saturday"
    sunday = "sunday"


WEEK = tuple(Weekday)


class WindowBody(Body, frozen=True):
    """Open from `opens` until `closes`; 24:00 is the day's end, and a time not later than opens is the next day's."""

    opens: Opens
    closes: Closes


class HoursBody(Body, frozen=True):
    """A window of every week, on the weekday on which it opens."""

    weekday: Weekday
    opens: Opens
    closes: Closes


class Minutes(Struct, frozen=True):
    """Windows as parallel lists of minutes, in order of their opening."""

    opens: list[int]
    closes: list[int]


def minutes_of_week(hours: Iterable[HoursBody]) -> Minutes:
    """The windows of a week, counted from Monday 00:00."""
    return _minutes((WEEK.index(each.weekday) * DAY_MIN, each.opens, each.closes) for each in hours)


def minutes_of_day(windows: Iterable[WindowBody]) -> Minutes:
    """The windows of a day, counted from its midnight."""
    return _minutes((0, each.opens, each.closes) for each in windows)


def hours_of(opens: Sequence[int], closes: Sequence[int]) -> list[HoursBody]:
    """The other way: a week's minutes as JSON says them."""
    return [
        HoursBody(weekday=WEEK[opened // DAY_MIN], opens=time_of(opened % DAY_MIN), closes=closing_time(opened, closed))
        for opened, closed in zip(opens, closes, strict=True)
    ]


def windows_of(opens: Sequence[int], closes: Sequence[int]) -> list[WindowBody]:
    """The other way, for a day."""
    return [
        WindowBody(opens=time_of(opened), closes=closing_time(opened, closed))
        for opened, closed in zip(opens, closes, strict=True)
    ]


def _minutes(windows: Iterable[tuple[int, str, str]]) -> Minutes:
    opens, closes = in_order((midnight, minute_of(opens), minute_of(closes)) for midnight, opens, closes in windows)
    return Minutes(opens, closes)
