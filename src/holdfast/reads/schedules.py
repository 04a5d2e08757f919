"""Schedules: what decides which starts of listings are free, read for as many listings as are asked for at once."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from holdfast.db.arrays import uuid_array
from holdfast.db.queries import load
from holdfast.domain.instants import DAY_US, Instant, instant_of, moment_of
from holdfast.domain.rows import Calendar, CalendarException, CalendarId, Claim, ListingId, Terms
from holdfast.domain.slots import Schedule
from holdfast.reads.reader import Reader

SQL = load("reads_slots")

_AROUND_US = 2 * DAY_US
"""Beyond the stretch asked about: a booking of up to a day and its buffer of up to a day."""


async def schedules(
    reader: Reader, terms: Iterable[Terms], since: Instant, until: Instant
) -> dict[ListingId, Schedule]:
    """A schedule for each terms, good for starts in [since, until). Three queries, whatever there is to read."""
    wanted = list(terms)
    ids = uuid_array(sorted({calendar for of in wanted for calendar in of.calendars}))
    first, last = Instant(since - _AROUND_US), Instant(until + _AROUND_US)
    found, exceptions, claims = await asyncio.gather(
        reader.all(SQL.calendars_of, {"calendars": ids}, Calendar),
        _exceptions(reader, ids, moment_of(first).date(), moment_of(last).date()),
        _claims(reader, ids, first, last),
    )
    calendars = {calendar.id: calendar for calendar in found}
    return {
        of.listing: Schedule(of, [calendars[calendar] for calendar in of.calendars], exceptions, claims)
        for of in wanted
        if of.calendars
    }


def stretch_of_days(first_day: date, last_day: date) -> tuple[Instant, Instant]:
    """A stretch that holds the local dates [first_day, last_day) in every time zone."""
    return Instant(_midnight(first_day) - DAY_US), Instant(_midnight(last_day) + DAY_US)


def _midnight(day: date) -> Instant:
    return instant_of(datetime.combine(day, time(), UTC))


async def _exceptions(
    reader: Reader, calendars: str, first_day: date, last_day: date
) -> dict[CalendarId, list[CalendarException]]:
    found: dict[CalendarId, list[CalendarException]] = defaultdict(list)
    parameters = {"calendars": calendars, "first_day": first_day, "last_day": last_day}
    for exception in await reader.all(SQL.exceptions_between, parameters, CalendarException):
        found[exception.calendar].append(exception)
    return found


async def _claims(reader: Reader, calendars: str, since: Instant, until: Instant) -> dict[CalendarId, list[Claim]]:
    found: dict[CalendarId, list[Claim]] = defaultdict(list)
    parameters = {"calendars": calendars, "since": since, "until": until}
    for claim in await reader.all(SQL.claims_between, parameters, Claim, binary=True):
        found[claim.calendar].append(claim)
    return found
