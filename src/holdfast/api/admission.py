"""Admission: token and key of every request, checked before its body is read, so that a stranger learns nothing from
what is wrong with it."""

import re
import uuid
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from holdfast.api.access import CONTEXT, BearerAccess, MemberAccess, NewcomerAccess, VisitorAccess, WriterAccess
from holdfast.api.context import ApiContext
from holdfast.api.problems import Fault, FieldError, Problem
from holdfast.core.envelope import Sender
from holdfast.core.households import household
from holdfast.core.tokens import verify
from holdfast.domain.refusals import Refusal
from holdfast.reads.principal import Principal, principal_of

KEY = re.compile(r"[!-~]{1,200}")
_SENDER = "holdfast_sender"
_KEY = "holdfast_key"


def takes(handler: BaseRouteHandler, role: str) -> bool:
    """Whether the handler serves this role."""
    return role in handler.parsed_fn_signature.parameters


def uses_key(handler: BaseRouteHandler) -> bool:
    """Whether an Idempotency-Key means anything here."""
    return takes(handler, "writer") or bool(handler.opt.get("keyed"))


def needs_key(handler: BaseRouteHandler) -> bool:
    """Whether an Idempotency-Key must come: for every POST that writes."""
    return uses_key(handler) and "POST" in getattr(handler, "http_methods", ())


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every route: token and key, before anything else of the request is looked at."""
    scope: Any = connection.scope
    header = connection.headers.get("authorization")
    if header is not None and not takes(handler, "newcomer"):
        scope[_SENDER] = sender_of(connection.app.state[CONTEXT], header)
    elif any(takes(handler, role) for role in ("member", "writer", "bearer")):
        raise Problem(Fault.not_signed_in)
    key = connection.headers.get("idempotency-key")
    if (key is not None and uses_key(handler)) or needs_key(handler):
        scope[_KEY] = key_of(key)
    if scope["query_string"]:
        _insist_on_once(connection, handler)


def _insist_on_once(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Raises the problem invalid_input for a parameter that comes twice: nobody knows which one counts."""
    fields = handler.parsed_fn_signature.parameters.items()
    known = {getattr(field.kwarg_definition, "name", None) or name for name, field in fields}
    given = [name for name, _ in connection.query_params.multi_items() if name in known]
    twice = [name for name in dict.fromkeys(given) if given.count(name) > 1]
    if twice:
        raise Problem(Fault.invalid_input, errors=[FieldError(name, "is given more than once") for name in twice])


def sender_of(context: ApiContext, authorization: str | None) -> Sender:
    """Whose genuine token this header holds. Raises the problem not_signed_in."""
    scheme, _, token = (authorization or "").partition(" ")
    sender = verify(context.token_key, token.strip(), context.clock()) if scheme.lower() == "bearer" else None
    if sender is None:
        raise Problem(Fault.not_signed_in)
    return sender


def key_of(key: str | None) -> str:
    """The key that a write needs. Raises the problems idempotency_key_missing and idempotency_key_invalid."""
    if key is None:
        raise Problem(Fault.idempotency_key_missing)
    if not KEY.fullmatch(key):
        raise Problem(Fault.idempotency_key_invalid)
    return key


async def visitor_of(request: Request[Any, Any, Any]) -> VisitorAccess:
    """One query where a token was sent, else none."""
    return VisitorAccess(request.app.state[CONTEXT], await _principal(request))


async def member_of(request: Request[Any, Any, Any]) -> MemberAccess:
    """One query. Raises the problem session_ended."""
    principal = await _principal(request)
    assert principal is not None, "the guard lets nobody in without a token"
    return MemberAccess(request.app.state[CONTEXT], principal)


async def writer_of(request: Request[Any, Any, Any]) -> WriterAccess:
    """No query. A key is drawn where the method needs none: such a request is then never taken for a repeated one."""
    scope: Any = request.scope
    return WriterAccess(request.app.state[CONTEXT], scope[_SENDER], scope.get(_KEY) or str(uuid.uuid4()))


async def bearer_of(request: Request[Any, Any, Any]) -> BearerAccess:
    """No query."""
    scope: Any = request.scope
    return BearerAccess(request.app.state[CONTEXT], scope[_SENDER])


async def newcomer_of(request: Request[Any, Any, Any]) -> NewcomerAccess:
    """No query."""
    scope: Any = request.scope
    host = request.client.host if request.client else ""
    return NewcomerAccess(request.app.state[CONTEXT], household(host), scope.get(_KEY, ""))


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
