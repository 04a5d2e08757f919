"""Random walks over the API by its own document: no fault of the server, no answer that the document does not have."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.api import serving
from support.database import Database
from support.market import ROLES, Market

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 12
WALK = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def market(database: Database) -> Iterator[Market]:
    with serving(database, signin_limit_per_minute=1_000_000, signup_limit_per_minute=1_000_000) as api:
        yield Market(api)


def things(market: Market) -> dict[str, str]:
    """Ids of things that are there, by their names in paths."""
    return {
        "member_id": market.newcomer(),
        "category_id": market.category_id,
        "calendar_id": market.calendar_id,
        "exception_id": market.exception(),
        "listing_id": market.published(),
        "booking_id": market.requested(),
        "review_id": market.reviewed(),
        "command_id": market.command(),
        "token_id": "4f8f5c1e-6f0a-4b8e-9f6f-0d8a8b1e2c3d",
    }


def send(market: Market, case: Case, role: str) -> httpx.Response:
    """The request as generated, with the role's token."""
    parts: dict[str, Any] = case.as_transport_kwargs(base_url=str(market.api.client.base_url))
    headers = {name: value for name, value in parts["headers"].items() if name.lower() != "authorization"}
    if role != "stranger":
        headers["Authorization"] = f"Bearer {market.api.tokens[role]}"
    content = parts.get("data")
    return market.api.client.request(
        parts["method"],
        parts["url"],
        params=parts.get("params"),
        headers={name: str(value).encode("latin-1", "replace") for name, value in headers.items()},
        json=parts.get("json"),
        content=content if isinstance(content, str | bytes) else None,
    )


def test_no_walk_over_the_api_meets_a_fault_or_an_answer_without_a_place_in_the_document(market: Market) -> None:
    schema = schemathesis.openapi.from_dict(market.api.client.get("/api/v1/openapi.json").json())
    known = things(market)
    walked = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @WALK
        @given(case=operation.as_strategy(), role=st.sampled_from(ROLES), real=st.booleans())
        def walk(case: Case, role: str, real: bool) -> None:
            if real:
                case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
            response = send(market, case, role)
            # Nobody signs this cell's log; whether the document has that answer is checked all the same.
            unsigned = response.status_code == 503 and response.json()["code"] == "checkpoint_awaited"
            case.validate_response(response, checks=CHECKS, excluded_checks=[not_a_server_error] if unsigned else None)

        walk()
        walked += 1
    assert walked > 30


def test_the_document_is_valid_openapi(market: Market) -> None:
    document = market.api.client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()
