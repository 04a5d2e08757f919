"""Who may come in. A handler says whom it serves by the one parameter it takes:

`visitor: Visitor`    anyone; a token, if one is sent, must count
`member: Member`      a signed-in member who reads
`writer: Writer`      a signed-in member who writes: command's sender and key
`bearer: Bearer`      a signed-in member whose token nothing read: for what the node answers without a database
`newcomer: Newcomer`  somebody without an account, by address
"""

from litestar.di import NamedDependency

from holdfast.api.context import ApiContext
from holdfast.core.envelope import Sender
from holdfast.domain.rows import MemberId
from holdfast.reads.principal import Principal

CONTEXT = "holdfast_context"
"""Under which the application's state holds the ApiContext."""


class VisitorAccess:
    """Whoever reads a public page; signed in or not."""

    __slots__ = ("context", "principal")

    def __init__(self, context: ApiContext, principal: Principal | None) -> None:
        self.context = context
        self.principal = principal

    @property
    def viewer(self) -> MemberId | None:
        return self.principal.member if self.principal else None

    @property
    def is_operator(self) -> bool:
        return self.principal is not None and self.principal.is_operator


class MemberAccess:
    """A signed-in member who reads; the token was checked against the rows."""

    __slots__ = ("context", "principal")

    def __init__(self, context: ApiContext, principal: Principal) -> None:
        self.context = context
        self.principal = principal

    @property
    def id(self) -> MemberId:
        return self.principal.member

    @property
    def is_operator(self) -> bool:
        return self.principal.is_operator


class WriterAccess:
    """A member who writes. The token is genuine; whether it still counts is for decide, which sees the newest rows."""

    __slots__ = ("context", "key", "sender")

    def __init__(self, context: ApiContext, sender: Sender, key: str) -> None:
        self.context = context
        self.sender = sender
        self.key = key

    @property
    def id(self) -> MemberId:
        return self.sender.actor


class BearerAccess:
    """Whoever holds a genuine token. Whether it still counts, the handler finds out before it reads anything."""

    __slots__ = ("context", "sender")

    def __init__(self, context: ApiContext, sender: Sender) -> None:
        self.context = context
        self.sender = sender

    @property
    def id(self) -> MemberId:
        return self.sender.actor


class NewcomerAccess:
    """Somebody without an account. key is empty where the route needs none; address: the peer's, an IPv6 one cut to
    the /64 that one household has."""

    __slots__ = ("address", "context", "key")

    def __init__(self, context: ApiContext, address: str, key: str) -> None:
        self.context = context
        self.address = address
        self.key = key


Visitor = NamedDependency[VisitorAccess]
Member = NamedDependency[MemberAccess]
Writer = NamedDependency[WriterAccess]
Bearer = NamedDependency[BearerAccess]
Newcomer = NamedDependency[NewcomerAccess]
