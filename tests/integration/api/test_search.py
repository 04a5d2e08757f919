"""Search finds what fits, in the order that was asked for, and pages hold each listing once."""

from collections.abc import Iterator

import pytest

from holdfast.domain import commands as c
from holdfast.domain.instants import DAY_US
from holdfast.domain.rows import CategoryId, ListingId, MemberId, Place
from support.face import Face, expect_invalid
from support.history import History, Market, terms

LISBON = (38.7167, -9.1333)
PLACES = {
    "Canalização urgente": ("Alfama", 38.7120, -9.1300, 4000),
    "Plumbing and heating": ("Belém", 38.6970, -9.2060, 3500),
    "Piano lessons": ("Porto", 41.1496, -8.6109, 2500),
    "Yoga at sunrise": ("Graça", 38.7180, -9.1310, 1500),
}


@pytest.fixture
def shop(history: History, cell: Market) -> dict[str, str]:
    """Four more listings of the provider, each of a calendar of its own, and one online; by title."""
    plumbing = history.made("00000000-0000-0000-0000-000000000000", c.AddCategory(None, "plumbing", "Plumbing", 2))
    found = {}
    for title, (area, lat, lng, price) in PLACES.items():
        calendar = history.made(cell.provider, c.MakeCalendar(title, "Europe/Lisbon", [480], [720]))
        words = c.Description(title, f"Known all over {area}.", area, "Rua 9", round(lat * 1e6), round(lng * 1e6))
        drafted = c.DraftListing(CategoryId(plumbing), words, terms(calendar, price_minor=price, duration_max_min=240))
        found[title] = history.made(cell.provider, drafted)
    online = terms(cell.calendar, price_minor=900, place=Place.online)
    words = c.Description("Tax advice", "By video.", "", "", None, None)
    found["Tax advice"] = history.made(cell.provider, c.DraftListing(CategoryId(plumbing), words, online))
    for listing in found.values():
        history.made(cell.provider, c.PublishListing(ListingId(listing)))
    return found


def titles(face: Face, **params: object) -> list[str]:
    answer = face.get("/listings", **params)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def pages(face: Face, **params: object) -> Iterator[list[str]]:
    cursor: dict[str, object] = {}
    while True:
        answer = face.get("/listings", **params, **cursor).json()
        yield [item["id"] for item in answer["items"]]
        if answer["next"] is None:
            return
        cursor = {"cursor": answer["next"]}


FIRST = [
    ("canalizacao", "Canalização urgente"),
    ("CANALIZAÇÕES", "Canalização urgente"),
    ("heated", "Plumbing and heating"),
    ("plumbng", "Plumbing and heating"),
    ("plumer", "Plumbing and heating"),
    ("canalizaçao urgnte", "Canalização urgente"),
    ("pianno leson", "Piano lessons"),
    ("sunrize graça", "Yoga at sunrise"),
    ("pianno", "Piano lessons"),
    ("porto", "Piano lessons"),
    ("yoga sunrise", "Yoga at sunrise"),
    ('"piano lessons"', "Piano lessons"),
]


@pytest.mark.usefixtures("shop")
def test_words_are_found_by_stem_without_accents_and_misspelt(face: Face) -> None:
    assert [(q, titles(face, q=q)[0]) for q, _ in FIRST] == FIRST


@pytest.mark.usefixtures("shop")
def test_a_title_counts_more_than_a_typing_error_in_one_and_that_more_than_a_description(
    face: Face, history: History, cell: Market
) -> None:
    for title, text in (("Van with driver", "It has carried a piano."), ("Pianola repair", "All makes.")):
        words = c.Description(title, text, "Belém", "Rua 9", 38_700_000, -9_200_000)
        category = CategoryId(face.get("/categories").json()["items"][0]["id"])
        listing = history.made(cell.provider, c.DraftListing(category, words, terms(cell.calendar)))
        history.made(cell.provider, c.PublishListing(ListingId(listing)))
    assert titles(face, q="PIANO") == ["Piano lessons", "Pianola repair", "Van with driver"]
    assert titles(face, q="piano driver") == ["Van with driver"], "each word is found, wherever"
    assert titles(face, q="piano zzzz") == []


