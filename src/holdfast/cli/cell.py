"""`holdfast cell`: which marketplace this node is of."""

import os

import typer

from holdfast.cli.node import keys_of, read
from holdfast.domain.instants import moment_of
from holdfast.reads.overview import CellShown, Counts, cell, counts
from holdfast.reads.reader import Reader
from holdfast.settings import Refused, load

app = typer.Typer()


@app.command("cell")
def show() -> None:
    """Print the cell's id, zone, currency, public key and size."""
    settings = load(os.environ)
    found, size = read(settings, keys_of(settings), _found)
    lines = {
        "cell": found.id,
        "founded": moment_of(found.founded_at).isoformat(timespec="seconds"),
        "zone": found.zone,
        "currency": found.currency,
        "public key": found.public_key,
        "members": f"{size.members}",
        "published listings": f"{size.listings}",
        "bookings": f"{size.bookings}",
        "log entries": f"{size.log_size}",
    }
    for name, value in lines.items():
        typer.echo(f"{name + ':':<20}{value}")


async def _found(reader: Reader) -> tuple[CellShown, Counts]:
    found = await cell(reader)
    if found is None:
        raise Refused("no cell is founded in this database yet: holdfast serve founds one")
    return found, await counts(reader)
