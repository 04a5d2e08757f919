"""`holdfast settings`: every setting with its value, or the table of docs/settings.md."""

import os
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from holdfast.settings import OF_TESTS, PREFIX, Row, Settings, load, table

app = typer.Typer()

HEAD = f"""# Settings

Holdfast is set by environment variables. A name or a value that it does not know is refused at start, with what to
write instead; names that start with `{OF_TESTS}` belong to tests. This page is what `holdfast settings --markdown`
prints.

| name | default | what to write | what it does |
|---|---|---|---|
"""


@app.command("settings")
def settings(markdown: Annotated[bool, typer.Option(help="Print docs/settings.md instead.")] = False) -> None:
    """List the settings, their values here, and what they do."""
    if markdown:
        typer.echo(as_markdown(), nl=False)
    else:
        _print(load(os.environ))


def as_markdown() -> str:
    """The whole of docs/settings.md."""
    return HEAD + "".join(
        f"| `{row.name}` | {f'`{row.default}`' if row.default else 'none'} | {row.values} | {row.description} |\n"
        for row in table()
    )


def _print(chosen: Settings) -> None:
    listed = Table("name", "value", "what it does")
    for row in table():
        listed.add_row(row.name, _value(row, chosen), f"{row.description} ({row.values})")
    Console().print(listed)


def _value(row: Row, chosen: Settings) -> str:
    value = getattr(chosen, row.name.removeprefix(PREFIX).lower())
    if value in ("", None):
        return "none"
    return "(set)" if row.secret else str(value)
