"""What pages say when something goes wrong: what happened, whether it was saved, what to do."""

from typing import Any

import structlog
from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from holdfast.db.read_pool import ReadsUnavailable
from holdfast.web.templates import page

REQUEST_ID = "holdfast_request_id"
"""Where the scope holds the id that the answer's Request-Id header repeats, if anybody gave it one."""

RETRY_S = 2

_log = structlog.get_logger(__name__)


class Problem(Struct, frozen=True):
    """A page's words, in the order in which people need them."""

    title: str
    happened: str
    saved: str
    next: str


UNKNOWN = Problem(
    "There is no such page",
    "Nothing is at this address. It may have been mistyped, or what was here may be gone.",
    "Nothing was changed.",
    "Check the address.",
)
UNREADABLE = Problem(
    "This page cannot be shown right now",
    "The marketplace cannot reach its records.",
    "Nothing was changed by asking. What was booked or received before is safe.",
    "Try again in a moment.",
)
BROKEN = Problem(
    "This page failed",
    "Holdfast made a mistake while it put this page together. It has been noted.",
    "Nothing was changed by asking. What was booked or received before is safe.",
    "Try again; if it fails again, tell whoever runs this marketplace, with the reference below.",
)
REFUSED = Problem(
    "This request was not understood",
    "What was sent is not what this page takes.",
    "Nothing was changed.",
    "Go back and start again.",
)


@route(
    "/{rest:path}",
    http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE],
    include_in_schema=False,
)
async def show_unknown(rest: FromPath[str]) -> Response[str]:
    """Every address that nothing else answers."""
    raise NotFoundException(rest)


def unknown_page(request: Request[Any, Any, Any], _error: NotFoundException) -> Response[str]:
    """404."""
    return _shown(request, UNKNOWN, 404)


def unreadable_page(request: Request[Any, Any, Any], _error: ReadsUnavailable) -> Response[str]:
    """503, with when to come again."""
    shown = _shown(request, UNREADABLE, 503)
    shown.headers["Retry-After"] = str(RETRY_S)
    return shown


def refused_page(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """What Litestar itself refuses."""
    return _shown(request, REFUSED, error.status_code) if error.status_code < 500 else broken_page(request, error)


def broken_page(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """500: a bug. The log has the trace, people the reference."""
    _log.error("page failed", request_id=_reference(request), path=request.url.path, exc_info=error)
    return _shown(request, BROKEN, 500)


HANDLERS = (show_unknown,)

EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    NotFoundException: unknown_page,
    ReadsUnavailable: unreadable_page,
    HTTPException: refused_page,
    Exception: broken_page,
}


def _shown(request: Request[Any, Any, Any], problem: Problem, status: int) -> Response[str]:
    return page("problem.html", status, problem=problem, reference=_reference(request) if status >= 500 else "")


def _reference(request: Request[Any, Any, Any]) -> str:
    scope: Any = request.scope
    return str(scope.get(REQUEST_ID, ""))
