"""Search."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.params import FromQuery, QueryParameter
from msgspec.structs import asdict, replace

from holdfast.api.access import Visitor
from holdfast.api.bodies import INT32_MAX
from holdfast.api.context import ApiContext
from holdfast.api.cursors import USUAL_ITEMS, CursorText, Limit, Page, cursor_to, place_of
from holdfast.api.listing_bodies import FoundBody, found_body
from holdfast.api.problems import Fault, invalid
from holdfast.api.queries import finite, only, place_near, time_in
from holdfast.domain.inputs import WHOLE
from holdfast.domain.instants import DAY_US
from holdfast.domain.prices import DAY_MIN
from holdfast.domain.rows import CategoryId, Place
from holdfast.reads.free_time import FreeTime
from holdfast.reads.search import Cursor, Search, Sort, search, subtree

MOST_FREE_DAYS = 31
PARAMETERS = frozenset(
    {
        "q", "near", "within_km", "category", "price_min_minor", "price_max_minor", "rating_min", "place",
        "free_from", "free_to", "for_min", "sort", "cursor", "limit",
    }
)  # fmt: skip

_WHEN = "an instant with an offset (RFC 3339), or a date: where it begins in the cell's time zone"
Words = Annotated[
    str | None,
    QueryParameter(
        max_length=200,
        pattern=WHOLE,
        description="words of title, area or description, or a category's name, of which each must be found, the first "
        "eight at most; accents and endings are forgiven, typing errors in titles and categories too",
    ),
]
Near = Annotated[
    str | None, QueryParameter(max_length=60, description="latitude,longitude in degrees (WGS 84): 38.7167,-9.1333")
]
Within = Annotated[
    float | None, QueryParameter(gt=0, le=20_000, description="kilometres from `near`; without it listings anywhere")
]
Category = Annotated[
    str | None, QueryParameter(max_length=60, pattern=WHOLE, description="id or slug; what is below it counts too")
]
Price = Annotated[int | None, QueryParameter(ge=0, le=INT32_MAX, description="compared with the listing's price_minor")]
Stars = Annotated[float | None, QueryParameter(ge=1, le=5, description="the average of visible reviews, at least")]
FreeFrom = Annotated[str | None, QueryParameter(max_length=40, description=f"free from then: {_WHEN}; needs free_to")]
FreeTo = Annotated[
    str | None, QueryParameter(max_length=40, description=f"over by then; at most 31 days later: {_WHEN}")
]
ForMin = Annotated[
    int | None,
    QueryParameter(
        ge=1,
        le=DAY_MIN,
        description="free for that many minutes at least; the listing's shortest booking without it; needs free_from",
    ),
]


@get("/listings", refusals=(Fault.invalid_input,))
async def search_listings(
    visitor: Visitor,
    request: Request[Any, Any, Any],
    q: Words = None,
    near: Near = None,
    within_km: Within = None,
    category: Category = None,
    price_min_minor: Price = None,
    price_max_minor: Price = None,
    rating_min: Stars = None,
    place: FromQuery[Place | None] = None,
    free_from: FreeFrom = None,
    free_to: FreeTo = None,
    for_min: ForMin = None,
    sort: FromQuery[Sort] = Sort.relevance,
    cursor: CursorText = None,
    limit: Limit = USUAL_ITEMS,
) -> Page[FoundBody]:
    """Published listings that fit all that is asked for. sort=distance needs near. With free_from a page may hold
    fewer than `limit`, even none, and yet have a `next`: each looks at a bounded number of calendars."""
    only(request, PARAMETERS)
    context = visitor.context
    lat, lng = (None, None) if near is None else place_near("near", near)
    if near is None and (within_km is not None or sort is Sort.distance):
        raise invalid("near", "is needed for within_km and for sort=distance")
    words = q.strip() if q else ""
    wanted = Search(
        q=words or None,
        lat=lat,
        lng=lng,
        within_m=None if finite("within_km", within_km) is None else (within_km or 0) * 1000,
        categories=await _categories(context, category),
        price_min_minor=price_min_minor,
        price_max_minor=price_max_minor,
        rating_min=finite("rating_min", rating_min),
        place=place,
        free=await _free_time(context, free_from, free_to, for_min),
        sort=sort,
        limit=limit,
    )
    scope = f"listings {sorted((name, str(value)) for name, value in asdict(wanted).items() if name != 'limit')}"
    after = place_of(context.cursor_key, scope, cursor, Cursor)
    now = context.clock()
    found = await search(context.reader, replace(wanted, after=after), now)
    following = None if found.next is None else cursor_to(context.cursor_key, scope, found.next)
    return Page([found_body(item) for item in found.items], following)


async def _categories(context: ApiContext, category: str | None) -> list[CategoryId] | None:
    if category is None:
        return None
    found = await subtree(context.reader, category)
    if not found:
        raise invalid("category", "is not the id or slug of a category; GET /api/v1/categories lists them")
    return found


async def _free_time(
    context: ApiContext, free_from: str | None, free_to: str | None, for_min: int | None
) -> FreeTime | None:
    if free_from is None and free_to is None and for_min is None:
        return None
    if free_from is None or free_to is None:
        raise invalid(
            "free_to" if free_to is None else "free_from", "is needed: a free time has a beginning and an end"
        )
    zone = (await context.known.cell()).zone
    since, until = time_in("free_from", free_from, zone), time_in("free_to", free_to, zone)
    if not since < until <= since + MOST_FREE_DAYS * DAY_US:
        raise invalid("free_to", f"is not after free_from, or more than {MOST_FREE_DAYS} days after it")
    return FreeTime(since, until, for_min)


HANDLERS = (search_listings,)
