"""Terms, calendars and claims for tests of time and money: ordinary ones, of which a test names what matters to it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holdfast.domain.instants import Instant, instant_of
from holdfast.domain.rows import (
    BookingId,
    Calendar,
    CalendarException,
    CalendarId,
    Claim,
    ExceptionId,
    ListingId,
    MemberId,
    Place,
    PriceUnit,
    Terms,
)
from holdfast.domain.slots import Schedule

CHAIR = CalendarId("chair")
OWNER = MemberId("owner")


def some_terms(**changed: Any) -> Terms:
    """A visit of an hour for 50.00 on one calendar, on a raster of 15 min, without notice, buffers or tiers."""
    fields: dict[str, Any] = {
        "listing": ListingId("listing"), "version": 1, "calendars": [CHAIR], "place": Place.provider,
        "price_minor": 5000, "price_unit": PriceUnit.visit, "duration_min": 60, "duration_max_min": 60,
        "step_min": 15, "buffer_before_min": 0, "buffer_after_min": 0, "notice_min": 0, "horizon_days": 730,
        "answer_within_min": 60, "instant": True, "tier_hours": [], "tier_percents": [], "since": Instant(0),
    }  # fmt: skip
    return Terms(**(fields | changed))


def calendar(zone: str, *windows: tuple[int, int], named: CalendarId = CHAIR) -> Calendar:
    """A calendar with these windows, in minutes of the week."""
    return Calendar(named, OWNER, zone, [opened for opened, _ in windows], [closed for _, closed in windows])


def daily(zone: str, *windows: tuple[int, int], named: CalendarId = CHAIR) -> Calendar:
    """A calendar with these windows, in minutes of the day, on every day."""
    week = [(day * 1440 + opened, day * 1440 + closed) for day in range(7) for opened, closed in windows]
    return calendar(zone, *week, named=named)


def exception(
    first_day: date,
    last_day: date,
    *windows: tuple[int, int],
    named: str = "e",
    of: CalendarId = CHAIR,
) -> CalendarException:
    opens, closes = [opened for opened, _ in windows], [closed for _, closed in windows]
    return CalendarException(ExceptionId(named), of, first_day, last_day, opens, closes)


def claim(starts_at: Instant, ends_at: Instant, expires_at: Instant | None = None, of: CalendarId = CHAIR) -> Claim:
    return Claim(of, starts_at, ends_at, BookingId("booking"), expires_at)


def schedule(
    terms: Terms,
    *calendars: Calendar,
    exceptions: list[CalendarException] | None = None,
    claims: list[Claim] | None = None,
) -> Schedule:
    """A schedule of these; exceptions and claims find their calendars by themselves."""
    return Schedule(
        terms,
        calendars,
        {one.id: [row for row in exceptions or [] if row.calendar == one.id] for one in calendars},
        {one.id: [row for row in claims or [] if row.calendar == one.id] for one in calendars},
    )


def at(zone: str, wall: str, fold: int = 0) -> Instant:
    """The instant of a wall time like 2026-03-29 14:00, of two the first unless fold is 1."""
    return instant_of(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold))


def utc(wall: str) -> Instant:
    return at("UTC", wall)


def wall(zone: str, instant: Instant) -> str:
    """Wall time and offset, for people: 2026-03-29 14:00 +01:00."""
    moment = datetime.fromtimestamp(0, ZoneInfo("UTC")) + timedelta(microseconds=instant)
    return moment.astimezone(ZoneInfo(zone)).isoformat(" ", "minutes").replace("+", " +")
