"""`holdfast token`: bearer tokens for members that there are, made from the cell's keys."""

import os
import uuid
from typing import Annotated

import typer

from holdfast.cli.node import keys_of, read
from holdfast.continuity.clock import now
from holdfast.domain.instants import DAY_US, Instant
from holdfast.domain.rows import TokenId
from holdfast.reads.bearers import Bearer, bearers_by_email, customers
from holdfast.reads.reader import Reader
from holdfast.settings import Refused, load
from holdfast.wiring import token_minter

app = typer.Typer()
verbs = typer.Typer(help="Bearer tokens, made from the cell's keys.", no_args_is_help=True)
app.add_typer(verbs, name="token")


@verbs.command("mint")
def mint(
    emails: Annotated[list[str] | None, typer.Argument(metavar="EMAIL...", show_default=False)] = None,
    days: Annotated[int | None, typer.Option(min=1, max=366, help="Days until they expire.")] = None,
    count: Annotated[
        int, typer.Option("--count", "--all-customers", min=0, help="Mint for so many customers, too.")
    ] = 0,
) -> None:
    """Print a token for each of these members: a line of address, tab, token."""
    if not emails and not count:
        raise typer.BadParameter("name an address, or say for how many customers with --count")
    settings = load(os.environ)
    secrets = keys_of(settings)
    bearers = read(settings, secrets, lambda reader: _bearers(reader, [each.lower() for each in emails or ()], count))
    minted = token_minter(secrets)
    expires_at = Instant(now() + (days or settings.token_days) * DAY_US)
    typer.echo(
        "\n".join(
            f"{one.email}\t{minted(one.member, one.epoch, TokenId(str(uuid.uuid4())), expires_at)}" for one in bearers
        )
    )


async def _bearers(reader: Reader, emails: list[str], count: int) -> list[Bearer]:
    """Those named, in their order, then customers. Raises Refused where somebody is missing."""
    known = await bearers_by_email(reader, emails)
    if missing := [email for email in emails if email not in known]:
        raise Refused("\n".join(f"{email}: no member has this address" for email in missing))
    others = await customers(reader, count)
    if len(others) < count:
        raise Refused(f"there are {len(others)} customers, not {count}")
    return [*(known[email] for email in emails), *others]
