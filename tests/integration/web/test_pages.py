"""What everybody can see of a node: pages, status, and what is said when something is missing."""

import re

import psycopg
import pytest

from support.cells import Cell
from support.database import Database
from support.pages import Pages

PAGES = ("/", "/status")
ALL = (*PAGES, "/status.json", "/summary.json", "/robots.txt")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_html_under_a_strict_policy(pages: Pages, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert re.search(r"<title>[^<]+ – Holdfast</title>", answer.text)
    assert answer.text.count("<h1>") == 1


@pytest.mark.parametrize("path", ALL)
def test_head_answers_as_get_without_the_body(pages: Pages, path: str) -> None:
    answer = pages.client.head(path)
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["content-type"] == pages.get(path).headers["content-type"]


def test_home_says_what_runs_and_where_to_go(pages: Pages, cell: Cell) -> None:
    ((cell_id,),) = cell.all("SELECT id::text FROM cell.cell")
    text = pages.get("/").text
    for words in (cell_id, "EUR", "Europe/Lisbon", "/api/v1/openapi.json", "/status", "/log/checkpoint"):
        assert words in text


def test_every_local_link_of_home_leads_somewhere(pages: Pages) -> None:
    links = set(re.findall(r'href="(/[^"]*)"', pages.get("/").text)) - {"/log/checkpoint", "/log/key"}
    assert {link: pages.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_assets_are_kept_for_ever_under_the_name_of_their_content(pages: Pages) -> None:
    for path in re.findall(r'href="(/assets/[^"]*)"', pages.get("/").text):
        assert "immutable" in pages.get(path).headers["cache-control"]
    assert pages.get("/assets/holdfast-000000000000.css").status_code == 404


def test_robots_may_read_pages_and_not_the_api(pages: Pages) -> None:
    assert pages.get("/robots.txt").text == "User-agent: *\nAllow: /\nDisallow: /api/\n"


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/at/all", "/assets/nothing.css", "/wp-admin.php"])
def test_an_unknown_address_is_a_page_in_plain_words(pages: Pages, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 404
    assert "<title>Error: There is no such page" in answer.text
    assert "Nothing was changed." in answer.text
    assert pages.client.post("/nowhere").status_code == 404


def test_an_unknown_address_of_the_api_is_a_problem_and_no_page(pages: Pages) -> None:
    for path in ("/api/v1/nowhere", "/api/nowhere"):
        answer = pages.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "route_unknown")


def test_a_page_that_fails_tells_what_happened_and_a_reference_but_not_the_cause(pages: Pages) -> None:
    answer = pages.get("/broken")
    assert answer.status_code == 500
    for words in ("This page failed", "Nothing was changed by asking", answer.headers["request-id"]):
        assert words in answer.text
    assert "secret cause" not in answer.text


def test_what_comes_from_outside_is_escaped(pages: Pages, cell: Cell, database: Database) -> None:
    with psycopg.connect(database.superuser_url) as admin:
        admin.execute("UPDATE cell.cell SET public_key = '<b>key</b>'")
    assert "&lt;b&gt;key&lt;/b&gt;" in pages.get("/").text
