"""Who asks: a member whose token still counts."""

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.rows import MemberId, TokenId
from holdfast.reads.reader import Reader

SQL = load("reads_principal")


class Principal(Struct, frozen=True):
    """A signed-in member as reads need to know them. is_operator: and not suspended."""

    member: MemberId
    is_operator: bool
    is_suspended: bool
    time_zone: str


async def principal_of(reader: Reader, member: MemberId, epoch: int, token: TokenId) -> Principal | None:
    """The bearer of a token that was verified; None if it was revoked or belongs to an earlier epoch. One query."""
    return await reader.one(SQL.principal, {"member": member, "epoch": epoch, "token": token}, Principal)
