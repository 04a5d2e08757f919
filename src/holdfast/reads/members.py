"""Members: as they see themselves, as sign-in checks them, as operators left them."""

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.instants import Instant
from holdfast.domain.rows import MemberId
from holdfast.reads.reader import Reader

SQL = load("reads_members")


class MemberView(Struct, frozen=True):
    """A member's own account; the rating is of what others wrote about them."""

    id: MemberId
    email: str
    name: str
    time_zone: str
    is_operator: bool
    suspended_at: Instant | None
    joined_at: Instant
    rating_count: int
    rating_sum: int


class Credentials(Struct, frozen=True):
    """What a password is held against: an argon2id PHC string; and whether a suspension stands."""

    member: MemberId
    password_hash: str
    epoch: int
    suspended_at: Instant | None


class Standing(Struct, frozen=True):
    """Whether a member may start anything."""

    member: MemberId
    suspended_at: Instant | None


async def me_of(reader: Reader, member: MemberId) -> MemberView | None:
    """The member's own account. One query."""
    return await reader.one(SQL.me, {"member": member}, MemberView)


async def credentials_of(reader: Reader, email: str) -> Credentials | None:
    """The credentials of an address in lower case; None if nobody has it. One query."""
    return await reader.one(SQL.credentials, {"email": email}, Credentials)


async def standing_of(reader: Reader, member: MemberId) -> Standing | None:
    """One query."""
    return await reader.one(SQL.standing, {"member": member}, Standing)
