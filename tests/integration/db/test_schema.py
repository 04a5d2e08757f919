"""What the schema promises: every rule has a name, cell replays, and the log only grows."""

from collections.abc import Iterator

import psycopg
import pytest

from holdfast.db.passwords import Role
from support.database import Database

FOR_EVER = ("log", "opening", "outcome", "checkpoint")


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.url(Role.OWNER)) as connection:
        yield connection


def names(connection: psycopg.Connection, query: str) -> list[str]:
    return [name for (name,) in connection.execute(query.encode())]


OURS = "('ledger', 'cell', 'vault', 'local')"


def test_every_constraint_is_named_after_what_it_forbids(owner: psycopg.Connection) -> None:
    # PostgreSQL's own names end so; a primary key's may, as it forbids nothing but the same row twice.
    automatic = names(
        owner,
        "SELECT conrelid::regclass || ': ' || conname FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace "
        f"WHERE nspname IN {OURS} AND contype <> 'n' AND conname ~ '_(fkey|check|key|excl)[0-9]*$'",
    )
    assert automatic == []


def test_cell_holds_nothing_that_replay_would_not_make_again(owner: psycopg.Connection) -> None:
    cell = "WHERE nspname = 'cell'"
    columns = (
        "SELECT attrelid::regclass || '.' || attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
        f"JOIN pg_namespace n ON n.oid = relnamespace {cell} AND attnum > 0 AND relkind IN ('r', 'p')"
    )
    stored = " AND attgenerated = ''"
    assert names(owner, columns + " AND atthasdef" + stored) == [], "no defaults"
    assert names(owner, columns + " AND attidentity <> ''") == [], "no identity columns"
    triggers = (
        "SELECT tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
        f"JOIN pg_namespace n ON n.oid = relnamespace {cell} AND NOT tgisinternal"
    )
    assert names(owner, triggers) == [], "no triggers"
    sequences = f"SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace {cell} AND relkind = 'S'"
    assert names(owner, sequences) == [], "no sequences"


@pytest.mark.parametrize("role", [Role.WRITER, Role.READER])
def test_invariant_11_nobody_but_the_owner_may_change_what_the_log_says(owner: psycopg.Connection, role: Role) -> None:
    for table in FOR_EVER:
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            row = owner.execute("SELECT has_table_privilege(%s, %s, %s)", [role, f"ledger.{table}", right]).fetchone()
            assert row == (False,), f"{role} may {right} ledger.{table}"
        row = owner.execute("SELECT has_any_column_privilege(%s, %s, 'UPDATE')", [role, f"ledger.{table}"]).fetchone()
        assert row == (False,), f"{role} may UPDATE a column of ledger.{table}"


def test_invariant_11_no_cascade_reaches_the_log(owner: psycopg.Connection) -> None:
    changing = names(
        owner,
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = 'ledger'::regnamespace "
        "AND (confdeltype NOT IN ('a', 'r') OR confupdtype NOT IN ('a', 'r'))",
    )
    assert changing == []


def test_the_reader_reads_everything_and_changes_nothing(owner: psycopg.Connection) -> None:
    tables = (
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        f"WHERE relkind IN ('r', 'p') AND nspname IN {OURS}"
    )
    for table in names(owner, tables):
        rights = [
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if owner.execute("SELECT has_table_privilege(%s, %s, %s)", [Role.READER, table, right]).fetchone()
            == (True,)
        ]
        assert rights == ["SELECT"], table
