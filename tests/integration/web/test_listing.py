"""A listing's page says everything that people decide by, and offers what can be booked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from holdfast.core.offers import open_offer
from holdfast.domain.instants import MINUTE_US
from support.api import MONDAY, SECRETS
from support.database import Database
from support.site import Browser, SiteServed, site
from support.window import listing, queries_of

HOSTILE = "</script><b>bold</b>"


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[tuple[SiteServed, Browser]]:
    with site(database, tmp_path) as running:
        yield running


def ld_of(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    decoded: dict[str, Any] = msgspec.json.decode(found)
    return decoded


def test_the_page_says_what_where_how_long_and_at_what_price(served: tuple[SiteServed, Browser]) -> None:
    cell, browser = served
    path = f"/listings/{listing(cell, title='Pipes & taps', description=HOSTILE)}"
    page = browser.go(path)
    assert page.status_code == 200
    for words in ("<h1>Pipes & taps</h1>", "Graça", "€30", "for 1 hour", "€30 an hour", "No reviews yet"):
        assert words in browser.text
    for words in ("Wednesday 4 November – 3 times", "09:00", "Free until", "Tue 3 Nov, 09:00", "€15 back until"):
        assert words in browser.text
    assert "<b>bold</b>" not in page.text
    ld = ld_of(page.text)
    assert (ld["@type"], ld["name"], ld["description"]) == ("Service", "Pipes & taps", HOSTILE)
    assert (ld["offers"]["price"], ld["offers"]["priceCurrency"]) == ("30.00", "EUR")
    assert f'<link rel="canonical" href="{ld["url"]}">' in browser.text
    assert ld["url"].endswith(path)


def test_a_length_and_a_week_are_asked_for_in_the_address(served: tuple[SiteServed, Browser]) -> None:
    cell, browser = served
    path = f"/listings/{listing(cell)}"
    browser.go(f"{path}?minutes=120&week=2026-11-16")
    assert "Wednesday 18 November – 2 times" in browser.text
    assert "€60" in browser.text
    assert 'content="noindex"' in browser.text
    assert "noindex" not in browser.go(path).text
    for nonsense in ("minutes=7&week=2026-99-99&stars=9&after=x", "week=2020-01-01", "week=2099-01-01"):
        assert browser.go(f"{path}?{nonsense}").status_code == 200
    assert "No free times from" in browser.text


def test_an_offer_on_the_page_is_one_that_the_cell_honours(
    served: tuple[SiteServed, Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever there is a page that takes it."""
    monkeypatch.setattr("holdfast.web.listings.BOOKING", "/status")
    cell, browser = served
    found = listing(cell)
    browser.go(f"/listings/{found}")
    offers = [
        opened
        for text in re.findall(r'name="slot" value="([^"]*)"', browser.text)
        if (opened := open_offer(SECRETS.subkey("offer"), text))
    ]
    assert [(offer.listing, offer.total_minor) for offer in offers] == [(found, 3000)] * 3
    assert offers[0].expires_at == MONDAY + 30 * MINUTE_US


@pytest.mark.parametrize("name", ["nothing", "11111111-1111-4111-8111-111111111111"])
def test_what_is_not_there_is_a_page_too(served: tuple[SiteServed, Browser], name: str) -> None:
    assert served[1].go(f"/listings/{name}").status_code == 404


def test_a_draft_is_not_for_others(served: tuple[SiteServed, Browser]) -> None:
    cell, browser = served
    assert browser.go(f"/listings/{listing(cell, published=False)}").status_code == 404


def test_a_listing_in_portuguese(served: tuple[SiteServed, Browser]) -> None:
    cell, browser = served
    browser.go(f"/listings/{listing(cell)}?lang=pt")
    for words in ("quarta-feira, 4 de novembro – 3 horas", "Grátis até", "por 1 hora"):
        assert words in browser.text


def test_the_page_asks_six_questions(served: tuple[SiteServed, Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    cell, browser = served
    path = f"/listings/{listing(cell)}"
    browser.go(path)
    assert queries_of(monkeypatch, lambda: browser.go(path)) == 6
