"""FAULTS 21: a row changed by SQL, as a superuser: `verify` names the row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import psycopg
import pytest

from holdfast.db.connect import writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.passwords import Role
from holdfast.domain.rows import TABLES
from holdfast.domain.vault import VAULT_TABLES
from holdfast.log.verify import ALL, Finding, verify
from support.database import Database, new_database
from support.history import PUBLIC_KEY, fill
from support.tamper import Tamper, lift_constraints

LEDGER = [f"ledger.{name}" for name in ("head", "log", "opening", "outcome", "tile", "checkpoint")]
EVERY_TABLE = pytest.mark.parametrize("table", [*LEDGER, *(table.TABLE for table in (*TABLES, *VAULT_TABLES))])


@dataclass(frozen=True)
class Cell:
    """A cell with a past, its newest checkpoint, and a superuser's connection."""

    database: Database
    remembered: str
    superuser: psycopg.Connection

    def findings(self, only: frozenset[int] = ALL) -> list[Finding]:
        return verify(self.database.url(Role.READER), PUBLIC_KEY, self.remembered, only=only).findings


@pytest.fixture(scope="module")
def cell(server: EmbeddedServer) -> Iterator[Cell]:
    with new_database(server) as database:
        with writer_connection(database.url(Role.WRITER)) as writer:
            remembered = fill(writer)
        with psycopg.connect(database.superuser_url, autocommit=True) as superuser:
            lift_constraints(superuser)
            yield Cell(database, remembered, superuser)


def unnamed(cell: Cell, table: Tamper, change: Callable[[str], set[str]]) -> list[Finding] | None:
    """None where verify names the row that a change touched; else what it found."""
    with table.undone():
        names = change(table.row())
        findings = cell.findings()
    ours = [finding for finding in findings if finding.table == table.table]
    return None if any(name in finding.key for finding in ours for name in names) else findings


def test_every_table_of_ledger_cell_and_vault_is_verified(cell: Cell) -> None:
    known = {*LEDGER, *(table.TABLE for table in (*TABLES, *VAULT_TABLES))}
    tables = cell.superuser.execute(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('ledger', 'cell', 'vault')"
    )
    assert {table for (table,) in tables} == known


@EVERY_TABLE
def test_faults_21_an_update_of_any_column_is_named(cell: Cell, table: str) -> None:
    tamper = Tamper(cell.superuser, table)
    for column in tamper.columns:
        found = unnamed(cell, tamper, partial(tamper.update, column))
        assert found is None, f"{table}.{column.name} was changed, and found was {found}"
    assert cell.findings() == []


@EVERY_TABLE
def test_faults_21_a_deleted_row_is_named(cell: Cell, table: str) -> None:
    tamper = Tamper(cell.superuser, table)
    assert unnamed(cell, tamper, tamper.delete) is None


@EVERY_TABLE
def test_faults_21_an_inserted_row_is_named(cell: Cell, table: str) -> None:
    tamper = Tamper(cell.superuser, table)
    assert unnamed(cell, tamper, tamper.insert) is None


def test_of_a_large_batch_it_names_the_batch_where_nothing_tells_its_outcomes_apart(cell: Cell) -> None:
    tamper = Tamper(cell.superuser, "ledger.outcome")
    with tamper.undone():
        cell.superuser.execute(
            "UPDATE ledger.outcome SET received_at = received_at - interval '1 hour' WHERE batch = 288 AND n = 77"
        )
        (finding,) = cell.findings()
    assert (finding.invariant, finding.table) == (10, "ledger.outcome")
    assert "batch 288" in finding.sentence


@pytest.mark.parametrize(
    ("table", "column", "guards"),
    [
        ("ledger.log", "leaf", {8}),
        ("ledger.opening", "salt", {8}),
        ("ledger.outcome", "fingerprint", {10}),
        ("ledger.checkpoint", "note", {8}),
        ("cell.member", "epoch", {9}),
        ("cell.claim", "during", {2, 9}),
        ("cell.booking", "total_minor", {4, 9}),
        ("cell.listing", "rating_sum", {6, 9}),
        ("vault.profile", "name", {9}),
    ],
)
def test_without_its_check_a_change_goes_unseen(cell: Cell, table: str, column: str, guards: set[int]) -> None:
    """The negative control: these tests would fail if verify did not look."""
    tamper = Tamper(cell.superuser, table)
    changed = next(one for one in tamper.columns if one.name == column)
    with tamper.undone():
        tamper.update(changed, tamper.row())
        assert {finding.invariant for finding in cell.findings()} == guards
        assert cell.findings(only=ALL - guards) == []
