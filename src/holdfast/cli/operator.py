"""`holdfast operator`: who runs the marketplace."""

import os
import uuid

import typer

from holdfast.cli.node import command, keys_of, read
from holdfast.domain.commands import AppointOperator
from holdfast.reads.members import credentials_of
from holdfast.settings import Refused, load

app = typer.Typer()
verbs = typer.Typer(help="Who runs the marketplace.", no_args_is_help=True)
app.add_typer(verbs, name="operator")


@verbs.command("add")
def add(email: str) -> None:
    """Make the member with this address an operator, through the running node."""
    settings = load(os.environ)
    secrets = keys_of(settings)
    found = read(settings, secrets, lambda reader: credentials_of(reader, email.lower()))
    if found is None:
        raise Refused(f"{email}: no member has this address; sign up first")
    command(settings, secrets, str(uuid.uuid4()), AppointOperator(found.member))
    typer.echo(f"{email} is an operator")
