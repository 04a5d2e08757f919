"""`holdfast version`: which release this is."""

import typer

from holdfast import __version__

app = typer.Typer()


@app.command("version")
def version() -> None:
    """Print the release."""
    typer.echo(f"holdfast {__version__}")
