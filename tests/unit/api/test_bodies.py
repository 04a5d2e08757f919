"""What comes in: strict, bounded, and refused by the name of the field."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from types import ModuleType
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from holdfast.api.app import RESOURCES
from holdfast.api.bodies import Body, Moment, UuidText, instant_in, read_json
from holdfast.api.problems import Fault, FieldError, Problem
from holdfast.api.wording import PATTERNS
from holdfast.domain.inputs import Line, OptionalProse
from holdfast.domain.rows import Side


def taken(modules: Iterable[ModuleType]) -> list[type[Body]]:
    """The bodies that the API's resources take."""
    named = [value for module in modules for value in vars(module).values()]
    return [value for value in named if isinstance(value, type) and issubclass(value, Body) and value is not Body]


class Part(Body, frozen=True):
    minutes: int


class Whole(Body, frozen=True):
    title: Line
    text: OptionalProse = ""
    when: Moment | None = None
    owner: UuidText | None = None
    parts: Annotated[list[Part], Meta(max_length=2)] = msgspec.field(default_factory=list)
    sides: list[Side] = msgspec.field(default_factory=list)
    stars: Annotated[int, Meta(ge=1, le=5)] = 1


def problem(raw: bytes) -> Problem:
    with pytest.raises(Problem) as raised:
        read_json(raw, Whole)
    return raised.value


def fields(**body: Any) -> list[FieldError]:
    refused = problem(msgspec.json.encode({"title": "A title", **body}))
    assert refused.code is Fault.invalid_input
    return refused.errors


@pytest.mark.parametrize("raw", [b"{", b"{]", b"\xff", b'{"title": "\xff"}', b"nil", b'{"title": 5, "x": }'])
def test_what_is_no_json_is_malformed(raw: bytes) -> None:
    assert problem(raw).code is Fault.malformed_json


def test_a_missing_field_is_named() -> None:
    assert problem(b"{}").errors == [FieldError("title", "is required")]


def test_every_wrong_field_is_named_at_once() -> None:
    refused = problem(b'{"parts": [{}], "owner": "x", "colour": 1}')
    assert [error.field for error in refused.errors] == ["title", "owner", "parts[0].minutes", "colour"]


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"5"])
def test_what_is_no_object_is_told_what_is_required(raw: bytes) -> None:
    assert problem(raw).errors == [FieldError("body", "a JSON object is required")]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "must not be empty"),
        ("title", "x" * 201, "must have at most 200 characters"),
        ("title", " ", "must be one line that is not blank, without control characters"),
        ("title", None, "must be a text, not null"),
        ("text", "a\x00", "must not hold a null character"),
        ("owner", "x", "is not a UUID"),
        ("owner", "x" * 36, "is not a UUID"),
        ("when", "2026-11-02T10:00:00", "is not a date-time with an offset, such as 2026-11-02T10:00:00+00:00"),
        ("when", "noon", "is not a date-time with an offset, such as 2026-11-02T10:00:00+00:00"),
        ("sides", ["left"], "must be one of: customer, provider"),
        ("stars", 6, "must be at most 5"),
        ("stars", 2**80, "must be at most 5"),
        ("stars", 1e300, "must be a whole number, not a number"),
        ("stars", "6", "must be a whole number, not a text"),
        ("parts", 1, "must be a list, not a whole number"),
        ("parts", [{"minutes": 1}] * 3, "must have at most 2 items"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(field: str, value: Any, said: str) -> None:
    assert [error.message for error in fields(**{field: value})] == [said]


def test_every_pattern_that_a_body_is_held_against_has_its_words() -> None:
    _, schemas = msgspec.json.schema_components(taken(RESOURCES))
    patterns = re.findall(r'"pattern":("(?:[^"\\]|\\.)*")', msgspec.json.encode(schemas).decode())
    assert set(patterns)
    assert {msgspec.json.decode(pattern) for pattern in patterns} <= set(PATTERNS)


def test_an_unknown_field_is_named_and_not_ignored() -> None:
    assert fields(colour="red") == [FieldError("colour", "is not a field of this request")]


def test_a_field_within_a_list_is_named_by_its_place() -> None:
    assert fields(parts=[{"minutes": 1}, {"minutes": "1"}])[0].field == "parts[1].minutes"


@pytest.mark.parametrize("title", ["", " ", "\t", "a\x00b", "a\nb", "x" * 201, 5, None])
def test_a_line_has_something_to_show_and_nothing_that_cannot_be_kept(title: Any) -> None:
    assert fields(title=title)[0].field == "title"


@pytest.mark.parametrize("text", ["a\x00", "x" * 5001])
def test_a_text_has_no_null_and_an_end(text: str) -> None:
    assert fields(text=text)[0].field == "text"


def test_half_a_surrogate_pair_is_no_character() -> None:
    assert problem(b'{"title": "\\ud800 and more"}').code is Fault.invalid_input


@pytest.mark.parametrize("when", ["2026-11-02T10:00:00", "2026-11-02", "tomorrow", 1793577600])
def test_an_instant_has_an_offset(when: Any) -> None:
    assert fields(when=when)[0].field == "when"


@pytest.mark.parametrize("owner", ["x", "743A0E9F-3B3C-87F8-AC77-F1FB667DEC3E\n", "743a0e9f3b3c87f8ac77f1fb667dec3e"])
def test_an_id_is_a_uuid_as_it_was_given_out(owner: str) -> None:
    assert fields(owner=owner)[0].field == "owner"


@pytest.mark.parametrize("moment", [datetime(1999, 12, 31, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)])
def test_an_instant_lies_where_the_market_can_reckon(moment: datetime) -> None:
    with pytest.raises(Problem):
        instant_in("when", moment)
