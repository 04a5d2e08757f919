"""`holdfast log`: the log as this node knows it."""

import os

import typer

from holdfast.settings import Refused, load

app = typer.Typer()
verbs = typer.Typer(help="The log as this node knows it.", no_args_is_help=True)
app.add_typer(verbs, name="log")


@verbs.command("checkpoint")
def checkpoint() -> None:
    """Print the newest checkpoint on this node's disk: a signed note."""
    file = load(os.environ).data / "checkpoint"
    if not file.exists():
        raise Refused(f"{file} is not there: the log has not been signed yet. A running node signs it")
    typer.echo(file.read_text(), nl=False)
