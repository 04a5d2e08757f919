"""A provider's calendars: their hours of every week, and the days that are otherwise."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from msgspec import Meta

from holdfast.core.settle import CommandRefused
from holdfast.domain.commands import AddException, AnyCommand, MakeCalendar, RemoveException, SetHours
from holdfast.domain.inputs import Line, ZoneName
from holdfast.domain.instants import DAY_US, Instant, moment_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import CalendarId, ExceptionId
from holdfast.reads.calendars import CalendarView, calendar_of, calendars_of
from holdfast.web.accounts import ZONES
from holdfast.web.forms import Filled, Form, asks
from holdfast.web.languages import phrase
from holdfast.web.own import known_id, settle_own
from holdfast.web.posts import Post
from holdfast.web.visit import Member, Visit, Writer
from holdfast.web.windows import ONE_DAY, WEEK, as_given, refuse_overlap, rows, windows

CALENDARS = "/provider/calendars"
PAGE = 50
NINE_TO_FIVE = [day * 1440 + 9 * 60 for day in range(5)], [day * 1440 + 17 * 60 for day in range(5)]
DAY_NAMES = {
    "monday": phrase("Monday"),
    "tuesday": phrase("Tuesday"),
    "wednesday": phrase("Wednesday"),
    "thursday": phrase("Thursday"),
    "friday": phrase("Friday"),
    "saturday": phrase("Saturday"),
    "sunday": phrase("Sunday"),
    "day": phrase("Each of these days"),
}
_DAY_WRONG = phrase("Choose a day, such as 2026-12-24")
_DAYS_WRONG = phrase("Choose a last day that is not before the first, and at most 366 days")


class CalendarForm(Form, frozen=True):
    """A new calendar; its hours are beside it, in fields of their own."""

    name: Annotated[Line, asks(phrase("Enter a name"), phrase("Enter a name of at most 200 characters"))]
    time_zone: Annotated[ZoneName, asks(phrase("Choose a time zone"))]


class HoursForm(Form, frozen=True):
    """All of it is windows."""


class DaysForm(Form, frozen=True):
    """Days that are closed, or have hours of their own."""

    first_day: Annotated[date, asks(phrase("Choose the first day"), _DAY_WRONG)]
    last_day: Annotated[date, asks(phrase("Choose the last day"), _DAY_WRONG)]
    kind: Annotated[
        str, Meta(pattern="^(closed|hours)$"), asks(phrase("Choose whether you are closed or have other hours"))
    ]


@get(CALENDARS, include_in_schema=False)
async def show_calendars(member: Member, after: FromQuery[str] = "") -> Response[bytes]:
    """A page of them. Three queries."""
    place = CalendarId(known_id(after)) if after else None
    found = await calendars_of(member.site.reader, member.id, _yesterday(member), after=place, limit=PAGE + 1)
    more = f"{CALENDARS}?{urlencode({'after': found[PAGE - 1].id})}" if len(found) > PAGE else None
    return member.page("provider_calendars.html", calendars=found[:PAGE], more=more, first=not after, hours=_by_day)


@get(f"{CALENDARS}/new", include_in_schema=False)
async def show_new_calendar(member: Member) -> Response[bytes]:
    """The form, with the hours that most begin with. One query."""
    initial = {"name": "", "time_zone": member.zone or member.site.zone, **as_given(WEEK, *NINE_TO_FIVE)}
    return _new_page(member, _initial(CalendarForm, initial))


@post(f"{CALENDARS}/new", include_in_schema=False)
async def make_calendar(writer: Writer, posted: Post) -> Response[bytes]:
    """Makes it."""
    form = posted.fill(CalendarForm)
    opens, closes = windows(form, WEEK)
    if form.value is None or form.errors:
        return _new_page(writer, form, 422)
    command = MakeCalendar(form.value.name, form.value.time_zone, opens, closes)
    try:
        made = await writer.settle(command, posted.key)
    except CommandRefused as refused:
        if refused.refusal is Refusal.time_zone_unknown:
            form.refuse("time_zone", phrase("Choose a time zone from the list"))
        elif refused.refusal is Refusal.hours_invalid:
            refuse_overlap(form, WEEK)
        else:
            raise
        return _new_page(writer, form, 422)
    return writer.go(f"{CALENDARS}/{made.subject}", "saved")


@get(f"{CALENDARS}/{{calendar:str}}", include_in_schema=False)
async def show_calendar(member: Member, calendar: FromPath[str]) -> Response[bytes]:
    """Its hours, and the days to come that are otherwise. Three queries."""
    return await _calendar_page(member, CalendarId(known_id(calendar)))


@post(f"{CALENDARS}/{{calendar:str}}/hours", include_in_schema=False)
async def set_hours(writer: Writer, posted: Post, calendar: FromPath[str]) -> Response[bytes]:
    """Sets the whole week."""
    of = CalendarId(known_id(calendar))
    form = posted.fill(HoursForm)
    opens, closes = windows(form, WEEK)
    if not form.errors and await _done(writer, posted, form, SetHours(of, opens, closes)):
        return writer.go(f"{CALENDARS}/{of}", "saved")
    await writer.recognise()
    return await _calendar_page(writer, of, hours=form)


@post(f"{CALENDARS}/{{calendar:str}}/days", include_in_schema=False)
async def add_days(writer: Writer, posted: Post, calendar: FromPath[str]) -> Response[bytes]:
    """Adds days that are closed, or have other hours."""
    of = CalendarId(known_id(calendar))
    form = posted.fill(DaysForm)
    opens, closes = windows(form, ONE_DAY) if form.text("kind") == "hours" else ([], [])
    if form.text("kind") == "hours" and not opens and not form.errors:
        form.refuse("day-1-opens", phrase("Enter the hours of these days, or choose closed"))
    value = form.value
    if value and not form.errors:
        command = AddException(of, value.first_day, value.last_day, opens, closes)
        if await _done(writer, posted, form, command):
            return writer.go(f"{CALENDARS}/{of}", "saved")
    await writer.recognise()
    return await _calendar_page(writer, of, days=form)


@post(f"{CALENDARS}/{{calendar:str}}/days/{{exception:str}}/remove", include_in_schema=False)
async def remove_days(
    writer: Writer, posted: Post, calendar: FromPath[str], exception: FromPath[str]
) -> Response[bytes]:
    """From then on the week's hours count on these days."""
    of = CalendarId(known_id(calendar))
    await settle_own(writer, RemoveException(of, ExceptionId(known_id(exception))), posted)
    return writer.go(f"{CALENDARS}/{of}", "saved")


