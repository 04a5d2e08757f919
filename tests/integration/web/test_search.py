"""Search shows what fits, lets every filter go, and says what is wrong at its field."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.database import Database
from support.site import Browser, SiteServed, site
from support.window import listing, queries_of

WEDNESDAY, THURSDAY = "2026-11-04", "2026-11-05"

NARROWED: list[tuple[str, list[str]]] = [
    ("?q=pipes", ["Pipes & taps"]),
    ("?place=online", ["Boilers"]),
    ("?price_max=30", ["Pipes & taps"]),
    ("?sort=price", ["Pipes & taps", "Boilers"]),
    ("?category=plumbing&sort=price", ["Pipes & taps", "Boilers"]),
    ("?rating=4", []),
    (f"?day={THURSDAY}", []),
    (f"?day={WEDNESDAY}&minutes=120&q=boilers", ["Boilers"]),
    (f"?day={WEDNESDAY}&minutes=180", []),
]
MISTAKES = [
    ("?price_max=much", "Give the price in whole numbers"),
    ("?category=nothing", "Choose a kind of service from the list"),
    ("?day=2020-01-01", "Choose a day from today on"),
    ("?minutes=60", "Choose the day on which it should be that long"),
    ("?place=moon&sort=luck", "Choose a place from the list"),
]


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[tuple[SiteServed, Browser]]:
    with site(database, tmp_path) as running:
        listing(running[0], title="Pipes & taps")
        listing(running[0], title="Boilers", price_minor=9000, place="online", area="")
        yield running


@pytest.fixture
def browser(served: tuple[SiteServed, Browser]) -> Browser:
    return served[1]


def titles(browser: Browser, query: str) -> list[str]:
    assert browser.go(f"/search{query}").status_code == 200
    return re.findall(r'<h2><a href="/listings/[^"]*">([^<]*)</a></h2>', browser.text)


def test_everything_is_found_and_counted(browser: Browser) -> None:
    assert set(titles(browser, "")) == {"Pipes & taps", "Boilers"}
    for words in ("<h1>2 services", "€30", "for 60 min", "No reviews yet", "Graça"):
        assert words in browser.text
    assert "noindex" not in browser.text


def test_each_filter_narrows(browser: Browser) -> None:
    for query, found in NARROWED:
        assert (query, titles(browser, query)) == (query, found)
        assert 'content="noindex, follow"' in browser.text


def test_a_free_day_names_the_next_free_time(browser: Browser) -> None:
    titles(browser, f"?day={WEDNESDAY}")
    assert "Services that are free on Wednesday 4 November" in browser.text
    assert "Wed 4 Nov, 09:00" in browser.text


def test_no_results_offer_to_lift_each_filter(browser: Browser) -> None:
    titles(browser, "?q=pipes&place=online")
    assert "Nothing fits all of this." in browser.text
    for address in ("/search?place=online", "/search?q=pipes"):
        assert f'href="{address}"' in browser.text
    titles(browser, f"?q=pipes&day={THURSDAY}&minutes=60")
    for address in ("/search?q=pipes", f"/search?q=pipes&day={THURSDAY}"):
        assert f'href="{address}"' in browser.text


def test_a_mistake_is_said_at_its_field(browser: Browser) -> None:
    for query, said in MISTAKES:
        assert (query, browser.go(f"/search{query}").status_code) == (query, 422)
        assert "There is a problem" in browser.text
        assert (said, browser.text.count(said)) == (said, 2)


def test_a_cursor_of_no_list_is_the_beginning(browser: Browser) -> None:
    for cursor in ("x", "bnVsbA", "W10", "%00", "a" * 400):
        assert len(titles(browser, f"?after={cursor}")) == 2


def test_pages_hold_each_listing_once(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.web.search.CARDS", 1)
    first = titles(browser, "?sort=price")
    (more,) = re.findall(r'rel="next" href="(/search[^"]*)"', browser.text)
    assert first + titles(browser, more.removeprefix("/search")) == ["Pipes & taps", "Boilers"]


def test_search_speaks_portuguese(browser: Browser) -> None:
    titles(browser, "?lang=pt")
    assert "<h1>2 serviços" in browser.text
    assert "Mais bem avaliados" in browser.text


def test_a_search_asks_the_same_number_of_questions(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.go("/search")
    assert queries_of(monkeypatch, lambda: browser.go("/search")) == 3
    monkeypatch.undo()
    assert queries_of(monkeypatch, lambda: browser.go(f"/search?day={WEDNESDAY}")) == 7
