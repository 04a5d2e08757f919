"""Who may do what: every route of the API by every kind of person."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from litestar.routes import HTTPRoute
from msgspec import Struct

from holdfast.api.app import api_router
from support.api import PASSWORD, Api, serving
from support.database import Database
from support.market import ROLES, Market

Made = Callable[[Market], tuple[list[str], Any]]
"""What a request is about: the ids for the path, and the body."""


def nothing(market: Market) -> tuple[list[str], Any]:
    return [], None


def about(make: Callable[[Market], str], body: Any = None) -> Made:
    return lambda market: ([make(market)], body)


def body(make: Callable[[Market], Any]) -> Made:
    return lambda market: ([], make(market))


class Row(Struct, frozen=True):
    """A route on something, and what becomes of it: a status, or the code of a problem, in the order of ROLES."""

    route: str
    about: Made
    answers: str


ANYBODY = "200 200 200 200 200 200 200"
MEMBERS = "not_signed_in 200 200 200 200 200 200"
NEW = "{0} {0} {0} {0} {0} {0} {0}"

TABLE = (
    Row("GET /openapi.json", nothing, ANYBODY),
    Row("POST /members", body(lambda m: sign_up(m)), NEW.format(201)),
    Row("POST /tokens", body(lambda _: {"email": "customer@example.test", "password": PASSWORD}), NEW.format(201)),
    Row(
        "DELETE /tokens/{token_id}",
        about(lambda _: "4f8f5c1e-6f0a-4b8e-9f6f-0d8a8b1e2c3d"),
        "not_signed_in 204 204 204 204 204 204",
    ),
    Row("GET /members/me", nothing, MEMBERS),
    Row(
        "POST /members/{member_id}/suspension",
        about(Market.newcomer, {"reason": "spam"}),
        "not_signed_in not_allowed not_allowed not_allowed not_allowed 200 member_suspended",
    ),
    Row(
        "DELETE /members/{member_id}/suspension",
        about(Market.suspended),
        "not_signed_in not_allowed not_allowed not_allowed not_allowed 200 member_suspended",
    ),
    Row("GET /categories", nothing, ANYBODY),
    Row(
        "POST /categories",
        body(lambda m: {"slug": f"s{m.start()[:13].lower().replace('t', '-')}", "name": "Home"}),
        "not_signed_in not_allowed not_allowed not_allowed not_allowed 201 member_suspended",
    ),
    Row(
        "PATCH /categories/{category_id}",
        about(Market.category, {"name": "House"}),
        "not_signed_in not_allowed not_allowed not_allowed not_allowed 200 member_suspended",
    ),
    Row(
        "POST /calendars",
        body(lambda _: {"name": "Mine", "time_zone": "Europe/Lisbon"}),
        "not_signed_in 201 201 201 201 201 member_suspended",
    ),
    Row("GET /calendars", nothing, MEMBERS),
    Row(
        "GET /calendars/{calendar_id}",
        about(Market.calendar),
        "not_signed_in calendar_unknown calendar_unknown 200 calendar_unknown calendar_unknown calendar_unknown",
    ),
    Row(
        "PUT /calendars/{calendar_id}/hours",
        about(Market.calendar, {"hours": []}),
        "not_signed_in calendar_unknown calendar_unknown 200 calendar_unknown calendar_unknown member_suspended",
    ),
    Row(
        "POST /calendars/{calendar_id}/exceptions",
        about(Market.calendar, {"first_day": "2031-05-01", "last_day": "2031-05-02"}),
        "not_signed_in calendar_unknown calendar_unknown 201 calendar_unknown calendar_unknown member_suspended",
    ),
    Row(
        "DELETE /calendars/{calendar_id}/exceptions/{exception_id}",
        lambda m: ([m.calendar_id, m.exception()], None),
        "not_signed_in calendar_unknown calendar_unknown 204 calendar_unknown calendar_unknown member_suspended",
    ),
    Row("GET /listings", nothing, ANYBODY),
    Row("GET /listings/mine", nothing, MEMBERS),
    Row(
        "POST /listings",
        body(Market.listing_body),
        "not_signed_in calendar_unknown calendar_unknown 201 calendar_unknown calendar_unknown member_suspended",
    ),
    Row("GET /listings/{listing_id}", about(Market.published), ANYBODY),
    Row(
        "GET /listings/{listing_id}",
        about(Market.draft),
        "listing_unknown listing_unknown listing_unknown 200 listing_unknown 200 listing_unknown",
    ),
    Row(
        "PATCH /listings/{listing_id}",
        about(Market.published, {"price_minor": 5000}),
        "not_signed_in not_yours not_yours 200 not_yours not_yours not_yours",
    ),
    Row(
        "PATCH /listings/{listing_id}",
        about(Market.draft, {"price_minor": 5000}),
        "not_signed_in listing_unknown listing_unknown 200 listing_unknown listing_unknown listing_unknown",
    ),
    Row(
        "POST /listings/{listing_id}/publication",
        about(Market.draft),
        "not_signed_in listing_unknown listing_unknown 200 listing_unknown listing_unknown member_suspended",
    ),
    Row(
        "DELETE /listings/{listing_id}/publication",
        about(Market.published),
        "not_signed_in not_yours not_yours 200 not_yours not_yours member_suspended",
    ),
    Row("GET /listings/{listing_id}/slots", about(Market.published), ANYBODY),
    Row(
        "GET /listings/{listing_id}/slots",
        about(Market.draft),
        "listing_unknown listing_unknown listing_unknown 200 listing_unknown 200 listing_unknown",
    ),
    Row("GET /listings/{listing_id}/reviews", about(Market.published), ANYBODY),
    Row(
        "GET /listings/{listing_id}/reviews",
        about(Market.draft),
        "listing_unknown listing_unknown listing_unknown 200 listing_unknown 200 listing_unknown",
    ),
    Row(
        "POST /bookings",
        body(lambda m: {"listing": m.published(), "starts_at": m.start()}),
        "not_signed_in 201 201 own_listing 201 201 member_suspended",
    ),
    Row(
        "POST /bookings",
        body(lambda m: {"listing": m.draft(), "starts_at": m.start()}),
        "not_signed_in listing_unknown listing_unknown listing_not_published listing_unknown listing_unknown "
        "member_suspended",
    ),
    Row("GET /bookings", nothing, MEMBERS),
    Row(
        "GET /bookings/{booking_id}",
        about(Market.confirmed),
        "not_signed_in 200 booking_unknown 200 booking_unknown 200 booking_unknown",
    ),
    Row(
        "GET /bookings/{booking_id}/receipt",
        about(Market.confirmed),
        "not_signed_in checkpoint_awaited booking_unknown checkpoint_awaited booking_unknown checkpoint_awaited "
        "booking_unknown",
    ),
    Row(
        "POST /bookings/{booking_id}/acceptance",
        about(Market.requested),
        "not_signed_in not_yours booking_unknown 200 booking_unknown booking_unknown member_suspended",
    ),
    Row(
        "POST /bookings/{booking_id}/decline",
        about(Market.requested, {}),
        "not_signed_in not_yours booking_unknown 200 booking_unknown booking_unknown member_suspended",
    ),
    Row(
        "POST /bookings/{booking_id}/cancellation",
        about(Market.confirmed, {}),
        "not_signed_in 200 booking_unknown 200 booking_unknown 200 booking_unknown",
    ),
    Row(
        "POST /bookings/{booking_id}/completion",
        about(Market.started),
        "not_signed_in not_yours booking_unknown 200 booking_unknown booking_unknown member_suspended",
    ),
    Row(
        "POST /bookings/{booking_id}/no-show",
        about(Market.started),
        "not_signed_in not_yours booking_unknown 200 booking_unknown booking_unknown member_suspended",
    ),
    Row(
        "POST /bookings/{booking_id}/review",
        about(Market.completed, {"stars": 3, "text": "So so."}),
        "not_signed_in 201 booking_unknown 201 booking_unknown booking_unknown member_suspended",
    ),
    Row(
        "POST /reviews/{review_id}/reply",
        about(Market.reviewed, {"text": "Thank you."}),
        "not_signed_in not_yours not_yours 201 not_yours not_yours member_suspended",
    ),
    Row(
        "GET /commands/{command_id}",
        about(Market.command),
        "not_signed_in 200 command_unknown command_unknown command_unknown command_unknown command_unknown",
    ),
    Row(
        "DELETE /commands/{command_id}",
        about(Market.command),
        "not_signed_in command_settled command_unknown command_unknown command_unknown command_unknown command_unknown",
    ),
)


def sign_up(market: Market) -> dict[str, str]:
    name = f"n{market.start()[:13].lower()}"
    return {"email": f"{name}@example.test", "password": PASSWORD, "name": name, "time_zone": "Europe/Lisbon"}


@pytest.fixture
def market(database: Database) -> Iterator[Market]:
    with serving(database) as api:
        yield Market(api)


def routes_of(api: Api) -> set[str]:
    """Every route of the API as the application knows it."""
    prefix = api_router().path
    return {
        f"{method} {route.path_format.removeprefix(prefix)}"
        for route in api.app.routes
        if isinstance(route, HTTPRoute) and route.path_format.startswith(prefix)
        for method in route.methods
        if method != "OPTIONS"
    }


def answers(market: Market, row: Row) -> dict[str, str]:
    """What each person is told: the status, or the code of the problem. What one of them changed is made anew."""
    told: dict[str, str] = {}
    made = None
    for role in ROLES:
        made = made or row.about(market)
        response = request(market, row.route, role, *made)
        told[role] = str(response.status_code) if response.is_success else str(response.json()["code"])
        if response.is_success and not row.route.startswith("GET"):
            made = None
    return told


def request(market: Market, route: str, role: str, ids: list[str], data: Any) -> httpx.Response:
    method, _, path = route.partition(" ")
    for each in ids:
        start, end = path.index("{"), path.index("}")
        path = path[:start] + each + path[end + 1 :]
    query = {"from": "2026-12-01", "to": "2026-12-02"} if path.endswith("/slots") else None
    return market.api.send(method, path, None if role == "stranger" else role, data, params=query)


def test_the_table_knows_every_route_and_no_other(market: Market) -> None:
    assert {row.route for row in TABLE} == routes_of(market.api)


@pytest.mark.parametrize("first", range(0, len(TABLE), 24))
def test_each_person_may_do_what_is_theirs_and_learns_of_nothing_else(market: Market, first: int) -> None:
    wrong: list[str] = []
    for row in TABLE[first : first + 24]:
        expected = dict(zip(ROLES, row.answers.split(), strict=True))
        told = answers(market, row)
        wrong += [
            f"{row.route} by {role}: {told[role]}, not {expected[role]}"
            for role in ROLES
            if told[role] != expected[role]
        ]
    assert not wrong, "\n".join(wrong)
