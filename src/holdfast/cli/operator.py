"""`holdfast operator`: who runs the marketplace."""

import os
import uuid

import typer

from holdfast.cli.node import command, keys_of, read
from holdfast.domain.commands import AppointOperator, RestoreMember
from holdfast.reads.members import Credentials, credentials_of
from holdfast.secrets import Secrets
from holdfast.settings import Refused, Settings, load

app = typer.Typer()
verbs = typer.Typer(help="Who runs the marketplace.", no_args_is_help=True)
app.add_typer(verbs, name="operator")


@verbs.command("add")
def add(email: str) -> None:
    """Make the member with this address an operator, through the running node."""
    settings = load(os.environ)
    secrets = keys_of(settings)
    member = _member(settings, secrets, email)
    command(settings, secrets, str(uuid.uuid4()), AppointOperator(member.member))
    if member.suspended_at is not None:
        raise Refused(f"{email} is an operator, but suspended: end that with holdfast operator restore {email}")
    typer.echo(f"{email} is an operator")


@verbs.command("restore")
def restore(email: str) -> None:
    """End the suspension of the member with this address, through the running node."""
    settings = load(os.environ)
    secrets = keys_of(settings)
    member = _member(settings, secrets, email)
    if member.suspended_at is None:
        raise Refused(f"{email}: this member is not suspended")
    command(settings, secrets, str(uuid.uuid4()), RestoreMember(member.member))
    typer.echo(f"{email} is no longer suspended")


def _member(settings: Settings, secrets: Secrets, email: str) -> Credentials:
    """Raises Refused where nobody has this address."""
    found = read(settings, secrets, lambda reader: credentials_of(reader, email.lower()))
    if found is None:
        raise Refused(f"{email}: no member has this address; sign up first")
    return found
