"""Calendars: a member's bookable time. Only the owner sees them; anybody else learns nothing, not even that one is."""

from datetime import date, timedelta
from typing import Annotated

from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct, field

from holdfast.api.access import Member, Writer
from holdfast.api.bodies import Body, Id
from holdfast.api.context import ApiContext
from holdfast.api.cursors import USUAL_ITEMS, CursorText, Limit, Page, cursor_to, place_of
from holdfast.api.hours import HoursBody, WindowBody, hours_of, minutes_of_day, minutes_of_week, windows_of
from holdfast.api.location import located
from holdfast.api.problems import Problem, invalid
from holdfast.api.queries import id_in_path
from holdfast.api.settle import settle
from holdfast.domain.commands import AddException, MakeCalendar, RemoveException, SetHours
from holdfast.domain.hours import MOST_WINDOWS_A_DAY, MOST_WINDOWS_A_WEEK
from holdfast.domain.inputs import Line, ZoneName
from holdfast.domain.instants import moment_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import CalendarId, ExceptionId, MemberId
from holdfast.reads.calendars import CalendarView, ExceptionView, calendar_of, calendars_of

Hours = Annotated[
    list[HoursBody], Meta(max_length=MOST_WINDOWS_A_WEEK, description="windows of the week, in any order")
]
Windows = Annotated[list[WindowBody], Meta(max_length=MOST_WINDOWS_A_DAY, description="none: closed")]

_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


class NewCalendarBody(Body, frozen=True):
    """One person's or resource's time, on the clock of one place."""

    name: Line
    time_zone: ZoneName
    hours: Hours = field(default_factory=list)


class WeekBody(Body, frozen=True):
    """The whole week: what is not in it is closed."""

    hours: Hours


class NewExceptionBody(Body, frozen=True):
    """On each day from first_day to last_day, both included, these windows stand in the place of the week's."""

    first_day: date
    last_day: date
    windows: Windows = field(default_factory=list)


class ExceptionBody(Struct, frozen=True):
    """An exception; both days are included, and without windows it is closed."""

    id: Id
    first_day: date
    last_day: date
    windows: list[WindowBody]


class CalendarBody(Struct, frozen=True):
    """A calendar with the exceptions that are not over."""

    id: Id
    name: str
    time_zone: str
    hours: list[HoursBody]
    exceptions: list[ExceptionBody]


class CalendarPlace(Struct, frozen=True, array_like=True):
    """Where a page of calendars ended."""

    after: CalendarId


@post("/calendars", refusals=(Refusal.time_zone_unknown, Refusal.hours_invalid), **located("/calendars/{0.id}"))
async def make_calendar(writer: Writer, data: JSONBody[NewCalendarBody]) -> CalendarBody:
    """Make a calendar; listings are then offered on it."""
    week = minutes_of_week(data.hours)
    accepted = await settle(writer, MakeCalendar(data.name.strip(), data.time_zone, week.opens, week.closes))
    return await _shown(writer.context, writer.id, CalendarId(accepted.subject))


@get("/calendars")
async def list_calendars(member: Member, limit: Limit = USUAL_ITEMS, cursor: CursorText = None) -> Page[CalendarBody]:
    """One's own calendars."""
    context, scope = member.context, f"calendars {member.id}"
    place = place_of(context.cursor_key, scope, cursor, CalendarPlace)
    found = await calendars_of(
        context.reader, member.id, _yesterday(context), after=place.after if place else None, limit=limit + 1
    )
    shown = found[:limit]
    more = cursor_to(context.cursor_key, scope, CalendarPlace(shown[-1].id)) if len(found) > limit else None
    return Page([_body(view) for view in shown], more)


@get("/calendars/{calendar_id:str}", refusals=(Refusal.calendar_unknown,))
async def show_calendar(member: Member, calendar_id: FromPath[str]) -> CalendarBody:
    """A calendar of one's own."""
    return await _shown(member.context, member.id, _calendar_id(calendar_id))


@put("/calendars/{calendar_id:str}/hours", refusals=(Refusal.calendar_unknown, Refusal.hours_invalid))
async def set_hours(writer: Writer, calendar_id: FromPath[str], data: JSONBody[WeekBody]) -> CalendarBody:
    """Set the week's hours. Bookings that stand keep their time."""
    calendar, week = _calendar_id(calendar_id), minutes_of_week(data.hours)
    await settle(writer, SetHours(calendar, week.opens, week.closes))
    return await _shown(writer.context, writer.id, calendar)


@post("/calendars/{calendar_id:str}/exceptions", refusals=(Refusal.calendar_unknown, Refusal.exception_invalid))
async def add_exception(writer: Writer, calendar_id: FromPath[str], data: JSONBody[NewExceptionBody]) -> ExceptionBody:
    """Add days on which other windows count, or none. Where several cover a day the one that begins last counts."""
    for name, day in (("first_day", data.first_day), ("last_day", data.last_day)):
        if not _FIRST <= day <= _LAST:
            raise invalid(name, "is not in the years 2000 to 2199")
    day_minutes = minutes_of_day(data.windows)
    accepted = await settle(
        writer,
        AddException(_calendar_id(calendar_id), data.first_day, data.last_day, day_minutes.opens, day_minutes.closes),
    )
    return ExceptionBody(
        accepted.subject, data.first_day, data.last_day, windows_of(day_minutes.opens, day_minutes.closes)
    )


@delete(
    "/calendars/{calendar_id:str}/exceptions/{exception_id:str}",
    refusals=(Refusal.calendar_unknown, Refusal.exception_unknown),
)
async def remove_exception(writer: Writer, calendar_id: FromPath[str], exception_id: FromPath[str]) -> None:
    """Take an exception away: the week's hours count again."""
    exception = ExceptionId(id_in_path(exception_id, Refusal.exception_unknown))
    await settle(writer, RemoveException(_calendar_id(calendar_id), exception))


async def _shown(context: ApiContext, owner: MemberId, calendar: CalendarId) -> CalendarBody:
    view = await calendar_of(context.reader, calendar, owner, _yesterday(context))
    if view is None:
        raise Problem(Refusal.calendar_unknown)
    return _body(view)


def _yesterday(context: ApiContext) -> date:
    """The day of which no zone on Earth has more to come."""
    return moment_of(context.clock()).date() - timedelta(days=1)


def _body(view: CalendarView) -> CalendarBody:
    exceptions = [_exception(each) for each in view.exceptions]
    return CalendarBody(view.id, view.name, view.zone, hours_of(view.opens, view.closes), exceptions)


def _exception(view: ExceptionView) -> ExceptionBody:
    return ExceptionBody(view.id, view.first_day, view.last_day, windows_of(view.opens, view.closes))


def _calendar_id(text: str) -> CalendarId:
    return CalendarId(id_in_path(text, Refusal.calendar_unknown))


HANDLERS = (make_calendar, list_calendars, show_calendar, set_hours, add_exception, remove_exception)
