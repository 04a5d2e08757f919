"""Opening hours as shops and people really keep them: named weeks of windows."""

from collections.abc import Iterable

from holdfast.demo.shapes import Window

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WORKDAYS = range(MON, SAT)


def _week(*rows: tuple[Iterable[int], tuple[str, ...]]) -> tuple[Window, ...]:
    """Windows from rows of weekdays and spans like "9:30-13:00"; a span past 24:00 ends the next morning."""
    windows = [Window(day, *_span(span)) for days, spans in rows for day in days for span in spans]
    return tuple(sorted(windows, key=lambda window: (window.weekday, window.opens_min)))


def _span(span: str) -> tuple[int, int]:
    opens, closes = span.split("-")
    return _minute(opens), _minute(closes)


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


PROFILES: dict[str, tuple[Window, ...]] = {
    "office": _week((WORKDAYS, ("9:00-18:00",))),
    "office_lunch": _week((WORKDAYS, ("9:00-13:00", "14:00-18:30"))),
    "late_start": _week((WORKDAYS, ("11:00-20:00",))),
    "six_days": _week((range(MON, SUN), ("8:00-20:00",))),
    "salon": _week((range(TUE, SAT), ("10:00-19:00",)), ([SAT], ("9:00-17:00",))),
    "barber": _week((range(TUE, SAT), ("9:30-13:00", "14:30-19:30")), ([SAT], ("9:00-13:00",))),
    "market": _week((range(WED, SUN + 1), ("10:00-14:00", "16:00-21:00"))),
    "saturday_mornings": _week(([SAT], ("8:30-13:30",))),
    "weekends": _week(([SAT, SUN], ("10:00-18:00",))),
    "evenings": _week((range(MON, FRI), ("18:00-22:00",))),
    "after_school": _week((WORKDAYS, ("15:30-20:00",)), ([SAT], ("9:30-13:00",))),
    "split_evening": _week((WORKDAYS, ("8:00-11:00", "12:30-15:00", "18:30-21:30"))),
    "early": _week((range(MON, SUN), ("6:30-13:30",))),
    "dog_walks": _week((range(MON, SUN + 1), ("7:00-10:00", "17:00-20:00"))),
    "dinners": _week(([THU, FRI, SAT], ("17:00-24:30",)), ([SUN], ("11:30-16:30",))),
    "odd_hours": _week(([MON, THU], ("8:05-12:35",)), ([TUE], ("13:20-19:50",)), ([FRI], ("10:00-15:40",))),
    # Every second Thursday until 21:30: the exceptions say which.
    "late_thursdays": _week((WORKDAYS, ("9:00-17:30",))),
    # The window of Friday night belongs to Friday, and closes on Saturday.
    "night_studio": _week((range(TUE, FRI), ("14:00-22:00",)), ([FRI], ("20:00-26:00",)), ([SAT], ("16:00-25:00",))),
    "night_shift": _week((range(MON, FRI), ("18:00-24:00",)), ([FRI, SAT], ("20:00-28:00",))),
    # Seven windows that touch: open without a gap.
    "round_the_clock": _week((range(MON, SUN + 1), ("0:00-24:00",))),
}


def longest_min(week: tuple[Window, ...]) -> int:
    """The length of the longest window, in minutes."""
    return max(window.closes_min - window.opens_min for window in week)


def windows_of(week: tuple[Window, ...], weekday: int) -> tuple[tuple[int, int], ...]:
    """The windows that open on a weekday, in minutes of the day."""
    return tuple((window.opens_min, window.closes_min) for window in week if window.weekday == weekday)
