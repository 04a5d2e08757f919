"""What comes in: strict, bounded, and refused by the name of the field."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from holdfast.api.bodies import Body, Moment, UuidText, instant_in, read_json
from holdfast.api.problems import Fault, FieldError, Problem
from holdfast.domain.inputs import Line, OptionalProse


class Part(Body, frozen=True):
    minutes: int


class Whole(Body, frozen=True):
    title: Line
    text: OptionalProse = ""
    when: Moment | None = None
    owner: UuidText | None = None
    parts: list[Part] = msgspec.field(default_factory=list)


def problem(raw: bytes) -> Problem:
    with pytest.raises(Problem) as raised:
        read_json(raw, Whole)
    return raised.value


def fields(**body: Any) -> list[FieldError]:
    refused = problem(msgspec.json.encode({"title": "A title", **body}))
    assert refused.code is Fault.invalid_input
    return refused.errors


@pytest.mark.parametrize("raw", [b"", b"{", b"{]", b"\xff", b'{"title": "\xff"}', b"nil"])
def test_what_is_no_json_is_malformed(raw: bytes) -> None:
    assert problem(raw).code is Fault.malformed_json


def test_a_missing_field_is_named() -> None:
    assert problem(b"{}").errors == [FieldError("title", "is required")]


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


@pytest.mark.parametrize("owner", ["x", "743A0E9F-3B3C-87F8-AC77-F1FB667DEC3E", "743a0e9f3b3c87f8ac77f1fb667dec3e"])
def test_an_id_is_a_uuid_as_it_was_given_out(owner: str) -> None:
    assert fields(owner=owner)[0].field == "owner"


@pytest.mark.parametrize("moment", [datetime(1999, 12, 31, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)])
def test_an_instant_lies_where_the_market_can_reckon(moment: datetime) -> None:
    with pytest.raises(Problem):
        instant_in("when", moment)
