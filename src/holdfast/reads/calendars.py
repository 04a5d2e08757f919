"""Calendars, for whom they belong to: their week, and the exceptions that are not over."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from holdfast.db.arrays import uuid_array
from holdfast.db.queries import load
from holdfast.domain.rows import CalendarId, ExceptionId, MemberId
from holdfast.reads.reader import Reader

SQL = load("reads_calendars")


class ExceptionView(Struct, frozen=True):
    """On its days, the last one included, its windows stand in the week's place; minutes of the day, none: closed."""

    calendar: CalendarId
    id: ExceptionId
    first_day: date
    last_day: date
    opens: list[int]
    closes: list[int]


class CalendarView(Struct, frozen=True):
    """A calendar; opens and closes are parallel, in minutes from Monday 00:00."""

    id: CalendarId
    name: str
    zone: str
    opens: list[int]
    closes: list[int]
    exceptions: list[ExceptionView] = []


async def calendar_of(reader: Reader, calendar: CalendarId, owner: MemberId, since: date) -> CalendarView | None:
    """The owner's calendar with its exceptions that last until `since` or longer; None to anybody else. Two queries."""
    found = await reader.all(SQL.calendar, {"calendar": calendar, "owner": owner}, CalendarView)
    return (await _with_exceptions(reader, found, since))[0] if found else None


async def calendars_of(
    reader: Reader, owner: MemberId, since: date, *, after: CalendarId | None, limit: int
) -> list[CalendarView]:
    """At most `limit` of the owner's calendars, those after the one named. Two queries."""
    found = await reader.all(SQL.calendars, {"owner": owner, "after": after, "limit": limit}, CalendarView)
    return await _with_exceptions(reader, found, since)


async def _with_exceptions(reader: Reader, calendars: Sequence[CalendarView], since: date) -> list[CalendarView]:
    parameters = {"calendars": uuid_array([calendar.id for calendar in calendars]), "since": since}
    by_calendar: defaultdict[CalendarId, list[ExceptionView]] = defaultdict(list)
    for exception in await reader.all(SQL.exceptions, parameters, ExceptionView):
        by_calendar[exception.calendar].append(exception)
    return [CalendarView(c.id, c.name, c.zone, c.opens, c.closes, by_calendar[c.id]) for c in calendars]
