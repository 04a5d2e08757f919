"""Changes rows by SQL as a superuser for whom no constraint stands in the way, and puts them back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

KEY_SHOWN = {
    "ledger.head": "id::text",
    "ledger.log": "seq::text",
    "ledger.opening": "seq::text",
    "ledger.outcome": "command::text",
    "ledger.tile": "'(' || level || ', ' || index || ')'",
    "ledger.checkpoint": "size::text",
    "cell.listing_terms": "'(' || listing || ', ' || version || ')'",
    "cell.booking_line": "'(' || booking || ', ' || n || ')'",
    "cell.booking_step": "'(' || booking || ', ' || n || ')'",
    "cell.claim": "'(' || calendar",
    "vault.sign_in": "member::text",
}
"""How verify names a row, where that is not its first column: an e-mail address is nobody's business."""


@dataclass(frozen=True)
class Column:
    """A column, and by which expression it gets another value."""

    name: str
    is_key: bool
    other: str


OTHER = {
    "uuid": "gen_random_uuid()",
    "timestamptz": "coalesce({0}, now()) + interval '1 hour'",
    "date": "{0} - 1",
    "int4": "coalesce({0}, 0) + 7",
    "int8": "coalesce({0}, 0) + 1000000",
    "text": "coalesce({0}, '') || 'x'",
    "bool": "NOT {0}",
    "bytea": "set_byte({0}, 0, (get_byte({0}, 0) + 1) %% 256)",
    "_int4": "{0} || 7",
    "_uuid": "{0} || gen_random_uuid()",
    "tstzrange": "tstzrange(lower({0}), upper({0}) + interval '1 minute')",
}


class Tamper:
    """One table of a database of one's own. Rows are told apart by where they lie (ctid)."""

    def __init__(self, connection: psycopg.Connection, table: str) -> None:
        self.connection = connection
        self.table = table
        self.columns = [
            Column(name, is_key, OTHER[kind].format(f'"{name}"'))
            for name, is_key, kind in connection.execute(
                "SELECT attname, EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'p' "
                "AND attnum = ANY (conkey)), typname FROM pg_attribute JOIN pg_type t ON t.oid = atttypid "
                "WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' ORDER BY attnum",
                [table],
            ).fetchall()
        ]
        self.names = ", ".join(f'"{column.name}"' for column in self.columns)
        self.shown = KEY_SHOWN.get(table, f'"{self.columns[0].name}"::text')

    def row(self) -> str:
        """The ctid of one row: the second by its key (an outcome: by its batch, a small one), or the only one."""
        by_key = ", ".join(f'"{column.name}"' for column in self.columns if column.is_key)
        keys = "batch" if self.table == "ledger.outcome" else by_key
        rows = self.connection.execute(f"SELECT ctid::text FROM {self.table} ORDER BY {keys} LIMIT 2").fetchall()
        assert rows, f"the history leaves {self.table} empty"
        return str(rows[-1][0])

    def update(self, column: Column, row: str) -> set[str]:
        """Gives the column another value; the row's names before and after."""
        before = self._shown(row)
        changed = self.connection.execute(
            f'UPDATE {self.table} SET "{column.name}" = {column.other} WHERE ctid = %s::tid RETURNING {self.shown}',
            [row],
        ).fetchall()
        return {before, str(changed[0][0])}

    def delete(self, row: str) -> set[str]:
        """Deletes the row; its name. An outcome that is gone has only its place in its batch."""
        name = "'batch ' || batch || ', n ' || n" if self.table == "ledger.outcome" else self.shown
        deleted = self.connection.execute(
            f"DELETE FROM {self.table} WHERE ctid = %s::tid RETURNING {name}", [row]
        ).fetchall()
        return {str(deleted[0][0])}

    def insert(self, row: str) -> set[str]:
        """Inserts a copy of the row under another key; its name."""
        values = ", ".join(column.other if column.is_key else f'"{column.name}"' for column in self.columns)
        inserted = self.connection.execute(
            f"INSERT INTO {self.table} ({self.names}) SELECT {values} FROM {self.table} WHERE ctid = %s::tid "
            f"RETURNING {self.shown}",
            [row],
        ).fetchall()
        return {str(inserted[0][0])}

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What happens to the table inside is put right again."""
        self.connection.execute(f"CREATE TEMP TABLE before AS SELECT {self.names} FROM {self.table}")
        try:
            yield
        finally:
            self.connection.execute(f"TRUNCATE {self.table}")
            self.connection.execute(f"INSERT INTO {self.table} ({self.names}) SELECT {self.names} FROM before")
            self.connection.execute("DROP TABLE before")

    def _shown(self, row: str) -> str:
        query = f"SELECT {self.shown} FROM {self.table} WHERE ctid = %s::tid"
        return str(self.connection.execute(query, [row]).fetchall()[0][0])


def lift_constraints(connection: psycopg.Connection) -> None:
    """Drops every check, reference, exclusion and uniqueness of ledger, cell and vault but the primary keys."""
    for kinds in ("f", "cux"):
        for table, name in connection.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint JOIN pg_namespace s ON s.oid = connamespace "
            "WHERE nspname IN ('ledger', 'cell', 'vault') AND position(contype::text in %s) > 0",
            [kinds],
        ).fetchall():
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
