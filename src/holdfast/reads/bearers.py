"""Whom a token can be minted for, without a password: for whoever holds the cell's keys."""

from collections.abc import Sequence

from msgspec import Struct

from holdfast.db.arrays import text_array
from holdfast.db.queries import load
from holdfast.domain.rows import MemberId
from holdfast.reads.reader import Reader

SQL = load("reads_bearers")


class Bearer(Struct, frozen=True):
    """epoch: the member's; tokens of an earlier one no longer count."""

    email: str
    member: MemberId
    epoch: int


async def bearers_by_email(reader: Reader, emails: Sequence[str]) -> dict[str, Bearer]:
    """Those of these addresses, in lower case, that somebody has. One query."""
    found = await reader.all(SQL.bearers_by_email, {"emails": text_array(emails)}, Bearer)
    return {bearer.email: bearer for bearer in found}


async def customers(reader: Reader, most: int) -> list[Bearer]:
    """Members who only book, those who joined first before others. One query."""
    return await reader.all(SQL.customers, {"most": most}, Bearer)