async def _done(writer: Visit, posted: Post, form: Filled[Any], command: AnyCommand) -> bool:
    """Whether the command was accepted; where its hours or days cannot be, the form says so."""
    try:
        await settle_own(writer, command, posted)
    except CommandRefused as refused:
        if refused.refusal is Refusal.hours_invalid:
            refuse_overlap(form, WEEK)
        elif refused.refusal is Refusal.exception_invalid:
            _refuse_days(form)
        else:
            raise
        return False
    return True


def _refuse_days(form: Filled[DaysForm]) -> None:
    value = form.value
    if value and 0 <= (value.last_day - value.first_day).days < 366:
        refuse_overlap(form, ONE_DAY)
    else:
        form.refuse("last_day", _DAYS_WRONG)


def _new_page(visit: Visit, form: Filled[CalendarForm], status_code: int = 200) -> Response[bytes]:
    zones = [(name, name.replace("_", " ")) for name in ZONES]
    return visit.page(
        "provider_calendar_new.html", status_code, form=form, zones=zones, week=WEEK, day_names=DAY_NAMES, rows=rows
    )


async def _calendar_page(
    visit: Visit,
    calendar: CalendarId,
    hours: Filled[HoursForm] | None = None,
    days: Filled[DaysForm] | None = None,
) -> Response[bytes]:
    found = await calendar_of(visit.site.reader, calendar, visit.id, _yesterday(visit))
    if found is None:
        raise NotFoundException(calendar)
    wrong = hours or days
    return visit.page(
        "provider_calendar.html",
        422 if wrong else 200,
        calendar=found,
        form=wrong or Filled(HoursForm, {}, {}),
        hours=hours or _initial(HoursForm, as_given(WEEK, found.opens, found.closes)),
        days=days or _initial(DaysForm, {"kind": "closed"}),
        week=WEEK,
        day_names=DAY_NAMES,
        rows=rows,
        exceptions=[(each, _spans(each.opens, each.closes)) for each in found.exceptions],
    )


def _by_day(calendar: CalendarView) -> list[tuple[str, str]]:
    """Each open day's name, with its hours."""
    given = as_given(WEEK, calendar.opens, calendar.closes)
    spans = {
        day: [(given[one], given[two]) for one, two in rows(_initial(HoursForm, given), day) if one in given]
        for day in WEEK
    }
    return [(DAY_NAMES[day], ", ".join(f"{opens}–{closes}" for opens, closes in of)) for day, of in spans.items() if of]


def _spans(opens: list[int], closes: list[int]) -> str:
    given = as_given(ONE_DAY, opens, closes)
    shown = rows(_initial(DaysForm, given), ONE_DAY[0])
    return ", ".join(f"{given[one]}–{given[two]}" for one, two in shown if one in given)


def _initial(form: type[Any], given: dict[str, str]) -> Filled[Any]:
    return Filled(form, {name: [value] for name, value in given.items()}, {})


def _yesterday(visit: Visit) -> date:
    """Exceptions that lasted until then may still count somewhere."""
    return moment_of(Instant(visit.now - DAY_US)).date()


HANDLERS: tuple[Any, ...] = (
    show_calendars,
    show_new_calendar,
    make_calendar,
    show_calendar,
    set_hours,
    add_days,
    remove_days,
)
