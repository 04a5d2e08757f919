"""`holdfast database-url`: where the database is, for psql and its like."""

import os

import typer

from holdfast.cli.node import keys_of
from holdfast.settings import load
from holdfast.wiring import Databases

app = typer.Typer()


@app.command("database-url")
def database_url() -> None:
    """Print the URL of the embedded server's superuser, or the one that HOLDFAST_DATABASE_URL names."""
    settings = load(os.environ)
    typer.echo(settings.database_url or Databases(settings, keys_of(settings)).admin_url())
