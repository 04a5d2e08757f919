"""A provider's hours and absences with plain forms."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.database import Database
from support.provider import counting, sign_in
from support.site import Browser, SiteServed, site

NEW = "/provider/calendars/new"


@pytest.fixture
def cell(database: Database, tmp_path: Path) -> Iterator[tuple[SiteServed, Browser]]:
    with site(database, tmp_path) as (served, browser):
        for name in ("rita", "other"):
            served.api.join(name)
        sign_in(browser, "rita")
        yield served, browser


@pytest.fixture
def browser(cell: tuple[SiteServed, Browser]) -> Browser:
    return cell[1]


def made(browser: Browser) -> str:
    """The address of a new calendar with the usual hours."""
    browser.go(NEW)
    assert browser.send(NEW, name="Rita").status_code == 200
    return browser.path


def hours(cell: tuple[SiteServed, Browser], calendar: str) -> list[tuple[str, str, str]]:
    shown = cell[0].api.made("GET", f"/calendars/{calendar.rpartition('/')[2]}", "rita")
    return [(each["weekday"], each["opens"], each["closes"]) for each in shown["hours"]]


def test_without_a_calendar_there_is_one_thing_to_do(browser: Browser) -> None:
    browser.go("/provider/calendars")
    assert "No calendars yet." in browser.text
    assert f'href="{NEW}"' in browser.text


def test_a_new_calendar_opens_at_the_hours_that_were_typed(cell: tuple[SiteServed, Browser]) -> None:
    _, browser = cell
    browser.go(NEW)
    fields = {
        "monday-1-closes": "12:30",
        "monday-2-opens": "14:00",
        "monday-2-closes": "18:00",
        "friday-1-opens": "22:00",
        "friday-1-closes": "2:00",
        "sunday-1-opens": "20:00",
        "sunday-1-closes": "24:00",
    }
    browser.send(NEW, name="Rita", **fields)
    assert "Saved." in browser.text
    found = hours(cell, browser.path)
    assert found[:2] == [("monday", "09:00", "12:30"), ("monday", "14:00", "18:00")]
    assert found[-2:] == [("friday", "22:00", "02:00"), ("sunday", "20:00", "24:00")]
    assert 'value="02:00"' in browser.text
    assert "22:00–02:00" in browser.go("/provider/calendars").text


def test_wrong_times_are_said_at_their_fields_and_kept(browser: Browser) -> None:
    browser.go(NEW)
    wrong = {"monday-1-opens": "nine", "tuesday-1-closes": "", "wednesday-2-opens": "25:00", "wednesday-2-closes": "26"}
    assert browser.send(NEW, name="", **wrong).status_code == 422
    for field, said in (
        ("name", "Enter a name"),
        ("monday-1-opens", "Enter times such as 09:00"),
        ("tuesday-1-closes", "Enter both when it opens"),
        ("wednesday-2-opens", "Enter times such as"),
    ):
        assert f'<a href="#{field}">{said}' in browser.text
        assert re.search(rf'id="{field}-error"><span class="unseen">Error:</span> {said}', browser.text)
    assert 'value="nine"' in browser.text


def test_hours_that_overlap_are_said_at_their_field(browser: Browser) -> None:
    calendar = made(browser)
    answer = browser.send(f"{calendar}/hours", **{"monday-2-opens": "16:00", "monday-2-closes": "20:00"})
    assert answer.status_code == 422
    assert "<title>Error: Rita" in browser.text
    assert '<a href="#monday-1-opens">Opening times must not overlap' in browser.text
    assert 'value="16:00"' in browser.text


def test_a_week_is_set_as_a_whole(cell: tuple[SiteServed, Browser]) -> None:
    _, browser = cell
    calendar = made(browser)
    empty = {name: "" for name in browser.form(f"{calendar}/hours") if name.endswith(("opens", "closes"))}
    browser.send(f"{calendar}/hours", **{**empty, "saturday-1-opens": "10:00", "saturday-1-closes": "13:00"})
    assert "Saved." in browser.text
    assert hours(cell, calendar) == [("saturday", "10:00", "13:00")]


def test_days_are_closed_or_open_otherwise_and_as_every_week_again(browser: Browser) -> None:
    calendar = made(browser)
    assert "None: every week is as below." in browser.text
    browser.send(f"{calendar}/days", first_day="2026-12-24", last_day="2026-12-26", kind="closed")
    assert "24 December 2026 – 26 December 2026" in browser.text
    hours_of_day = {"day-1-opens": "10:00", "day-1-closes": "12:00"}
    browser.send(f"{calendar}/days", first_day="2026-12-31", last_day="2026-12-31", kind="hours", **hours_of_day)
    assert "Open 10:00–12:00" in browser.text
    first = re.search(rf'action="({calendar}/days/[^"]*/remove)"', browser.text)
    assert first
    browser.send(first[1])
    assert "24 December 2026" not in browser.text
    assert "Open 10:00–12:00" in browser.text


def test_wrong_days_are_said_at_their_field(browser: Browser) -> None:
    calendar = made(browser)
    for first, last, kind, field in (
        ("soon", "2026-12-24", "closed", "first_day"),
        ("2026-12-24", "2026-12-23", "closed", "last_day"),
        ("2026-12-24", "2026-12-24", "hours", "day-1-opens"),
        ("2026-12-24", "2026-12-24", "never", "kind"),
    ):
        answer = browser.send(f"{calendar}/days", first_day=first, last_day=last, kind=kind)
        assert answer.status_code == 422
        assert f'<a href="#{field}">' in browser.text
        assert "<details open>" in browser.text


def test_nobody_else_sees_or_changes_it(cell: tuple[SiteServed, Browser]) -> None:
    _, browser = cell
    calendar = made(browser)
    sign_in(browser, "other")
    assert browser.go(calendar).status_code == 404
    browser.go(NEW)
    browser.send(NEW, name="Mine")
    own = browser.path
    for act, typed in (("hours", {}), ("days", {"first_day": "2026-12-24", "last_day": "2026-12-24"})):
        fields = browser.form(f"{own}/{act}") | typed | {"kind": "closed"}
        assert browser.post(f"{calendar}/{act}", fields).status_code == 403, "a form of another page"
        browser.go(own)
    browser.become_another()
    for path in (calendar, "/provider/calendars", NEW):
        assert browser.go(path).url.path == "/sign-in"


def test_an_unknown_calendar_is_not_there(browser: Browser) -> None:
    for calendar in ("nowhere", "11111111-1111-4111-8111-111111111111"):
        assert browser.go(f"/provider/calendars/{calendar}").status_code == 404


def test_queries_are_as_many_however_much_there_is(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = made(browser)
    for _ in range(2):
        with counting(monkeypatch) as asked:
            browser.go("/provider/calendars")
        assert len(asked) == 3
        with counting(monkeypatch) as asked:
            browser.go(calendar)
        assert len(asked) == 3
        made(browser)
        browser.go(calendar)
        browser.send(f"{calendar}/days", first_day="2026-12-24", last_day="2026-12-24", kind="closed")
