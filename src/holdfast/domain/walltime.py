"""Wall time and instants, by IANA time zones.

One answer for every wall time, across every change of the clock: one that does not exist means the first instant
after it; one that exists twice opens at its first and closes at its second.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holdfast.domain.instants import DAY_US, MINUTE_US, SECOND_US, Instant, instant_of, moment_of

DAY_MIN = 1440

# Decisions must not depend on a machine's own zone files: only the installed tzdata package is read.
zoneinfo.reset_tzpath(to=())
ZoneInfo.clear_cache()

_NAMES = zoneinfo.available_timezones() - {"Factory"}
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_SECOND = timedelta(seconds=1)
_LAST_SECOND = time(23, 59, 59)


def known_zone(name: str) -> bool:
    """Whether the name is one of the IANA database."""
    return name in _NAMES


def opening_instant(zone: str, day: date, minute: int) -> Instant:
    """When a window opens: `minute` counts from the day's midnight on the wall, 1440 and more is a later day."""
    later, minute = divmod(minute, DAY_MIN)
    ordinal = day.toordinal() + later
    midnight = _even_midnight(zone, ordinal)
    return _uneven(zone, ordinal, minute)[0] if midnight is None else Instant(midnight + minute * MINUTE_US)


def closing_instant(zone: str, day: date, minute: int) -> Instant:
    """When a window closes; as `opening_instant`, but the second of two."""
    later, minute = divmod(minute, DAY_MIN)
    ordinal = day.toordinal() + later
    midnight = _even_midnight(zone, ordinal)
    return _uneven(zone, ordinal, minute)[1] if midnight is None else Instant(midnight + minute * MINUTE_US)


def local_date(zone: str, instant: Instant) -> date:
    """The date that a calendar on the wall shows at the instant."""
    offset = _even_offset(zone, instant // DAY_US)
    if offset is None:
        return moment_of(instant, zone).date()
    return date.fromordinal((instant + offset) // DAY_US + _EPOCH_DAY)


@lru_cache(maxsize=16_384)
def _even_midnight(zone: str, ordinal: int) -> Instant | None:
    """The midnight that begins the day, where each of its wall times exists once; None on the day of a change."""
    day = date.fromordinal(ordinal)
    first, last = datetime.combine(day, time(), ZoneInfo(zone)), datetime.combine(day, _LAST_SECOND, ZoneInfo(zone))
    offsets = {moment.replace(fold=fold).utcoffset() for moment in (first, last) for fold in (0, 1)}
    return instant_of(first) if len(offsets) == 1 else None


@lru_cache(maxsize=4_096)
def _uneven(zone: str, ordinal: int, minute: int) -> tuple[Instant, Instant]:
    """The first and the second instant of a wall time on the day of a change."""
    wall = datetime.combine(date.fromordinal(ordinal), time(minute // 60, minute % 60), ZoneInfo(zone))
    first, second = instant_of(wall), instant_of(wall.replace(fold=1))
    if first <= second:
        return first, second
    # PEP 495: in a gap fold=0 takes the offset from before, so that the change lies in (second, first].
    change = _change(zone, second, first)
    return change, change


def _change(zone: str, before: Instant, after: Instant) -> Instant:
    """The first instant at which the offset is no more that of `before`. Changes fall on whole seconds."""
    offset = moment_of(before, zone).utcoffset()
    low, high = before // SECOND_US, after // SECOND_US
    while high - low > 1:
        middle = (low + high) // 2
        if moment_of(Instant(middle * SECOND_US), zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return Instant(high * SECOND_US)


@lru_cache(maxsize=16_384)
def _even_offset(zone: str, utc_day: int) -> int | None:
    """What to add to an instant of this day of UTC for wall time, in µs; None where that changes within the day."""
    first = datetime.combine(date.fromordinal(utc_day + _EPOCH_DAY), time(), UTC)
    last = first + timedelta(days=1) - _SECOND
    offset = first.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None, "a ZoneInfo always has an offset"
    if last.astimezone(ZoneInfo(zone)).utcoffset() != offset:
        return None
    return offset // timedelta(microseconds=1)
