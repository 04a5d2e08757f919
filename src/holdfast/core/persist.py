"""Writes what a batch changed: net effects, a constant number of set-based statements, releases before claims."""

import psycopg

from holdfast.core.codec import columns_of, keys_of
from holdfast.db import queries
from holdfast.domain.rows import TABLES, CalendarException, Claim, TableRow
from holdfast.domain.store import Rows
from holdfast.domain.vault import VAULT_TABLES

_SQL = queries.load("persist")
_PUT: dict[type[TableRow], bytes] = {
    table: getattr(_SQL, f"put_{table.TABLE.partition('.')[2]}") for table in (*TABLES, *VAULT_TABLES)
}
_DROP: dict[type[TableRow], tuple[bytes, tuple[str, ...]]] = {
    Claim: (_SQL.drop_claim, Claim.KEY),
    CalendarException: (_SQL.drop_calendar_exception, CalendarException.KEY),
}


def persist(connection: psycopg.Connection, rows: Rows) -> None:
    """Sends the statements that make the tables equal to the rows. In a pipeline, errors come when it is synced."""
    changes = [(table, *rows.changes(table)) for table in (*TABLES, *VAULT_TABLES)]
    for table, gone, written in changes:
        if table is Claim:
            # A claim's key is its stretch: to change it is to release it and to claim anew.
            gone = [*gone, *((row.calendar, row.starts_at, row.ends_at) for row in written if rows.was(row))]  # type: ignore[attr-defined]  # claims, by their table
        if gone:
            sql, key = _DROP[table]
            connection.execute(sql, keys_of(table, key, gone))
    for table, _, written in changes:
        if written:
            connection.execute(_PUT[table], columns_of(table, written))
