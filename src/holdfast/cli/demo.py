"""`holdfast demo`: a node whose cell has a year of invented life behind it."""

import os
from datetime import date

import typer

from holdfast.cli.serve import run_node
from holdfast.demo.welcome import welcome
from holdfast.secrets import load_or_create
from holdfast.settings import Settings, load

app = typer.Typer()


@app.command("demo")
def demo() -> None:
    """Run a demo until Ctrl-C: Lisbon, 300 providers, a year of bookings. In the folder of HOLDFAST_DATA, or ./data."""
    os.environ["HOLDFAST_DEMO"] = "1"  # the node's processes read their settings from here
    settings = load(os.environ)
    run_node(settings, lambda: typer.echo(_welcome(settings)))


def _welcome(settings: Settings) -> str:
    today = date.today()  # noqa: DTZ011 - the day on the wall of whoever reads it
    return welcome(settings.public_url, load_or_create(settings.secrets).cell_hmac, today)
