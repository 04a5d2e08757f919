"""Whatever ends a request early becomes a problem; a command that waits becomes 202 with its receipt."""

import re
import traceback
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE
from msgspec import Struct

from holdfast.api.bodies import AN_OBJECT, Id, Moment, shown_at
from holdfast.api.problems import MEDIA_TYPE, Fault, FieldError, Problem
from holdfast.api.wording import plain
from holdfast.core.settle import NotYetSettled
from holdfast.db.read_pool import ReadsUnavailable

REQUEST_ID = "holdfast_request_id"
READS_RETRY_S = 2
_MISSING = re.compile(r"Missing required query parameter '([^']+)'")

log = structlog.get_logger("holdfast.api")


class ReceivedBody(Struct, frozen=True):
    """Received, not yet confirmed: the core did not answer in time. receipt is the node's signed statement (base64 or
    text as it gave it); GET /commands/{command} tells what became of it, DELETE takes it back; it is void after
    valid_until."""

    command: Id
    receipt: str
    received_at: Moment
    valid_until: Moment
    status_url: str
    status: str = "received"


class Answer(Struct, frozen=True):
    """How a request that ended early is answered."""

    status: int
    body: Struct
    headers: dict[str, str]
    media_type: str = MEDIA_TYPE


def answer_to(error: Exception, request_id: str, path: str) -> Answer:
    """The answer to whatever ended a request. What nobody foresaw is a bug: the log has its trace under the request's
    id, and the caller gets the id alone."""
    if isinstance(error, NotYetSettled):
        return _received(error)
    if isinstance(error, Problem):
        problem = error
    elif isinstance(error, ReadsUnavailable):
        problem = Problem(Fault.reads_unavailable, headers={"Retry-After": str(READS_RETRY_S)})
    else:
        # Without the values of variables, which some renderers of exc_info show: among them are passwords and tokens.
        trace = "".join(traceback.format_exception(error))
        log.error("request failed", request_id=request_id, path=path, exception=trace)
        problem = Problem(Fault.internal_error)
    return Answer(problem.status, problem.body(request_id), problem.headers)


def _received(waits: NotYetSettled) -> Answer:
    """202: the command is in the node's journal."""
    received = waits.received
    body = ReceivedBody(
        received.command,
        received.receipt,
        shown_at(received.received_at, "UTC"),
        shown_at(received.valid_until, "UTC"),
        where := f"/api/v1/commands/{received.command}",
    )
    return Answer(202, body, {"Location": where}, "application/json")


def error_response(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The same, as the framework sends it."""
    scope: Any = request.scope
    answer = answer_to(error, scope.get(REQUEST_ID, ""), request.url.path)
    return Response(answer.body, status_code=answer.status, media_type=answer.media_type, headers=answer.headers)


def http_response(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What Litestar itself refuses: routes, methods, parameters, sizes."""
    if isinstance(error, ValidationException):
        problem = Problem(Fault.invalid_input, errors=_parameter_errors(request, error))
    elif isinstance(error, NotFoundException):
        problem = Problem(Fault.route_unknown)
    elif isinstance(error, MethodNotAllowedException):
        problem = Problem(Fault.method_not_allowed, headers=dict(error.headers or {}))
    elif error.status_code == HTTP_413_REQUEST_ENTITY_TOO_LARGE:
        problem = Problem(Fault.body_too_large)
    elif error.status_code < 500:
        problem = Problem(Fault.malformed_json)
    else:
        return error_response(request, error)
    return error_response(request, problem)


HANDLERS: dict[int | type[Exception], Any] = {HTTPException: http_response, Exception: error_response}


def _parameter_errors(request: Request[Any, Any, Any], error: ValidationException) -> list[FieldError]:
    extra = error.extra
    if isinstance(extra, list) and extra:
        return [_parameter_error(request, each.get("key", ""), str(each.get("message", ""))) for each in extra]
    if missing := _MISSING.match(str(error.detail)):
        return [FieldError(missing[1], "is required")]
    return [FieldError("", str(error.detail))]


def _parameter_error(request: Request[Any, Any, Any], parameter: str, message: str) -> FieldError:
    """By the name under which the parameter is sent: `from` and `to` are no names in Python."""
    if parameter == "data":
        return FieldError("body", AN_OBJECT)
    field = request.route_handler.parsed_fn_signature.parameters.get(parameter)
    name = getattr(field and field.kwarg_definition, "name", None) or parameter
    return FieldError(name, message if field is None else plain(message, field.raw))
