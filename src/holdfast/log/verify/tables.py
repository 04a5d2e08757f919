"""Invariant 9, the cell: its tables row by row against what evolve made. Afterwards the rows are as they were found."""

from typing import Any

from msgspec.structs import astuple

from holdfast.domain.rows import TABLES, Row
from holdfast.domain.store import Rows
from holdfast.log.verify.ledger import Progress
from holdfast.log.verify.report import Findings
from holdfast.log.verify.snapshot import Snapshot, Values

TEXT_SHOWN = 60


def check_cell(reading: Snapshot, rows: Rows, findings: Findings, progress: Progress) -> None:
    """Names every row of schema cell that is changed, missing or too many.

    Takes what it finds over into `rows`, so that the other invariants are held against the tables and not the log.
    """
    for done, table in enumerate(TABLES):
        progress("the cell's tables", done, len(TABLES))
        _check_table(reading, table, rows.tables[table], findings)


def _check_table(reading: Snapshot, table: type[Row], expected: dict[Any, Any], findings: Findings) -> None:
    width = len(table.KEY)
    seen: set[Any] = set()
    changes: list[Values] = []
    twice: list[Values] = []
    lookup, note = expected.get, seen.add
    for values in reading.stream(query_of(table.TABLE)):
        key = values[0] if width == 1 else values[:width]
        row = lookup(key)
        if row is None or astuple(row) != values:
            changes.append(values)
        if key in seen:
            twice.append(values)
        note(key)
    findings.count(9, len(seen))
    for values in twice:
        findings.add(9, table.TABLE, shown_key(_key(table, values)), "the row is there twice")
    _report(table, expected, changes, [key for key in expected if key not in seen], findings)


def _report(
    table: type[Row], expected: dict[Any, Any], changes: list[Values], missing: list[Any], findings: Findings
) -> None:
    for values in changes:
        key = _key(table, values)
        row = expected.get(key)
        sentence = "no event made this row" if row is None else _difference(table, astuple(row), values)
        findings.add(9, table.TABLE, shown_key(key), sentence)
        expected[key] = table(*values)
    for key in missing:
        findings.add(9, table.TABLE, shown_key(key), "missing: events made it")
        del expected[key]


def query_of(table: str) -> str:
    """The name of the query that reads a table: cell.booking → cell_booking."""
    return table.replace(".", "_")


def shown_key(key: object) -> str:
    """A primary key for people: its one column, or (a, b)."""
    return f"({', '.join(map(str, key))})" if isinstance(key, tuple) else str(key)


def _key(table: type[Row], values: Values) -> Any:
    return values[0] if len(table.KEY) == 1 else values[: len(table.KEY)]


def _difference(table: type[Row], expected: Values, found: Values) -> str:
    """Every column that differs, as `column: expected → found`. Schema cell holds nothing personal."""
    names = table.__struct_fields__
    return "; ".join(
        f"{name}: {_shown(wanted)} → {_shown(there)}"
        for name, wanted, there in zip(names, expected, found, strict=True)
        if wanted != there
    )


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= TEXT_SHOWN else text[:TEXT_SHOWN] + "…"
