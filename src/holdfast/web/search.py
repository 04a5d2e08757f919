"""`/search`: listings by words, kind, place, price, rating and a day on which they are free."""

import base64
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from babel.numbers import get_currency_precision
from litestar import Response, get
from msgspec import Meta
from msgspec.structs import replace

from holdfast.domain.inputs import WHOLE
from holdfast.domain.prices import DAY_MIN
from holdfast.domain.rows import CategoryId, Place, PriceUnit
from holdfast.domain.walltime import local_date, opening_instant
from holdfast.reads.categories import CategoryView, category_tree
from holdfast.reads.free_time import FreeTime
from holdfast.reads.search import Cursor, Found, Results, Search, Sort, count, search
from holdfast.web.forms import Filled, Form, asks, fill
from holdfast.web.languages import phrase
from holdfast.web.visit import Anyone, Visit

CARDS = 24
"""On one page."""

COUNTED = 2_000
"""Up to here results are counted; beyond, there are more."""

DAYS_AHEAD = 730
"""How far ahead anything can be booked."""

PLACES = {
    Place.provider: phrase("At the provider's"),
    Place.customer: phrase("At your place"),
    Place.online: phrase("Online"),
}
SORTS = {
    Sort.relevance: phrase("Best match"),
    Sort.rating: phrase("Best rated"),
    Sort.price: phrase("Lowest price"),
    Sort.newest: phrase("Newest"),
}
RATINGS = (3.0, 4.0, 4.5)
MINUTES = (30, 60, 90, 120, 180, 240)

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AMOUNT = asks(phrase("Give the price in whole numbers, such as 40"))


class SearchForm(Form, frozen=True):
    """What the page asks for. Prices are in whole units of the cell's currency; day is the cell's local date."""

    q: Annotated[str, Meta(max_length=200, pattern=WHOLE), asks(phrase("Use at most 200 characters"))] = ""
    category: Annotated[str, Meta(max_length=60), asks(phrase("Choose a kind of service from the list"))] = ""
    place: Annotated[Place | None, asks(phrase("Choose a place from the list"))] = None
    price_max: Annotated[Annotated[int, Meta(ge=0, le=100_000)] | None, _AMOUNT] = None
    rating: Annotated[Annotated[float, Meta(ge=1, le=5)] | None, asks(phrase("Choose stars from the list"))] = None
    day: Annotated[date | None, asks(phrase("Give the day as a date, such as 2026-12-31"))] = None
    minutes: Annotated[Annotated[int, Meta(ge=5, le=DAY_MIN)] | None, asks(phrase("Choose a length from the list"))] = (
        None
    )
    sort: Annotated[Sort, asks(phrase("Choose an order from the list"))] = Sort.relevance


@get("/search", include_in_schema=False)
async def show_search(visit: Anyone) -> Response[bytes]:
    """A mistake in the form is shown at its field. Three queries, seven where a day is asked for, and one for the cell
    in a process's life."""
    reader, given = visit.site.reader, visit.request.query_params
    tree = await category_tree(reader)
    form = fill(SearchForm, {name: given.getall(name) for name in given})
    wanted = await _wanted(visit, form, tree)
    if wanted is None or form.value is None:
        return _page(visit, form, tree, None, 0, 422)
    most = await count(reader, wanted, COUNTED + 1)
    found = await search(reader, replace(wanted, after=_cursor(given.get("after") or "", wanted)), visit.now)
    return _page(visit, form, tree, found, most, 200)


def _page(
    visit: Visit, form: Filled[SearchForm], tree: list[CategoryView], found: Results | None, most: int, status: int
) -> Response[bytes]:
    asked = _asked(form)
    names = {each.slug: each.name for each in tree}
    return visit.page(
        "search.html",
        status,
        form=form,
        tree=tree,
        found=found,
        count=min(most, COUNTED),
        beyond=most > COUNTED,
        after=_address({**asked, "after": _text(found.next)}) if found and found.next else None,
        chips=[(name, _address(_without(asked, name))) for name in asked if name != "sort"],
        category=names.get(form.text("category"), ""),
        total=price_of,
        places=PLACES,
        **_choices(visit, tree),
        canonical=f"{visit.site.public_url}/search",
        plain=not visit.request.url.query,
        zone=visit.site.zone,
        today=local_date(visit.site.zone, visit.now),
    )


