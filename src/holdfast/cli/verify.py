"""`holdfast verify`: every invariant on the live cell; the rows that break one, by name."""

import os
from itertools import groupby
from pathlib import Path
from typing import Annotated

import msgspec
import psycopg
import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from holdfast.db.passwords import Role
from holdfast.log.note import public_bytes
from holdfast.log.verify import INVARIANTS, Report
from holdfast.log.verify import verify as verify_cell
from holdfast.secrets import Secrets, exists, load_or_create
from holdfast.settings import Refused, Settings, load
from holdfast.wiring import Databases

app = typer.Typer()

FOUND = 1
UNCHECKED = 2
SHOWN = 10
REMEMBERED = "checkpoint"
"""The file in the data folder in which a node keeps the newest checkpoint that it saw."""


@app.command("verify")
def verify(
    every: Annotated[bool, typer.Option("--all", help=f"Show every finding, not the first {SHOWN} of a kind.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the report to this file, too.")] = None,
) -> None:
    """Check every invariant of this cell, and name the rows that break one.

    Ends with status 0 where all is as it should be, 1 with findings, 2 where the cell could not be checked.
    """
    try:
        report = _verified(load(os.environ))
        if json is not None:
            json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    except (Refused, psycopg.Error, OSError) as error:
        typer.echo(f"holdfast: the cell could not be checked: {str(error).strip()}", err=True)
        raise typer.Exit(UNCHECKED) from None
    _show(report, Console(highlight=False), None if every else SHOWN)
    if not report.clean:
        raise typer.Exit(FOUND)


def _verified(settings: Settings) -> Report:
    """Reads the database as the reader, with the log's key and newest checkpoint from this node's disk."""
    if not exists(settings.secrets):
        raise Refused(f"there are no keys in {settings.secrets}: name the node's folder with HOLDFAST_DATA")
    secrets = load_or_create(settings.secrets)
    public_key = public_bytes(Ed25519PrivateKey.from_private_bytes(secrets.cell_ed25519))
    remembered = settings.data / REMEMBERED
    note = remembered.read_text() if remembered.exists() else None
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %")
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("the log")
        try:
            return verify_cell(
                _url(settings, secrets),
                public_key,
                note,
                progress=lambda what, done, of: bar.update(task, description=what, completed=done, total=of or None),
            )
        except psycopg.OperationalError as error:
            raise _away(settings, str(error).strip().partition("\n")[0]) from error


def _url(settings: Settings, secrets: Secrets) -> str:
    try:
        return Databases(settings, secrets).url(Role.READER)
    except FileNotFoundError as error:
        raise _away(settings, "it has never run here") from error


def _away(settings: Settings, why: str) -> Refused:
    what_to_do = "" if settings.database_url else ": holdfast serve starts it"
    return Refused(f"the database does not answer ({why}){what_to_do}")


def _show(report: Report, console: Console, most: int | None) -> None:
    table = Table("", "invariant", "checked", "findings")
    found = {number: list(group) for number, group in groupby(report.findings, key=lambda one: one.invariant)}
    for number, text in INVARIANTS.items():
        table.add_row(str(number), text, f"{report.checked[number]:,}", str(len(found.get(number, ()))))
    console.print(table)
    console.print("7 is about money. None moves in this cell, so there is nothing to check.")
    for number, findings in found.items():
        console.print(f"\n[bold]{number}: {INVARIANTS[number]}[/bold]")
        for finding in findings[:most]:
            console.print(f"  {finding.table} {finding.key}: {finding.sentence}", markup=False, soft_wrap=True)
        if most is not None and len(findings) > most:
            console.print(f"  and {len(findings) - most} more: --all shows them")
    result = "clean" if report.clean else f"{len(report.findings)} findings"
    log = f"{report.size:,} entries, root {report.root}"
    console.print(f"\nCell {report.cell}: {log}, {report.seconds:.1f} s: {result}", soft_wrap=True)
