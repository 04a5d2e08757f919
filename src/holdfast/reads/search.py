"""Search: listings by words, place, category, price, rating and free time, a page at a time."""

from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from holdfast.db.arrays import uuid_array
from holdfast.db.queries import load
from holdfast.domain.instants import DAY_US, Instant
from holdfast.domain.rows import CategoryId, ListingId, MemberId, Place, PriceUnit
from holdfast.reads.free_time import FreeTime, first_free
from holdfast.reads.listings import CategoryShown
from holdfast.reads.reader import Reader
from holdfast.reads.schedules import schedules
from holdfast.reads.terms import terms_of

SQL = load("reads_search")
_BY_WORDS = SQL.candidates_by_words + b"\n" + SQL.search_found + b"\n"
_ALL = SQL.candidates_all + b"\n" + SQL.search_found + b"\n"

MOST_CALENDAR_DAYS = 1400
"""How many listings times days of free time one page looks at, at most."""


class Sort(StrEnum):
    relevance = "relevance"
    distance = "distance"
    price = "price"
    rating = "rating"
    newest = "newest"


class Cursor(Struct, frozen=True, array_like=True):
    """The last result that was looked at, by what the search sorts by."""

    sort: Sort
    first: float
    second: float
    id: ListingId


class Search(Struct, frozen=True, kw_only=True):
    """What is asked for; None: no matter. lat and lng in degrees, both or neither; within_m needs them."""

    q: str | None = None
    lat: float | None = None
    lng: float | None = None
    within_m: float | None = None
    categories: list[CategoryId] | None = None
    price_min_minor: int | None = None
    price_max_minor: int | None = None
    rating_min: float | None = None
    place: Place | None = None
    free: FreeTime | None = None
    sort: Sort = Sort.relevance
    after: Cursor | None = None
    limit: int = 20


class Found(Struct, frozen=True):
    """A listing among results. free_at: its first start in the time asked for, where one was."""

    id: ListingId
    title: str
    area: str
    category: CategoryShown
    place: Place
    price_minor: int
    price_unit: PriceUnit
    currency: str
    duration_min: int
    rating_count: int
    rating_sum: int
    distance_m: float | None
    provider: MemberId
    provider_name: str
    instant: bool
    zone: str
    first: float
    second: float
    free_at: Instant | None = None


class Results(Struct, frozen=True):
    """A page. next: where the following one begins, None after the last; a page may hold fewer than its limit."""

    items: list[Found]
    next: Cursor | None


async def subtree(reader: Reader, category: str) -> list[CategoryId]:
    """The category, by id or slug, with all below it; empty where there is none. One query."""
    return await reader.all(SQL.category_subtree, {"category": category}, CategoryId)


async def search(reader: Reader, wanted: Search, now: Instant) -> Results:
    """Published listings of members who are not suspended. One query, five where free time is asked for."""
    batch = _batch(wanted)
    rows = await _candidates(reader, wanted, batch + 1)
    more, rows = len(rows) > batch, rows[:batch]
    if wanted.free is None:
        return Results(rows, _cursor(wanted, rows[-1]) if more else None)
    free = await _free(reader, rows, wanted.free, wanted.limit, now)
    looked_at = len(rows)
    if len(free) == wanted.limit:
        looked_at = 1 + next(n for n, row in enumerate(rows) if row.id == free[-1].id)
    more = more or looked_at < len(rows)
    return Results(free, _cursor(wanted, rows[looked_at - 1]) if more else None)


async def count(reader: Reader, wanted: Search, most: int) -> int:
    """How many listings fit, whenever they are free, counted up to `most`. One query."""
    found = await reader.all(_fitting(wanted) + SQL.search_count, _parameters(wanted, most), int, prepare=False)
    return found[0]


def _batch(wanted: Search) -> int:
    if wanted.free is None:
        return wanted.limit
    days = 1 + (wanted.free.until - wanted.free.since) // DAY_US
    return max(2 * wanted.limit, min(10 * wanted.limit, MOST_CALENDAR_DAYS // days))


def _cursor(wanted: Search, last: Found) -> Cursor:
    return Cursor(wanted.sort, last.first, last.second, last.id)


async def _candidates(reader: Reader, wanted: Search, limit: int) -> list[Found]:
    # Planned for these values, every time: what is not asked for then costs nothing.
    query = _fitting(wanted) + SQL.search_page
    return await reader.all(query, _parameters(wanted, limit), _found, binary=True, prepare=False)


def _fitting(wanted: Search) -> bytes:
    return _ALL if wanted.q is None else _BY_WORDS


def _parameters(wanted: Search, limit: int) -> dict[str, Any]:
    after = wanted.after
    return {
        "q": wanted.q,
        "lat": wanted.lat,
        "lng": wanted.lng,
        "within_m": wanted.within_m,
        "categories": None if wanted.categories is None else uuid_array(wanted.categories),
        "price_min": wanted.price_min_minor,
        "price_max": wanted.price_max_minor,
        "rating_min": wanted.rating_min,
        "place": wanted.place,
        "for_min": wanted.free.minutes if wanted.free else None,
        "sort": wanted.sort,
        "after_id": after and after.id,
        "after_first": after and after.first,
        "after_second": after and after.second,
        "limit": limit,
    }


def _found(*row: Any) -> Found:
    listing, title, area, category, slug, name, place, price_minor, price_unit, *rest = row
    shown = CategoryShown(category, slug, name)
    return Found(listing, title, area, shown, Place(place), price_minor, PriceUnit(price_unit), *rest)


async def _free(reader: Reader, rows: list[Found], free: FreeTime, limit: int, now: Instant) -> list[Found]:
    """Those of the rows that have a free start, in their order, at most `limit`."""
    terms = await terms_of(reader, [(row.id, None) for row in rows])
    plans = await schedules(reader, terms.values(), free.since, free.until)
    found: list[Found] = []
    for row in rows:
        schedule = plans.get(row.id)
        if schedule is not None and (at := first_free(schedule, free, now)) is not None:
            found.append(replace(row, free_at=at))
            if len(found) == limit:
                break
    return found
