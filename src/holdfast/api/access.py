"""Who may come in. A handler says whom it serves by the one parameter it takes; the guard checks before the body is
read, so that a stranger learns nothing from what is wrong with it:

`visitor: Visitor`    anyone; a token, if one is sent, must count
`member: Member`      a signed-in member who reads
`writer: Writer`      a signed-in member who writes: command's sender and key
`bearer: Bearer`      a signed-in member whose token nothing read: for what the node answers without a database
`newcomer: Newcomer`  somebody without an account, by address
"""

import ipaddress
import re
import uuid
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from holdfast.api.auth import verify
from holdfast.api.context import ApiContext
from holdfast.api.problems import Fault, Problem
from holdfast.core.envelope import Sender
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import MemberId
from holdfast.reads.principal import Principal, principal_of

KEY = re.compile(r"[!-~]{1,200}")
CONTEXT = "holdfast_context"
_SENDER = "holdfast_sender"
_KEY = "holdfast_key"


class Visitor:
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


class Member:
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


class Writer:
    """A member who writes. The token is genuine; whether it still counts is for decide, which sees the newest rows."""

    __slots__ = ("context", "key", "sender")

    def __init__(self, context: ApiContext, sender: Sender, key: str) -> None:
        self.context = context
        self.sender = sender
        self.key = key

    @property
    def id(self) -> MemberId:
        return self.sender.actor


class Bearer:
    """Whoever holds a genuine token. Whether it still counts, the handler finds out before it reads anything."""

    __slots__ = ("context", "sender")

    def __init__(self, context: ApiContext, sender: Sender) -> None:
        self.context = context
        self.sender = sender

    @property
    def id(self) -> MemberId:
        return self.sender.actor


class Newcomer:
    """Somebody without an account. key is empty where the route needs none; address: the peer's, an IPv6 one cut to
    the /64 that one household has."""

    __slots__ = ("address", "context", "key")

    def __init__(self, context: ApiContext, address: str, key: str) -> None:
        self.context = context
        self.address = address
        self.key = key


def takes(handler: BaseRouteHandler, role: str) -> bool:
    """Whether the handler serves this role."""
    return role in handler.parsed_fn_signature.parameters


def needs_key(handler: BaseRouteHandler) -> bool:
    """Whether an Idempotency-Key must come: for every POST that writes."""
    writes = takes(handler, "writer") or bool(handler.opt.get("keyed"))
    return writes and "POST" in getattr(handler, "http_methods", ())


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every route: token and key, before anything else of the request is looked at."""
    scope: Any = connection.scope
    header = connection.headers.get("authorization")
    if header is not None and not takes(handler, "newcomer"):
        context: ApiContext = connection.app.state[CONTEXT]
        scheme, _, token = header.partition(" ")
        sender = verify(context.token_key, token.strip(), context.clock()) if scheme.lower() == "bearer" else None
        if sender is None:
            raise Problem(Fault.not_signed_in)
        scope[_SENDER] = sender
    elif any(takes(handler, role) for role in ("member", "writer", "bearer")):
        raise Problem(Fault.not_signed_in)
    key = connection.headers.get("idempotency-key")
    if key is None:
        if needs_key(handler):
            raise Problem(Fault.idempotency_key_missing)
    elif not KEY.fullmatch(key):
        raise Problem(Fault.idempotency_key_invalid)
    else:
        scope[_KEY] = key


async def visitor_of(request: Request[Any, Any, Any]) -> Visitor:
    """One query where a token was sent, else none."""
    return Visitor(request.app.state[CONTEXT], await _principal(request))


async def member_of(request: Request[Any, Any, Any]) -> Member:
    """One query. Raises the problem session_ended."""
    principal = await _principal(request)
    assert principal is not None, "the guard lets nobody in without a token"
    return Member(request.app.state[CONTEXT], principal)


async def writer_of(request: Request[Any, Any, Any]) -> Writer:
    """No query. A key is drawn where the method needs none: such a request is then never taken for a repeated one."""
    scope: Any = request.scope
    return Writer(request.app.state[CONTEXT], scope[_SENDER], scope.get(_KEY) or str(uuid.uuid4()))


async def bearer_of(request: Request[Any, Any, Any]) -> Bearer:
    """No query."""
    scope: Any = request.scope
    return Bearer(request.app.state[CONTEXT], scope[_SENDER])


async def newcomer_of(request: Request[Any, Any, Any]) -> Newcomer:
    """No query."""
    scope: Any = request.scope
    return Newcomer(request.app.state[CONTEXT], _household(request), scope.get(_KEY, ""))


async def _principal(request: Request[Any, Any, Any]) -> Principal | None:
    scope: Any = request.scope
    sender: Sender | None = scope.get(_SENDER)
    if sender is None:
        return None
    assert sender.token is not None
    assert sender.epoch is not None
    context: ApiContext = request.app.state[CONTEXT]
    principal = await principal_of(context.reader, sender.actor, sender.epoch, sender.token)
    if principal is None:
        raise Problem(Refusal.session_ended)
    return principal


def _household(request: Request[Any, Any, Any]) -> str:
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
