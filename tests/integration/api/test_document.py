"""The API's document: what clients are made from says all that they will meet."""

from typing import Any

import pytest

from support.face import Face, expect_invalid
from support.history import Market


@pytest.fixture
def document(face: Face) -> Any:
    return face.get("/openapi.json").json()


def operations(document: Any) -> list[Any]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_every_schema_that_is_named_is_there(face: Face) -> None:
    text = face.get("/openapi.json").text
    named = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(face.get("/openapi.json").json()["components"]["schemas"])
    assert {"TokenBody", "SignUpBody", "SignInBody", "LostBody"} <= named


def test_problems_have_one_shape_and_a_lost_slot_its_own(document: Any) -> None:
    shapes: dict[str, set[str]] = {}
    for operation in operations(document):
        for status, answer in operation["responses"].items():
            if status >= "400":
                schema = answer["content"]["application/problem+json"]["schema"]
                shapes.setdefault(schema["$ref"].rpartition("/")[2], set()).add(f"{operation['operationId']} {status}")
    assert shapes.pop("LostBody") == {"place_booking 409"}
    assert set(shapes) == {"ProblemBody"}
    assert "nearest" in document["components"]["schemas"]["LostBody"]["properties"]


def test_ids_and_instants_say_their_format(document: Any) -> None:
    booking = document["components"]["schemas"]["BookingBody"]["properties"]
    assert (booking["id"]["format"], booking["starts_at"]["format"]) == ("uuid", "date-time")


def test_each_operation_belongs_to_a_resource_and_says_what_success_means(document: Any) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    for operation in operations(document):
        assert set(operation["tags"]) <= tags
        assert not any("follows" in answer["description"] for answer in operation["responses"].values())


def test_what_was_made_is_where_its_location_says(face: Face, cell: Market) -> None:
    calendar = face.post("/calendars", cell.provider, name="Chair", time_zone="Europe/Lisbon")
    booking = face.post("/bookings", cell.customer, listing=cell.instant, starts_at="2025-10-22T10:00:00+01:00")
    for made, who in ((calendar, cell.provider), (booking, cell.customer)):
        where = made.headers["location"].removeprefix("/api/v1")
        assert face.get(where, who).json()["id"] == made.json()["id"]


def test_a_key_means_nothing_to_a_get(face: Face) -> None:
    assert face.send("GET", "/categories", key="no key").status_code == 200


def test_a_parameter_that_comes_twice_is_refused(face: Face) -> None:
    expect_invalid(face.get("/listings", limit=["1", "2"]), "limit")