def _choices(visit: Visit, tree: list[CategoryView]) -> dict[str, list[tuple[object, str]]]:
    """What each list of the form offers."""
    say, any_of = visit.say, ("", visit.say("Any"))
    return {
        "category_choices": [any_of, *((each.slug, "\u2003" * each.depth + each.name) for each in tree)],
        "place_choices": [any_of, *((place.value, say(words)) for place, words in PLACES.items())],
        "rating_choices": [
            any_of,
            *(
                (str(stars), say("%(stars)s stars or more", stars=visit.language.number(Decimal(stars))))
                for stars in RATINGS
            ),
        ],
        "minute_choices": [any_of, *((n, say("%(n)s minutes or more", n=n)) for n in MINUTES)],
        "sort_choices": [(sort.value, say(words)) for sort, words in SORTS.items()],
    }


def price_of(found: Found) -> int:
    """What the shortest booking costs, in minor units."""
    if found.price_unit is PriceUnit.visit:
        return found.price_minor
    return (found.price_minor * found.duration_min + 30) // 60


async def _wanted(visit: Visit, form: Filled[SearchForm], tree: list[CategoryView]) -> Search | None:
    """None where something in the form is wrong; the form says what."""
    asked = form.value
    if asked is None:
        return None
    cell = await visit.site.cell()
    today = local_date(visit.site.zone, visit.now)
    if asked.day is not None and not today <= asked.day <= today + timedelta(days=DAYS_AHEAD):
        form.refuse("day", phrase("Choose a day from today on, at most two years ahead"))
    if asked.minutes is not None and asked.day is None and "day" not in form.errors:
        form.refuse("day", phrase("Choose the day on which it should be that long"))
    categories = below(tree, asked.category) if asked.category else None
    if categories == []:
        form.refuse("category", phrase("Choose a kind of service from the list"))
    if form.errors:
        return None
    unit = 10 ** get_currency_precision(cell.currency if cell else "EUR")
    return Search(
        q=asked.q or None,
        categories=categories,
        price_max_minor=None if asked.price_max is None else asked.price_max * unit,
        rating_min=asked.rating,
        place=asked.place,
        free=_free(asked.day, asked.minutes, visit.site.zone),
        sort=asked.sort,
        limit=CARDS,
    )


def _free(day: date | None, minutes: int | None, zone: str) -> FreeTime | None:
    if day is None:
        return None
    return FreeTime(opening_instant(zone, day, 0), opening_instant(zone, day + timedelta(days=1), 0), minutes)


def below(tree: list[CategoryView], slug: str) -> list[CategoryId]:
    """The category of that slug and all under it; parents stand before their children."""
    found: list[CategoryId] = []
    for each in tree:
        if each.slug == slug or each.parent in found:
            found.append(each.id)
    return found


def _asked(form: Filled[SearchForm]) -> dict[str, str]:
    names = SearchForm.__struct_fields__
    return {name: form.text(name) for name in names if form.text(name)}


def _without(asked: dict[str, str], lifted: str) -> dict[str, str]:
    """The rest of a search once one filter is taken out; a length has no meaning without its day."""
    gone = {lifted, "minutes"} if lifted == "day" else {lifted}
    return {name: said for name, said in asked.items() if name not in gone}


def _address(asked: dict[str, str]) -> str:
    return f"/search?{urlencode(asked)}" if asked else "/search"


def _text(cursor: Cursor | None) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def _cursor(text: str, wanted: Search) -> Cursor | None:
    """The place in these results; None, the beginning, for what is none of them."""
    if not re.fullmatch(r"[\w-]{1,300}", text, re.ASCII):
        return None
    try:
        cursor = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
    except ValueError:
        return None
    return cursor if cursor.sort is wanted.sort and _UUID.fullmatch(cursor.id) else None


HANDLERS = (show_search,)
