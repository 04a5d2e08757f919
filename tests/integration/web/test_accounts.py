"""Signing up, in and out with plain forms, and what forms of others come to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.domain.instants import DAY_US, Instant
from support.database import Database
from support.site import HOST, Browser, SiteServed, site
from support.until import until

RITA = {"name": "Rita Sousa", "email": "Rita@example.test", "password": "a fine password"}
SESSION = "holdfast"


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[tuple[SiteServed, Browser]]:
    with site(database, tmp_path) as running:
        yield running


@pytest.fixture
def browser(served: tuple[SiteServed, Browser]) -> Browser:
    return served[1]


@pytest.fixture
def cell(served: tuple[SiteServed, Browser]) -> SiteServed:
    return served[0]


def sign_up(browser: Browser, path: str = "/sign-up") -> None:
    browser.go(path)
    assert browser.send("/sign-up", **RITA).status_code == 200


def sign_in(browser: Browser, password: str = RITA["password"], path: str = "/sign-in") -> int:
    browser.go(path)
    return browser.send("/sign-in", email="rita@EXAMPLE.test", password=password).status_code


def test_somebody_signs_up_out_and_in_again(browser: Browser) -> None:
    sign_up(browser)
    assert "Welcome. Your account is ready." in browser.text
    assert "Sign out" in browser.text
    browser.send("/sign-out")
    assert "You are signed out." in browser.text
    assert SESSION not in browser.client.cookies
    assert sign_in(browser) == 200
    assert "You are signed in." in browser.text
    assert "You are signed in." not in browser.go("/").text, "it is said once"


def test_the_cookie_of_a_sign_in_is_for_the_node_alone(browser: Browser) -> None:
    browser.go("/sign-up")
    browser.client.follow_redirects = False
    cookies = browser.send("/sign-up", **RITA).headers.get_list("set-cookie")
    (session,) = [each for each in cookies if each.startswith(f"{SESSION}=hft_")]
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=2592000"} <= set(re.split("; ?", session))
    assert "Domain" not in session


def test_over_https_each_cookie_is_tied_to_its_host(database: Database, tmp_path: Path) -> None:
    with site(database, tmp_path, public_url="https://cell.test") as (_, browser):
        cookies = browser.go("/sign-up?lang=pt").headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all(each.startswith("__Host-holdfast") and "Secure" in each and "Path=/" in each for each in cookies)


def test_a_wrong_password_and_an_unknown_address_are_told_alike(browser: Browser) -> None:
    sign_up(browser)
    browser.send("/sign-out")
    assert sign_in(browser, "another password") == 422
    known = re.sub(r'value="[^"]*"', "", browser.text)
    browser.go("/sign-in")
    browser.send("/sign-in", email="nobody@example.test", password="another password")
    assert "The e-mail address or the password is wrong" in known
    assert re.sub(r'value="[^"]*"', "", browser.text) == known
    assert SESSION not in browser.client.cookies


def test_what_is_wrong_is_said_above_and_at_each_field_and_what_was_typed_is_kept(browser: Browser) -> None:
    browser.go("/sign-up")
    answer = browser.send("/sign-up", name="Rita", email="no address", password="short")
    assert answer.status_code == 422
    assert "<title>Error: Sign up" in browser.text
    assert '<div class="errors" role="alert" tabindex="-1" autofocus' in browser.text
    for field, said in (("email", "Enter an e-mail address, such as"), ("password", "Choose a password of 10 to 200")):
        assert re.search(rf'<a href="#{field}">{said}', browser.text)
        assert re.search(rf'id="{field}-error"><span class="unseen">Error:</span> {said}', browser.text)
    assert 'value="no address"' in browser.text
    assert "short" not in browser.text, "a password is never sent back"


def test_a_taken_address_is_said_at_its_field(browser: Browser) -> None:
    sign_up(browser)
    browser.send("/sign-out")
    browser.go("/sign-up")
    assert browser.send("/sign-up", **RITA, time_zone="Europe/Paris").status_code == 422
    assert "has an account already" in browser.text


def test_a_second_press_signs_up_nobody_else(browser: Browser) -> None:
    browser.go("/sign-up")
    fields = {**browser.form("/sign-up"), **RITA}
    browser.client.follow_redirects = False
    members = set()
    for _ in range(2):
        assert browser.post("/sign-up", fields).status_code == 303
        token = browser.client.cookies[SESSION]
        headers = {"Authorization": f"Bearer {token}"}
        members.add(browser.client.get("/api/v1/members/me", headers=headers).json()["id"])
    assert len(members) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HOST}, 422),
        ({"Referer": f"{HOST}/sign-in"}, 422),
        ({"Origin": "http://localhost:8000"}, 422),
        ({"Origin": "https://evil.test", "Referer": f"{HOST}/sign-in"}, 403),
        ({"Origin": "null"}, 403),
        ({"Referer": "https://evil.test/?http://cell.test"}, 403),
        ({}, 403),
    ],
)
def test_a_form_counts_only_from_a_page_of_ours(browser: Browser, headers: dict[str, str], status: int) -> None:
    browser.go("/sign-in")
    assert browser.send("/sign-in", headers).status_code == status
    if status == 403:
        assert "This form was not accepted" in browser.text
        assert "Nothing was changed." in browser.text


def test_a_form_counts_only_with_its_token_in_its_browser(browser: Browser) -> None:
    browser.go("/sign-in")
    fields = browser.form("/sign-in")
    assert browser.post("/sign-in", {**fields, "form_token": ""}).status_code == 403
    assert browser.post("/sign-in", {**fields, "form_token": "ü" * 32}).status_code == 403
    assert browser.post("/sign-in", {**fields, "form_key": ""}).status_code == 403
    assert browser.post("/sign-up", fields).status_code == 403, "a token is for one form"
    assert browser.post("/sign-in", fields).status_code == 422
    browser.become_another()
    browser.go("/sign-in")
    assert browser.post("/sign-in", fields).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/%0d%0aX: y\r\n",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_sign_in_leads_to_no_other_host(browser: Browser, path: str) -> None:
    sign_up(browser)
    browser.send("/sign-out")
    browser.go("/sign-in", params={"next": path})
    browser.client.follow_redirects = False
    typed = {"email": "rita@example.test", "password": RITA["password"]}
    assert browser.post("/sign-in", {**browser.form("/sign-in"), **typed, "next": path}).headers["location"] == "/"


def test_a_sign_in_leads_back_to_where_it_was_asked_for(browser: Browser) -> None:
    sign_up(browser, "/sign-up?next=/status?of%3Dnode")
    assert browser.path == "/status"


def test_a_sign_in_that_was_ended_elsewhere_is_told_and_forgotten(cell: SiteServed, browser: Browser) -> None:
    sign_up(browser)
    cell.api.tokens["rita"] = browser.client.cookies[SESSION]
    cell.clock.now = Instant(cell.clock.now + 31 * DAY_US)
    browser.go("/")
    assert "Your sign-in has ended. Sign in again to go on." in browser.text
    assert "Sign out" not in browser.text
    assert SESSION not in browser.client.cookies
    assert "Your sign-in has ended" not in browser.go("/").text


def test_signing_out_ends_the_token_itself(cell: SiteServed, browser: Browser) -> None:
    sign_up(browser)
    cell.api.tokens["rita"] = browser.client.cookies[SESSION]
    assert cell.api.send("GET", "/members/me", "rita").status_code == 200
    browser.go("/")
    browser.send("/sign-out")
    assert cell.api.send("GET", "/members/me", "rita").json()["code"] == "session_ended"


def test_while_the_core_is_away_signing_out_counts_here_and_says_so(cell: SiteServed, browser: Browser) -> None:
    sign_up(browser)
    cell.market.away = True
    browser.send("/sign-out")
    assert "This browser is signed out." in browser.text
    assert SESSION not in browser.client.cookies
    assert len(cell.market.kept) == 1


def test_too_many_sign_ins_from_one_address_are_told_when_to_come_again(cell: SiteServed, browser: Browser) -> None:
    cell.market.wait_s = 17
    assert sign_in(browser) == 429
    assert browser.page is not None
    assert browser.page.headers["retry-after"] == "17"
    assert "Too many tries in a short time" in browser.text


def test_the_language_is_asked_for_kept_or_preferred(browser: Browser) -> None:
    assert '<html lang="pt">' in browser.go("/sign-in", headers={"Accept-Language": "fr, pt-BR;q=0.8, en;q=0.5"}).text
    assert '<html lang="en">' in browser.go("/sign-in").text
    shown = browser.go("/sign-in?lang=pt&next=/status")
    assert shown.headers["content-language"] == "pt"
    assert "Palavra-passe" in shown.text
    assert 'href="?next=%2Fstatus&amp;lang=en"' in shown.text
    assert '<html lang="pt">' in browser.go("/sign-in").text
    assert '<html lang="en">' in browser.go("/sign-in", params={"lang": "en"}).text


def test_a_page_and_its_assets_weigh_little(browser: Browser) -> None:
    """Over the wire, as a browser that takes gzip gets them; latin-ext aside."""
    sizes = {}
    page = browser.go("/sign-up").text
    found = set(re.findall(r'(?:href|src)="(/assets/[^"#]*)', page))
    sheet = browser.client.get(next(path for path in found if path.endswith(".css"))).text
    found |= {path for path in re.findall(r'url\("([^"]*)"\)', sheet) if "latin-ext" not in path}
    for path in (*found, "/sign-up"):
        with browser.client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            sizes[path] = sum(len(part) for part in answer.iter_raw())
    assert sum(sizes.values()) < 85_000, sizes


def test_every_page_says_when_bookings_are_received_and_not_settled(cell: SiteServed, browser: Browser) -> None:
    received = "New bookings are received and settled in order."
    assert received not in browser.go("/sign-in").text
    cell.market.away = True
    until(lambda: received in browser.go("/sign-in").text, "the relay was asked again")
