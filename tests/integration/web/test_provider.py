"""Where a provider starts: what waits for an answer, and what comes next."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.database import Database
from support.market import Market
from support.provider import counting, sign_in
from support.site import Browser, site

START = "/provider"


@pytest.fixture
def held(database: Database, tmp_path: Path) -> Iterator[tuple[Market, Browser]]:
    with site(database, tmp_path) as (served, browser):
        market = Market(served.api)
        sign_in(browser, "provider")
        yield market, browser


def test_who_offers_nothing_has_one_thing_to_do(held: tuple[Market, Browser]) -> None:
    _, browser = held
    assert "You offer nothing yet." in browser.go(START).text
    browser.become_another()
    assert browser.go(START).url.path == "/sign-in"


def test_a_request_is_accepted_or_declined_and_the_accepted_comes_next(held: tuple[Market, Browser]) -> None:
    market, browser = held
    first, second = market.requested(), market.requested()
    browser.go(START)
    assert "not yet confirmed" in browser.text
    assert browser.text.index(first) < browser.text.index(second), "by deadline"
    browser.send(f"{START}/requests/{first}/accept")
    answer = browser.post(
        f"{START}/requests/{second}/decline",
        {**browser.form(f"{START}/requests/{second}/decline"), "reason": "x" * 1001},
    )
    assert answer.status_code == 422
    assert f'<a href="#reason-{second}">Write at most 1,000 characters' in browser.text
    browser.send(f"{START}/requests/{second}/decline", reason="Away that day")
    assert "None is waiting for you." in browser.text
    shown = {each: market.api.made("GET", f"/bookings/{each}", "customer")["state"] for each in (first, second)}
    assert shown == {first: "confirmed", second: "declined"}
    assert "Nothing is booked." not in browser.text


def test_others_see_none_of_it_and_answer_for_nobody(held: tuple[Market, Browser]) -> None:
    market, browser = held
    booking = market.requested()
    browser.go(START)
    accept = f"{START}/requests/{booking}/accept"
    fields = browser.form(accept)
    sign_in(browser, "other_provider")
    assert booking not in browser.go(START).text
    assert browser.post(accept, fields).status_code == 403
    assert market.api.made("GET", f"/bookings/{booking}", "customer")["state"] == "requested"


def test_queries_are_as_many_however_much_there_is(
    held: tuple[Market, Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    market, browser = held
    for _ in range(2):
        with counting(monkeypatch) as asked:
            browser.go(START)
        assert len(asked) == 4
        market.requested()
        market.confirmed()
