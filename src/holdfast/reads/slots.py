"""The free starts of a listing, by the very function that booking checks with."""

import asyncio
from datetime import date
from functools import partial

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.instants import DAY_US, MINUTE_US, Instant
from holdfast.domain.prices import DAY_MIN, total_minor
from holdfast.domain.rows import ListingId, Terms
from holdfast.domain.slots import NEAR_DAYS, duration_offered, nearest_starts, starts_in
from holdfast.reads.reader import Reader
from holdfast.reads.schedules import schedules, stretch_of_days
from holdfast.reads.terms import terms_of
from holdfast.reads.viewer import STRANGER, Viewer

SQL = load("reads_slots")

MANY_STARTS = 4_000
"""More than a month of quarters of an hour: looking at so many takes long enough for others to go on meanwhile."""


class FreeStarts(Struct, frozen=True):
    """Starts that could be booked now for `minutes`, and what each costs, under the newest terms."""

    terms: Terms
    zone: str
    currency: str
    minutes: int
    total_minor: int
    starts: list[Instant]


class _Bookable(Struct, frozen=True):
    bookable: bool
    zone: str
    currency: str


class DurationNotOffered(Struct, frozen=True):
    """The listing is there and cannot be booked for so long."""

    terms: Terms


async def free_starts(
    reader: Reader,
    listing: ListingId,
    viewer: Viewer,
    first_day: date,
    last_day: date,
    minutes: int | None,
    now: Instant,
) -> FreeStarts | DurationNotOffered | None:
    """Free starts on the local dates [first_day, last_day) of the listing's zone; minutes None: its shortest.

    None where the viewer may see no such listing. What is not published has no free start. Five queries.
    """
    seen = await reader.one(SQL.listing_bookable, {"listing": listing, **viewer.sees}, _Bookable)
    if seen is None:
        return None
    terms = (await terms_of(reader, [(listing, None)]))[listing]
    length = terms.duration_min if minutes is None else minutes
    if not duration_offered(terms, length):
        return DurationNotOffered(terms)
    schedule = (await schedules(reader, [terms], *stretch_of_days(first_day, last_day))).get(listing)
    starts: list[Instant] = []
    if schedule and seen.bookable:
        look = partial(starts_in, schedule, first_day, last_day, length, asked_at=now, now=now)
        many = (last_day - first_day).days * DAY_MIN // terms.step_min > MANY_STARTS
        starts = await asyncio.to_thread(look) if many else look()
    return FreeStarts(terms, seen.zone, seen.currency, length, total_minor(terms, length), starts)


async def starts_near(
    reader: Reader, listing: ListingId, around: Instant, minutes: int | None, count: int, now: Instant
) -> FreeStarts | None:
    """The free starts nearest to one that was lost, within 14 days of it, for anybody. None: nothing to be booked."""
    seen = await reader.one(SQL.listing_bookable, {"listing": listing, **STRANGER.sees}, _Bookable)
    if seen is None:
        return None
    terms = (await terms_of(reader, [(listing, None)]))[listing]
    length = terms.duration_min if minutes is None else minutes
    reach_us = (NEAR_DAYS + 2) * DAY_US
    schedule = (await schedules(reader, [terms], Instant(around - reach_us), Instant(around + reach_us))).get(listing)
    if schedule is None or not duration_offered(terms, length):
        return None
    starts = nearest_starts(schedule, around, length, count, asked_at=now, now=now)
    return FreeStarts(terms, seen.zone, seen.currency, length, total_minor(terms, length), starts)


async def notice_us(reader: Reader, listing: ListingId) -> int | None:
    """How long before its start a booking must be asked for, in µs. One query."""
    terms = (await terms_of(reader, [(listing, None)])).get(listing)
    return None if terms is None else terms.notice_min * MINUTE_US


async def zone_of(reader: Reader, listing: ListingId, viewer: Viewer) -> str | None:
    """The time zone of a listing; None where the viewer may see no such listing. One query."""
    seen = await reader.one(SQL.listing_bookable, {"listing": listing, **viewer.sees}, _Bookable)
    return None if seen is None else seen.zone