@pytest.mark.usefixtures("shop")
def test_a_categorys_name_finds_what_is_in_it(face: Face) -> None:
    assert set(titles(face, q="plumbing")) == {*PLACES, "Tax advice"}
    assert titles(face, q="plumbing")[0] == "Plumbing and heating"


@pytest.mark.usefixtures("shop")
def test_no_words_break_the_search(face: Face) -> None:
    for q in ["'", '"', "\\", "%", ":*", "& | !", "(", "zzzzqqqq", "the", "é", "<->", "x" * 200]:
        titles(face, q=q)


@pytest.mark.usefixtures("shop")
def test_near_gives_the_distance_and_within_km_bounds_it(face: Face) -> None:
    near = {"near": f"{LISBON[0]},{LISBON[1]}", "sort": "distance"}
    items = face.get("/listings", **near).json()["items"]
    distances = [item["distance_m"] for item in items]
    known = [distance for distance in distances if distance is not None]
    assert known == sorted(known)
    assert distances[-1] is None, "what has no place comes last"
    assert items[0]["title"] == "Yoga at sunrise"
    assert titles(face, **near, within_km=1) == ["Yoga at sunrise", "Canalização urgente", "Haircut", "Haircut"]
    assert "Piano lessons" not in titles(face, **near, within_km=200)
    assert "Piano lessons" in titles(face, **near, within_km=300)


@pytest.mark.usefixtures("shop")
def test_filters_narrow_and_a_categorys_subtree_counts(face: Face) -> None:
    assert titles(face, category="beauty") == ["Haircut", "Haircut"]
    assert titles(face, category="hair", q="haircut") == ["Haircut", "Haircut"]
    assert set(titles(face, price_max_minor=2500)) == {"Piano lessons", "Yoga at sunrise", "Tax advice"}
    assert titles(face, price_min_minor=2000, price_max_minor=2500) == ["Piano lessons"]
    assert titles(face, place="online") == ["Tax advice"]
    assert titles(face, rating_min=1) == []


@pytest.mark.usefixtures("shop")
def test_pages_hold_each_listing_once_in_every_sort(face: Face) -> None:
    for sort in ("relevance", "distance", "price", "rating", "newest"):
        for words in ({}, {"q": "plumbing"}):
            params = {"sort": sort, "near": "38.7,-9.1", **words}
            (whole,) = pages(face, **params)
            parts = list(pages(face, **params, limit=2))
            assert [one for part in parts for one in part] == whole
            assert len(whole) == len(set(whole)) >= 5


def test_free_time_leaves_out_who_is_taken_or_closed(face: Face, cell: Market, shop: dict[str, str]) -> None:
    # The four are open on Mondays from 8 to 12 only.
    monday = {"free_from": "2025-10-27", "free_to": "2025-10-28"}
    assert set(titles(face, **monday)) == {*PLACES, "Haircut", "Tax advice"}
    booked = face.post("/bookings", cell.customer, listing=shop["Piano lessons"], starts_at="2025-10-27T10:00:00+00:00")
    assert booked.status_code == 201
    assert "Piano lessons" in titles(face, **monday)
    assert "Piano lessons" not in titles(face, **monday, for_min=120)
    assert "Yoga at sunrise" in titles(face, **monday, for_min=240)
    assert "Haircut" not in titles(face, **monday, for_min=240), "at most two hours"
    assert "Piano lessons" not in titles(face, free_from="2025-10-28", free_to="2025-10-29")
    at_nine = {"free_from": "2025-10-27T09:30:00+00:00", "free_to": "2025-10-27T10:45:00+00:00"}
    (yoga,) = [item for item in face.get("/listings", **at_nine).json()["items"] if item["title"] == "Yoga at sunrise"]
    assert yoga["free_at"] == "2025-10-27T09:30:00Z"


def test_pages_of_free_listings_hold_each_once(face: Face, shop: dict[str, str]) -> None:
    params = {"free_from": "2025-10-27", "free_to": "2025-10-28", "sort": "price"}
    (whole,) = pages(face, **params)
    assert len(whole) == len(shop) + 2
    assert [one for part in pages(face, **params, limit=1) for one in part] == whole


