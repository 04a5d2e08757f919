"""Times of a day as people write them, 09:00 to 24:00, and the minutes that they are inside."""

from collections.abc import Iterable

from holdfast.domain.walltime import DAY_MIN


def minute_of(text: str) -> int:
    """The minute of the day of a time written H:MM or HH:MM."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def time_of(minute: int) -> str:
    """HH:MM for a minute of the day; 1440 is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def closing_time(opened: int, closed: int) -> str:
    """HH:MM for when a window closes, both in minutes from any midnight: 24:00, or what the next day's clock says."""
    within = closed - opened // DAY_MIN * DAY_MIN
    return time_of(within if within <= DAY_MIN else within - DAY_MIN)


def in_order(windows: Iterable[tuple[int, int, int]]) -> tuple[list[int], list[int]]:
    """Opens and closes as parallel lists, by opening, from (midnight, minute opened, minute closed). A minute not later
    than that of opening is the next day's."""
    pairs = sorted(
        (midnight + opened, midnight + (closed if closed > opened else closed + DAY_MIN))
        for midnight, opened, closed in windows
    )
    return [opened for opened, _ in pairs], [closed for _, closed in pairs]
