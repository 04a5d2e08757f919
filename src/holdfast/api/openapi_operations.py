"""One operation of the OpenAPI document: every answer it can give, what it takes, and who may ask."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Struct

from holdfast.api.admission import needs_key, takes, uses_key
from holdfast.api.problems import MEDIA_TYPE, TABLE, Code, Fault
from holdfast.domain.refusals import Refusal

REF = "#/components/schemas/{name}"

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
EVERYWHERE: tuple[Code, ...] = (Fault.reads_unavailable, Fault.internal_error)


def codes_of(handler: HTTPRouteHandler) -> list[Code]:
    """Every code that the handler can answer with, in the table's order."""
    codes: set[Code] = {*EVERYWHERE, *handler.opt.get("refusals", ())}
    if uses_key(handler):
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


def models_of(handler: HTTPRouteHandler) -> tuple[Any, Any]:
    """The Structs that the handler takes and answers with."""
    data, answer = handler.parsed_data_field, handler.parsed_return_field
    return data and data.annotation, answer.annotation if answer.is_subclass_of(Struct) else None


def complete_operation(
    operation: dict[str, Any], handler: HTTPRouteHandler, references: dict[Any, dict[str, Any]]
) -> None:
    taken, answered = models_of(handler)
    if taken is not None:
        operation["requestBody"] = {
            "content": {"application/json": {"schema": references[taken]}},
            "required": _needed(handler),
        }
    codes = codes_of(handler)
    if operation.get("parameters"):
        codes = [code for code in TABLE if code in {*codes, Fault.invalid_input}]
    responses = {
        status: response for status, response in operation["responses"].items() if int(status) < HTTPStatus.BAD_REQUEST
    }
    if answered is not None:
        responses[str(handler.status_code)]["content"] = {"application/json": {"schema": references[answered]}}
    if uses_key(handler):
        responses["202"] = {
            "description": "Received, not yet decided: the core did not answer in time",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "where the outcome can be asked"}},
            "content": {"application/json": {"schema": {"$ref": REF.format(name="ReceivedBody")}}},
        }
    for status in sorted({TABLE[code].status for code in codes}):
        responses[str(status)] = _problems([code for code in codes if TABLE[code].status == status])
    for parameter in operation.get("parameters", ()):
        _sharpen(parameter, handler)
    for response in responses.values():
        response.setdefault("headers", {})["Request-Id"] = {"schema": {"type": "string"}}
    _describe(responses, handler)
    operation["responses"] = responses
    operation["tags"] = [min(handler.paths).split("/")[1]]
    operation["security"] = _security(handler)
    operation.setdefault("parameters", []).extend(_header_parameters(handler))


def _describe(responses: dict[str, Any], handler: HTTPRouteHandler) -> None:
    """What a request that succeeded means, and where what it made is."""
    success = responses[str(handler.status_code)]
    reads = "GET" in handler.http_methods
    success["description"] = "What was asked for" if reads else _DONE[handler.status_code or HTTPStatus.OK]
    if "location" in handler.opt:
        success.setdefault("headers", {})["Location"] = {"schema": {"type": "string"}, "description": "where it is"}


_DONE: dict[int, str] = {
    HTTPStatus.OK: "It is done: what the thing is now",
    HTTPStatus.CREATED: "It is made: what it is now",
    HTTPStatus.NO_CONTENT: "It is done",
}


def _needed(handler: HTTPRouteHandler) -> bool:
    """Whether a body must come: not where each of its fields may be left out."""
    return handler.parsed_data_field is not None and not handler.parsed_data_field.has_default


def _sharpen(parameter: dict[str, Any], handler: HTTPRouteHandler) -> None:
    """Says of a parameter what Litestar leaves out: that an id is a UUID, that absent is not null, a bound of 0."""
    if parameter["in"] == "path" and parameter["name"] != "token_id":
        parameter["schema"] = {"type": "string", "format": "uuid"}
    schema = parameter["schema"]
    choices = [choice for choice in schema.pop("oneOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        schema.update(choices[0])
    for field in handler.parsed_fn_signature.parameters.values():
        wanted = field.kwarg_definition
        if isinstance(wanted, QueryParameter) and parameter["name"] == (wanted.name or field.name):
            schema.update({"minimum": wanted.ge} if wanted.ge is not None else {})
            parameter.pop("allowEmptyValue", None)


def _security(handler: HTTPRouteHandler) -> list[dict[str, list[str]]]:
    if any(takes(handler, role) for role in ("member", "writer", "bearer")):
        return [{"token": []}]
    return [{}, {"token": []}] if takes(handler, "visitor") else []


def _header_parameters(handler: HTTPRouteHandler) -> Iterator[dict[str, Any]]:
    if uses_key(handler):
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": needs_key(handler),
            "description": "Your name for this request. Repeated with the same body it counts once.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
            "example": "5f0c6d0e-6f0b-4d0f-9d2c-2f4f1a3c9b77",
        }


def _problems(codes: list[Code]) -> dict[str, Any]:
    """One response for all codes of a status; the codes are its examples."""
    shape = "LostBody" if Refusal.slot_taken in codes else "ProblemBody"
    status = TABLE[codes[0]].status
    headers: dict[str, Any] = {}
    if status in (429, 503):
        headers["Retry-After"] = {"schema": {"type": "integer"}, "description": "seconds"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    schema = {"$ref": REF.format(name=shape)}
    examples = {str(code): {"$ref": f"#/components/examples/{code}"} for code in codes}
    return {
        "description": "; ".join(TABLE[code].title for code in codes),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
