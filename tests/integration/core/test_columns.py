"""Rows, queries and tables speak of the same columns in the same order; constraints of the same refusals."""

import re
from typing import get_type_hints

import pytest

from holdfast.core.constraints import BY_CONSTRAINT
from holdfast.db import queries
from holdfast.db.connect import CoreConnection
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import TABLES, CalendarException, Claim, TableRow
from holdfast.domain.store import KEY_OF
from holdfast.domain.vault import VAULT_TABLES

ALL = (*TABLES, *VAULT_TABLES)
PERSIST, PREFETCH = queries.load("persist"), queries.load("prefetch")
CLAIM_COLUMNS = ("calendar", "during", "booking", "expires_at")


def columns_of(table: type[TableRow]) -> tuple[str, ...]:
    """The stored columns that the class stands for. A claim's stretch is one range."""
    return CLAIM_COLUMNS if table is Claim else table.__struct_fields__


def name_of(table: type[TableRow]) -> str:
    return table.TABLE.partition(".")[2]


@pytest.mark.parametrize("table", ALL, ids=name_of)
def test_a_rows_fields_are_its_tables_columns_in_their_order(writer: CoreConnection, table: type[TableRow]) -> None:
    cursor = writer.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [table.TABLE],
    )
    assert tuple(name for (name,) in cursor) == columns_of(table)


@pytest.mark.parametrize("table", ALL, ids=name_of)
def test_a_column_may_be_null_where_its_field_may_be_none(writer: CoreConnection, table: type[TableRow]) -> None:
    if table is Claim:
        return
    cursor = writer.execute(
        "SELECT attname, NOT attnotnull FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND attgenerated = '' ORDER BY attnum",
        [table.TABLE],
    )
    hints = get_type_hints(table)
    optional = {name: type(None) in getattr(hints[name], "__args__", ()) for name in table.__struct_fields__}
    assert dict(cursor.fetchall()) == optional


@pytest.mark.parametrize("table", ALL, ids=name_of)
def test_every_row_is_written_in_the_order_of_its_fields(table: type[TableRow]) -> None:
    sql = getattr(PERSIST, f"put_{name_of(table)}").decode()
    (unnested,) = re.findall(r"AS new\s*\(([^)]*)\)", sql)
    assert tuple(re.findall(r"\w+", unnested)) == table.__struct_fields__
    assert sql.count("%s") == len(table.__struct_fields__)
    if table is not Claim:
        (inserted,) = re.findall(rf"INSERT INTO {table.TABLE} \(([^)]*)\)", sql)
        assert tuple(re.findall(r"\w+", inserted)) == table.__struct_fields__


@pytest.mark.parametrize("table", ALL, ids=name_of)
def test_a_row_that_changes_is_changed_in_every_column(table: type[TableRow]) -> None:
    sql = getattr(PERSIST, f"put_{name_of(table)}").decode()
    if "ON CONFLICT" in sql:
        assignments = re.findall(r"(\w+)\s*=\s*excluded\.(\w+)", sql)
        key = re.findall(r"\w+", re.findall(r"ON CONFLICT \(([^)]*)\)", sql)[0])
        assert all(left == right for left, right in assignments)
        assert [*key, *(left for left, _ in assignments)] == list(table.__struct_fields__)


def test_every_query_that_loads_rows_selects_their_fields_in_their_order(writer: CoreConnection) -> None:
    loads = {f"load_{name_of(table)}": table for table in ALL if f"load_{name_of(table)}" in set(PREFETCH)}
    special = {"load_owners": "member", "load_categories": "category", "load_exceptions": "calendar_exception",
               "load_current_terms": "listing_terms", "load_reviews": "review", "load_claims": "claim"}  # fmt: skip
    by_name = {name_of(table): table for table in ALL}
    loads.update({query: by_name[table] for query, table in special.items()})
    assert set(loads) == set(PREFETCH)
    for query, table in loads.items():
        sql = getattr(PREFETCH, query)
        cursor = writer.execute(
            sql, [[]] * sql.count(b"%s") if b"last_day" not in sql or b">=" not in sql else [[], "2026-01-01"]
        )
        assert cursor.description is not None
        names = [column.name for column in cursor.description]
        if table is not Claim:
            assert names == list(table.__struct_fields__), query
        assert len(names) == len(table.__struct_fields__), query


def test_only_what_evolve_drops_is_dropped() -> None:
    drops = {name for name in PERSIST if name.startswith("drop_")}
    assert drops == {f"drop_{name_of(table)}" for table in (Claim, CalendarException)}


def test_a_rows_key_is_its_tables_primary_key(writer: CoreConnection) -> None:
    for table in ALL:
        cursor = writer.execute(
            "SELECT array_agg(attname::text ORDER BY array_position(conkey, attnum)) FROM pg_constraint "
            "JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) "
            "WHERE conrelid = %s::regclass AND contype = 'p'",
            [table.TABLE],
        )
        (names,) = cursor.fetchall()[0]
        expected = (
            ["calendar", "during"] if table is Claim else list(getattr(table, "KEY", table.__struct_fields__[:1]))
        )
        assert names == expected, table.TABLE
        assert table in KEY_OF


def test_every_constraint_that_stands_for_a_refusal_exists(writer: CoreConnection) -> None:
    names = {name for (name,) in writer.execute("SELECT conname FROM pg_constraint").fetchall()}
    assert set(BY_CONSTRAINT) <= names


def test_a_constraint_named_like_a_refusal_stands_for_it(writer: CoreConnection) -> None:
    names = {name for (name,) in writer.execute("SELECT conname FROM pg_constraint").fetchall()}
    assert {name: refusal for name, refusal in BY_CONSTRAINT.items() if name in set(Refusal)} == {
        name: Refusal(name) for name in names & set(Refusal)
    }
