"""Calendars, categories and listings, as those keep them to whom they belong."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.api import serving
from support.database import Database
from support.market import Market


@pytest.fixture
def market(database: Database) -> Iterator[Market]:
    with serving(database) as api:
        yield Market(api)


def change(market: Market, listing: str, **body: Any) -> Any:
    return market.api.made("PATCH", f"/listings/{listing}", "provider", body)


def refused(market: Market, method: str, path: str, body: Any, who: str = "provider") -> dict[str, Any]:
    response = market.api.send(method, path, who, body)
    assert not response.is_success
    answer: dict[str, Any] = response.json()
    return answer


def test_a_change_of_words_keeps_the_terms_and_a_change_of_terms_makes_a_version(market: Market) -> None:
    listing = market.draft()
    words = change(market, listing, title="Pipes and taps")
    assert (words["title"], words["area"], words["terms"]["version"]) == ("Pipes and taps", "Alfama", 1)
    terms = change(market, listing, price_minor=5000, cancellation=[{"hours_before": 24, "refund_percent": 100}])
    assert (terms["title"], terms["terms"]["version"], terms["terms"]["price_minor"]) == ("Pipes and taps", 2, 5000)
    assert terms["terms"]["cancellation"] == [{"hours_before": 24, "refund_percent": 100}]
    assert terms["terms"]["duration_min"] == 60


def test_a_visits_one_duration_moves_as_a_whole(market: Market) -> None:
    terms = change(market, market.draft(), duration_min=90)["terms"]
    assert (terms["duration_min"], terms["duration_max_min"]) == (90, 90)


def test_a_repeated_change_is_known_by_what_was_asked(market: Market) -> None:
    path = f"/listings/{market.draft()}"
    first = market.api.send("PATCH", path, "provider", {"price_minor": 5000}, key="k")
    again = market.api.send("PATCH", path, "provider", {"price_minor": 5000}, key="k")
    other = market.api.send("PATCH", path, "provider", {"price_minor": 6000}, key="k")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["terms"]["version"] == 2
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_refused_terms_say_what_is_wrong_with_them(market: Market) -> None:
    tiers = [{"hours_before": 1, "refund_percent": 50}, {"hours_before": 24, "refund_percent": 100}]
    answer = refused(market, "POST", "/listings", market.listing_body(cancellation=tiers))
    assert (answer["status"], answer["code"]) == (422, "terms_invalid")
    said = {"field": "cancellation[].hours_before", "message": "hours_before do not descend"}
    assert answer["errors"] == [said]
    calendar = market.listing_body()["calendars"][0]
    answer = refused(market, "POST", "/listings", market.listing_body(calendars=[calendar, calendar.upper()]))
    assert [error["field"] for error in answer["errors"]] == ["calendars"]


def test_half_a_place_is_no_place(market: Market) -> None:
    answer = refused(market, "POST", "/listings", market.listing_body(lng=None))
    assert answer["errors"][0]["field"] == "lng"


def test_a_category_is_named_by_its_id_or_its_slug(market: Market) -> None:
    market.api.made("POST", "/categories", "operator", {"slug": "taps", "name": "Taps"})
    assert market.api.made("POST", "/listings", "provider", market.listing_body(category="taps"))["id"]
    assert refused(market, "POST", "/listings", market.listing_body(category="nothing"))["code"] == "category_unknown"


def test_a_withdrawn_listing_is_there_for_its_owner_and_operators_alone(market: Market) -> None:
    listing = market.published()
    assert market.api.made("DELETE", f"/listings/{listing}/publication", "provider")["state"] == "withdrawn"
    seen = {who: market.api.send("GET", f"/listings/{listing}", who).status_code for who in ("provider", "operator")}
    assert seen == {"provider": 200, "operator": 200}
    assert market.api.send("GET", f"/listings/{listing}").status_code == 404
    assert market.api.made("POST", f"/listings/{listing}/publication", "provider")["state"] == "published"


def test_ones_own_listings_come_page_by_page(market: Market) -> None:
    made = [market.draft() for _ in range(5)]
    seen, cursor = [], ""
    while True:
        page = market.api.made("GET", f"/listings/mine?limit=2{cursor}", "provider")
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted(made)
    theirs = refused(market, "GET", f"/listings/mine?limit=2{cursor}", None, "other_provider")
    assert theirs["errors"][0]["field"] == "cursor"


def test_ones_own_calendars_come_page_by_page_with_their_exceptions(market: Market) -> None:
    made = {market.calendar_id, *(market.calendar() for _ in range(2))}
    exception = market.exception()
    first = market.api.made("GET", "/calendars?limit=2", "provider")
    second = market.api.made("GET", f"/calendars?limit=2&cursor={first['next']}", "provider")
    calendars = [*first["items"], *second["items"]]
    assert {calendar["id"] for calendar in calendars} == made
    assert second["next"] is None
    with_exceptions = {each["id"]: [e["id"] for e in each["exceptions"]] for each in calendars}
    assert with_exceptions[market.calendar_id] == [exception]


def test_hours_that_overlap_are_refused(market: Market) -> None:
    hours = [
        {"weekday": "monday", "opens": "22:00", "closes": "02:00"},
        {"weekday": "tuesday", "opens": "01:00", "closes": "05:00"},
    ]
    path = f"/calendars/{market.calendar_id}/hours"
    assert refused(market, "PUT", path, {"hours": hours})["code"] == "hours_invalid"


def test_an_exception_takes_effect_on_all_its_days_and_goes_when_it_is_taken_away(market: Market) -> None:
    listing = market.published()
    path = f"/calendars/{market.calendar_id}/exceptions"
    days = {"first_day": "2026-11-10", "last_day": "2026-11-11", "windows": [{"opens": "10:00", "closes": "11:00"}]}
    exception = market.api.made("POST", path, "provider", days)["id"]
    slots = f"/listings/{listing}/slots?from=2026-11-10&to=2026-11-12"
    starts = [slot["starts_at"] for slot in market.api.made("GET", slots)["items"]]
    assert starts == ["2026-11-10T10:00:00Z", "2026-11-11T10:00:00Z"]
    assert market.api.send("DELETE", f"{path}/{exception}", "provider").status_code == 204
    assert len(market.api.made("GET", slots)["items"]) > 2


def test_a_category_is_never_below_itself(market: Market) -> None:
    below = market.api.made(
        "POST", "/categories", "operator", {"slug": "below", "name": "Below", "parent": market.category_id}
    )
    tree = {item["id"]: item["depth"] for item in market.api.made("GET", "/categories")["items"]}
    assert (tree[market.category_id], tree[below["id"]]) == (0, 1)
    path = f"/categories/{market.category_id}"
    assert refused(market, "PATCH", path, {"parent": below["id"]}, "operator")["code"] == "category_cycle"
    assert market.api.made("PATCH", f"/categories/{below['id']}", "operator", {"parent": None})["parent"] is None
