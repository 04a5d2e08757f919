"""One snapshot of a cell's database, read to its end without disturbing anybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import IsolationLevel, sql

from holdfast.db import queries
from holdfast.db.adapt import ADAPTERS

SQL = queries.load("verify")
ROWS_AT_ONCE = 2000

Values = tuple[Any, ...]


class Snapshot:
    """A REPEATABLE READ, READ ONLY transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def stream(self, query: str, *parameters: object) -> Iterator[Values]:
        """The rows of a named query, a piece at a time; several may be read side by side."""
        with self._connection.cursor(query, binary=True) as cursor:
            cursor.execute(getattr(SQL, query), parameters)
            # Iterating the cursor itself costs as much again a row.
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from rows

    def rows(self, query: str) -> list[Values]:
        """The rows of a named query with a small result."""
        with self._connection.cursor(binary=True) as cursor:
            return cursor.execute(getattr(SQL, query)).fetchall()

    def export(self) -> str:
        """A name by which `snapshot` opens the same one on another connection, as long as this one is open."""
        return str(self.rows("snapshot")[0][0])


@contextmanager
def snapshot(url: str, of: str | None = None) -> Iterator[Snapshot]:
    """A new snapshot by a role that may read everything, or the one that another connection exported.

    Raises psycopg.Error where the database cannot be reached or read.
    """
    with psycopg.connect(url, context=ADAPTERS, application_name="holdfast verify") as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        if of is not None:
            connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(of)))
        connection.execute(SQL.prepare)
        yield Snapshot(connection)
        connection.rollback()
