"""The OpenAPI 3.1 document: Litestar's, made complete from what the handlers declare."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.routes import HTTPRoute
from litestar.types import Method
from msgspec import Struct

from holdfast import __version__
from holdfast.api.access import CONTEXT
from holdfast.api.admission import needs_key, takes
from holdfast.api.errors import ReceivedBody
from holdfast.api.problems import MEDIA_TYPE, TABLE, Code, Fault, Problem, ProblemBody
from holdfast.domain.refusals import Refusal

_DOCUMENT = "holdfast_openapi"
_AN_ID = "f3a1c0de9b7d4c21a0e6b8d5"
_REF = "#/components/schemas/{name}"

EVERY_WRITE: tuple[Code, ...] = (
    Refusal.key_reused,
    Refusal.too_late,
    Refusal.withdrawn,
    Refusal.set_aside,
    Fault.idempotency_key_invalid,
    Fault.rate_limited,
    Fault.too_many_waiting,
    Fault.journal_full,
    Fault.journal_failed,
    Fault.relay_away,
    Fault.core_away,
)
SIGNED_IN: tuple[Code, ...] = (Fault.not_signed_in, Refusal.session_ended)
WITH_BODY: tuple[Code, ...] = (
    Fault.malformed_json,
    Fault.body_too_large,
    Fault.media_type_unsupported,
    Fault.invalid_input,
)
EVERYWHERE: tuple[Code, ...] = (Fault.idempotency_key_invalid, Fault.reads_unavailable, Fault.internal_error)


def _operation_id(handler: HTTPRouteHandler, method: Method, path: list[Any]) -> str:
    return handler.handler_name


CONFIG = OpenAPIConfig(
    title="Holdfast",
    version=__version__,
    description=(
        "A services marketplace. Errors are application/problem+json (RFC 9457), whose `code` names what happened. "
        "A POST that writes takes an Idempotency-Key: repeat it with the same body as often as you like. Amounts are "
        "integers in minor units of `currency`; instants are RFC 3339 with an offset. 202 means received, not yet "
        "decided."
    ),
    operation_id_creator=_operation_id,
    render_plugins=[],
    use_handler_docstrings=True,
)


@get("/openapi.json", include_in_schema=False)
async def document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """This API, in OpenAPI 3.1."""
    state = request.app.state
    if _DOCUMENT not in state:
        state[_DOCUMENT] = msgspec.json.encode(complete_document(request))
    return Response(state[_DOCUMENT], media_type="application/json", headers={"Cache-Control": "max-age=300"})


def complete_document(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The document of the request's application."""
    app = request.app
    schema = app.openapi_schema.to_schema()
    schema["servers"] = [{"url": app.state[CONTEXT].public_url}]
    components = schema.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "hft_…"}}
    handlers = {
        handler.handler_name: handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
    }
    operations = [(operation, handlers[operation["operationId"]]) for operation in _operations(schema)]
    models = {model for _, handler in operations for model in _models(handler) if model is not None}
    references, components["schemas"] = _schemas([ProblemBody, ReceivedBody, *sorted(models, key=str)])
    components["examples"] = {
        str(code): {"summary": row.title, "value": Problem(code).body(_AN_ID)} for code, row in TABLE.items()
    }
    for operation, handler in operations:
        _complete(operation, handler, references)
    return schema


def codes_of(handler: HTTPRouteHandler) -> list[Code]:
    """Every code that the handler can answer with, in the table's order."""
    codes: set[Code] = {*EVERYWHERE, *handler.opt.get("refusals", ())}
    if takes(handler, "writer") or handler.opt.get("keyed"):
        codes.update(EVERY_WRITE)
    if takes(handler, "writer"):
        codes.update((*SIGNED_IN, Refusal.member_suspended))
    if any(takes(handler, role) for role in ("member", "visitor", "bearer")):
        codes.update(SIGNED_IN)
    if needs_key(handler):
        codes.add(Fault.idempotency_key_missing)
    if handler.parsed_data_field is not None:
        codes.update(WITH_BODY)
    if any("{" in path for path in handler.paths):
        codes.add(Fault.route_unknown)
    return [code for code in TABLE if code in codes]


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        for value in path.values():
            if isinstance(value, dict) and "operationId" in value:
                yield value


def _models(handler: HTTPRouteHandler) -> tuple[Any, Any]:
    """The Structs that the handler takes and answers with."""
    data, answer = handler.parsed_data_field, handler.parsed_return_field
    return data and data.annotation, answer.annotation if answer.is_subclass_of(Struct) else None


def _schemas(models: list[Any]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """Where each model's schema is, and all of them: msgspec's own, by which input is in fact checked."""
    references, schemas = msgspec.json.schema_components(models, ref_template=_REF)
    for schema in schemas.values():
        schema.pop("title", None)
    return dict(zip(models, references, strict=True)), schemas


def _complete(operation: dict[str, Any], handler: HTTPRouteHandler, references: dict[Any, dict[str, Any]]) -> None:
    taken, answered = _models(handler)
    if taken is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": references[taken]}}, "required": True}
    codes = codes_of(handler)
    if operation.get("parameters"):
        codes = [code for code in TABLE if code in {*codes, Fault.invalid_input}]
    responses = {
        status: response for status, response in operation["responses"].items() if int(status) < HTTPStatus.BAD_REQUEST
    }
    if answered is not None:
        responses[str(handler.status_code)]["content"] = {"application/json": {"schema": references[answered]}}
    if handler.opt.get("keyed") or takes(handler, "writer"):
        responses["202"] = {
            "description": "Received, not yet decided: the core did not answer in time",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "where the outcome can be asked"}},
            "content": {"application/json": {"schema": {"$ref": _REF.format(name="ReceivedBody")}}},
        }
    for status in sorted({TABLE[code].status for code in codes}):
        responses[str(status)] = _problems([code for code in codes if TABLE[code].status == status])
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" and parameter["name"] != "token_id":
            parameter["schema"] = {"type": "string", "format": "uuid"}
    for response in responses.values():
        response.setdefault("headers", {})["Request-Id"] = {"schema": {"type": "string"}}
    operation["responses"] = responses
    operation["security"] = _security(handler)
    operation.setdefault("parameters", []).extend(_header_parameters(handler))


def _security(handler: HTTPRouteHandler) -> list[dict[str, list[str]]]:
    if any(takes(handler, role) for role in ("member", "writer", "bearer")):
        return [{"token": []}]
    return [{}, {"token": []}] if takes(handler, "visitor") else []


def _header_parameters(handler: HTTPRouteHandler) -> Iterator[dict[str, Any]]:
    if handler.opt.get("keyed") or takes(handler, "writer"):
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": needs_key(handler),
            "description": "Your name for this request. Repeated with the same body it counts once.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
            "example": "5f0c6d0e-6f0b-4d0f-9d2c-2f4f1a3c9b77",
        }


def _problems(codes: list[Code]) -> dict[str, Any]:
    """One response for all codes of a status."""
    status = TABLE[codes[0]].status
    headers: dict[str, Any] = {}
    if status in (429, 503):
        headers["Retry-After"] = {"schema": {"type": "integer"}, "description": "seconds"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    schema = {
        "allOf": [
            {"$ref": _REF.format(name="ProblemBody")},
            {"type": "object", "properties": {"code": {"enum": [str(code) for code in codes]}}},
        ]
    }
    examples = {str(code): {"$ref": f"#/components/examples/{code}"} for code in codes}
    return {
        "description": "; ".join(TABLE[code].title for code in codes),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
