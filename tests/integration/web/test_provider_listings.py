"""A provider drafts, changes, publishes and withdraws with plain forms."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.database import Database
from support.market import Market
from support.provider import counting, sign_in
from support.site import Browser, SiteServed, site

LISTINGS, NEW = "/provider/listings", "/provider/listings/new"
TAP = {
    "title": "Mend a dripping tap",
    "description": "Washers are included.\nBring nothing.",
    "place": "provider",
    "price": "45,50",
    "price_unit": "visit",
    "instant": "true",
    "hours-1": "48",
    "percent-1": "100",
    "hours-2": "24",
    "percent-2": "50",
    "hours-3": "",
}


class Provider:
    """In their browser, on a market."""

    def __init__(self, served: SiteServed, browser: Browser) -> None:
        self.market = Market(served.api)
        self.browser = browser
        sign_in(browser, "provider")

    def draft(self, **typed: str) -> str:
        """Fills in the form for a new listing; the path that it came to."""
        self.browser.go(NEW)
        own = {"category": self.market.category_id, "calendars": self.market.calendar_id}
        self.browser.send(NEW, **{**TAP, **own, **typed})
        return self.browser.path

    def shown(self, path: str) -> Any:
        return self.market.api.made("GET", f"/listings/{path.split('/')[3]}", "provider")


@pytest.fixture
def provider(database: Database, tmp_path: Path) -> Iterator[Provider]:
    with site(database, tmp_path) as (served, browser):
        yield Provider(served, browser)


def typed_again(provider: Provider, path: str) -> dict[str, str]:
    """The edit form as a browser sends it when nothing was changed: of radios what is checked."""
    fields = provider.browser.form(path)
    text = provider.browser.text
    for name in ("place", "price_unit", "instant", "calendars"):
        fields[name] = re.findall(rf'name="{name}" value="([^"]*)" checked', text)[-1]
    found = re.search(r'<textarea id="description"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)
    assert found
    return {**fields, "description": found[1]}


def test_without_a_calendar_the_first_thing_is_to_add_one(provider: Provider) -> None:
    sign_in(provider.browser, "customer")
    assert "You offer nothing yet." in provider.browser.go(LISTINGS).text
    assert "No calendars yet." in provider.browser.go(NEW).text


def test_a_draft_has_what_was_typed_and_is_published_once_it_can_be_found(provider: Provider) -> None:
    path = provider.draft()
    assert "Saved." in provider.browser.text
    shown = provider.shown(path)
    assert (shown["state"], shown["title"], shown["description"]) == ("draft", TAP["title"], TAP["description"])
    terms = shown["terms"]
    assert (terms["price_minor"], terms["duration_max_min"], terms["notice_min"]) == (4550, 60, 120)
    tiers = [{"hours_before": 48, "refund_percent": 100}, {"hours_before": 24, "refund_percent": 50}]
    assert terms["cancellation"] == tiers
    publish = path.replace("/edit", "/publish")
    assert provider.browser.send(publish).status_code == 422
    assert '<a href="#area">To be found, it needs an area and coordinates' in provider.browser.text
    place = {"area": "Alfama", "lat": "38,712", "lng": "-9.13"}
    provider.browser.post(path, {**typed_again(provider, path), **place})
    assert provider.browser.send(publish).status_code == 200
    shown = provider.shown(path)
    assert (shown["state"], shown["lat"], shown["lng"]) == ("published", 38.712, -9.13)
    assert "Published" in provider.browser.text
    provider.browser.send(path.replace("/edit", "/withdraw"))
    assert provider.shown(path)["state"] == "withdrawn"
    assert "Withdrawn" in provider.browser.text


def test_terms_that_stay_as_they_are_keep_their_version(provider: Provider) -> None:
    path = f"{LISTINGS}/{provider.market.published()}/edit"
    before = provider.shown(path)
    provider.browser.go(path)
    fields = typed_again(provider, path)
    assert provider.browser.post(path, {**fields, "title": "Taps"}).status_code == 200
    after = provider.shown(path)
    assert after["title"] == "Taps"
    assert after["terms"] == before["terms"]
    provider.browser.go(path)
    dearer = {**typed_again(provider, path), "price": "50"}
    for _ in range(2):
        assert provider.browser.post(path, dearer).status_code == 200, "a second press is the same"
    assert provider.shown(path)["terms"] == {**before["terms"], "version": 2, "price_minor": 5000}


def test_every_wrong_field_says_so_and_keeps_what_was_typed(provider: Provider) -> None:
    wrong = {
        "title": "",
        "description": " ",
        "category": "",
        "price": "cheap",
        "lat": "north",
        "duration_min": "1",
        "horizon_days": "0",
        "calendars": "nonsense",
        "hours-1": "24",
        "hours-2": "48",
        "percent-2": "150",
        "place": "moon",
    }
    assert provider.draft(**wrong) == NEW
    text = provider.browser.text
    fields = wrong.keys() - {"hours-1", "hours-2"}
    assert set(re.findall(r'<a href="#([\w-]+)">[A-Z]', text)) - {"main"} == fields
    assert 'value="cheap"' in text
    assert "<title>Error: Offer a service" in text


def test_what_does_not_fit_together_is_said_at_a_field(provider: Provider) -> None:
    nowhere = "11111111-1111-4111-8111-111111111111"
    for field, typed in (
        ("lng", {"lat": "38.7"}),
        ("lat", {"lat": "91", "lng": "0"}),
        ("price", {"price": "45.505"}),
        ("duration_max_min", {"price_unit": "hour", "duration_min": "60", "duration_max_min": "30"}),
        ("hours-2", {"hours-2": "48"}),
        ("hours-2", {"percent-1": "40"}),
        ("category", {"category": nowhere}),
        ("calendars", {"calendars": nowhere}),
    ):
        assert provider.draft(**typed) == NEW
        assert f'<a href="#{field}">' in provider.browser.text


def test_nobody_else_sees_or_changes_it(provider: Provider) -> None:
    listing = provider.market.published()
    path = f"{LISTINGS}/{listing}/edit"
    sign_in(provider.browser, "other_provider")
    assert provider.browser.go(path).status_code == 404
    assert "Taps and pipes" not in provider.browser.go(LISTINGS).text
    visit = provider.browser
    for act in ("edit", "publish", "withdraw"):
        assert visit.post(f"{LISTINGS}/{listing}/{act}", {}).status_code == 403
    visit.become_another()
    for page in (LISTINGS, NEW, path):
        assert visit.go(page).url.path == "/sign-in"


def test_queries_are_as_many_however_much_there_is(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{LISTINGS}/{provider.market.draft()}/edit"
    provider.browser.go(NEW)
    for _ in range(2):
        for page, queries in ((LISTINGS, 2), (NEW, 4), (path, 6)):
            with counting(monkeypatch) as asked:
                assert provider.browser.go(page).status_code == 200
            assert len(asked) == queries, page
        provider.market.calendar()
        provider.market.draft()
