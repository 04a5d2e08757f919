"""Instants as whole microseconds since the Unix epoch (UTC): the unit of PostgreSQL's timestamptz."""

from datetime import UTC, datetime, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

Instant = NewType("Instant", int)

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant_of(moment: datetime) -> Instant:
    """The instant of an aware datetime. A naive one is a bug of the caller."""
    assert moment.tzinfo is not None, "an instant needs an offset"
    return Instant((moment - _EPOCH) // _MICROSECOND)


def moment_of(instant: Instant, zone: str = "UTC") -> datetime:
    """The instant as an aware datetime in an IANA time zone."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(ZoneInfo(zone))
