"""A file of queries is right as a whole, or does not load."""

from importlib.resources import files

import pytest

from holdfast.db.queries import Queries, QueryFileWrong, load

GOOD = """\
-- What this file is about.

-- name: place_claims
-- One row a calendar and stretch.
INSERT INTO claim
-- in the caller's order
VALUES (%s);

-- name: head
-- Once a batch.
SELECT 1
"""


def test_a_query_is_an_attribute_by_its_name() -> None:
    queries = Queries("core.sql", GOOD)
    assert queries.place_claims == b"INSERT INTO claim\nVALUES (%s)"
    assert queries.head == b"SELECT 1"
    assert list(queries) == ["place_claims", "head"]


def test_a_query_that_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match=r"core\.sql has no query named heads"):
        _ = Queries("core.sql", GOOD).heads


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("SELECT 1\n", "before the first"),
        ("-- name:\n-- Purpose.\nSELECT 1\n", "does not name"),
        ("-- name: Place-Claims\n-- Purpose.\nSELECT 1\n", "does not name"),
        ("-- name: head\nSELECT 1\n", "does not say what it is for"),
        ("-- name: head\n--\nSELECT 1\n", "does not say what it is for"),
        ("-- name: head\n-- Purpose.\n", "has no SQL"),
        ("-- name: a\n-- P.\nSELECT 1\n-- name: a\n-- P.\nSELECT 2\n", "two queries are named a"),
    ],
)
def test_a_file_that_breaks_a_rule_does_not_load(text: str, fault: str) -> None:
    with pytest.raises(QueryFileWrong, match=fault):
        Queries("core.sql", text)


def test_every_file_of_queries_is_right() -> None:
    for file in files("holdfast.db").joinpath("queries").iterdir():
        assert list(load(file.name.removesuffix(".sql"))), file.name