@pytest.mark.usefixtures("shop")
def test_a_search_costs_a_constant_number_of_queries(face: Face) -> None:
    titles(face, q="plumbing", near="38.7,-9.1", within_km=100)
    assert face.queries == 1
    titles(face, category="plumbing")
    assert face.queries == 2
    free = {"free_from": "2025-10-27", "free_to": "2025-10-28"}
    titles(face, **free)
    counts = []
    for limit in (1, 50):
        titles(face, **free, limit=limit)
        counts.append(face.queries)
    assert counts == [5, 5]


def test_what_is_not_published_or_of_somebody_suspended_is_not_found(
    face: Face, history: History, cell: Market, shop: dict[str, str]
) -> None:
    history.made(cell.provider, c.WithdrawListing(ListingId(shop["Tax advice"])))
    assert "Tax advice" not in titles(face)
    history.made(cell.operator, c.SuspendMember(MemberId(cell.provider), ""))
    assert titles(face) == []
    assert face.get(f"/listings/{cell.instant}").status_code == 404


WRONG = [
    ({"near": "here"}, "near"),
    ({"near": "91,0"}, "near"),
    ({"near": "1,181"}, "near"),
    ({"within_km": "1"}, "near"),
    ({"sort": "distance"}, "near"),
    ({"near": "1,1", "within_km": "0"}, "within_km"),
    ({"near": "1,1", "within_km": "nan"}, "within_km"),
    ({"near": "1,1", "within_km": "inf"}, "within_km"),
    ({"rating_min": "6"}, "rating_min"),
    ({"rating_min": "nan"}, "rating_min"),
    ({"price_max_minor": "-1"}, "price_max_minor"),
    ({"price_max_minor": "2147483648"}, "price_max_minor"),
    ({"price_max_minor": "1.5"}, "price_max_minor"),
    ({"category": "nowhere"}, "category"),
    ({"place": "moon"}, "place"),
    ({"sort": "luck"}, "sort"),
    ({"cursor": "AAAA"}, "cursor"),
    ({"limit": "0"}, "limit"),
    ({"q": "\0"}, "q"),
    ({"q": "x" * 201}, "q"),
    ({"colour": "blue"}, "colour"),
    ({"free_from": "2025-10-27"}, "free_to"),
    ({"for_min": "60"}, "free_to"),
    ({"free_from": "2025-10-27", "free_to": "2025-10-27"}, "free_to"),
    ({"free_from": "2025-10-27", "free_to": "2025-12-27"}, "free_to"),
    ({"free_from": "2025-10-27T10:00:00", "free_to": "2025-10-28"}, "free_from"),
]


def test_a_wrong_parameter_of_a_search_is_refused_by_its_name(face: Face) -> None:
    for params, field in WRONG:
        expect_invalid(face.get("/listings", **params), field)


def test_a_cursor_is_good_for_its_own_search_only(face: Face, shop: dict[str, str]) -> None:
    following = face.get("/listings", sort="price", limit=1).json()["next"]
    assert face.get("/listings", sort="price", limit=5, cursor=following).status_code == 200
    assert face.get("/listings", sort="newest", limit=1, cursor=following).status_code == 422


def test_ratings_sort_by_average_then_by_number(face: Face, history: History, cell: Market) -> None:
    booking = face.post("/bookings", cell.customer, listing=cell.instant, starts_at="2025-10-22T10:00:00+01:00").json()[
        "id"
    ]
    history.wait_until(history.now + 4 * DAY_US)
    face.post(f"/bookings/{booking}/completion", cell.provider)
    for side in (cell.customer, cell.provider):
        face.post(f"/bookings/{booking}/review", side, stars=5, text="Good")
    rated = face.get("/listings", sort="rating").json()["items"]
    assert [(item["id"], item["rating"]) for item in rated] == [(cell.instant, 5.0), (cell.by_request, None)]
    assert titles(face, rating_min=4.5) == ["Haircut"]
