"""The OpenAPI 3.1 document: Litestar's, made complete from what the handlers declare."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.routes import HTTPRoute
from litestar.types import Method

from holdfast import __version__
from holdfast.api.access import CONTEXT
from holdfast.api.errors import ReceivedBody
from holdfast.api.nearest import LostBody
from holdfast.api.openapi_operations import REF, complete_operation, models_of
from holdfast.api.problems import TABLE, Problem, ProblemBody

_DOCUMENT = "holdfast_openapi"
_AN_ID = "f3a1c0de9b7d4c21a0e6b8d5"


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
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/")  # a page's handler may have the same name
        for handler in route.route_handlers
    }
    operations = [(operation, handlers[operation["operationId"]]) for operation in _operations(schema)]
    models = {model for _, handler in operations for model in models_of(handler) if model is not None}
    references, schemas = _schemas([ProblemBody, LostBody, ReceivedBody, *sorted(models, key=str)])
    components["schemas"] = {**_named_values(components["schemas"]), **schemas}
    components["examples"] = {
        str(code): {"summary": row.title, "value": Problem(code).body(_AN_ID)} for code, row in TABLE.items()
    }
    for operation, handler in operations:
        complete_operation(operation, handler, references)
    schema["tags"] = [{"name": tag} for tag in dict.fromkeys(o["tags"][0] for o, _ in operations)]
    return schema


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        for value in path.values():
            if isinstance(value, dict) and "operationId" in value:
                yield value


def _schemas(models: list[Any]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """Where each model's schema is, and all of them: msgspec's own, by which input is in fact checked."""
    references, schemas = msgspec.json.schema_components(models, ref_template=REF)
    for schema in schemas.values():
        schema.pop("title", None)
    return dict(zip(models, references, strict=True)), schemas


def _named_values(schemas: dict[str, Any]) -> dict[str, Any]:
    """Of Litestar's own, the enumerations: parameters refer to them."""
    return {name: schema for name, schema in schemas.items() if "enum" in schema}
