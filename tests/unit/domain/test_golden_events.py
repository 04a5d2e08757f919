"""The bytes of events never change: golden_events.json has one of every type as the first release wrote it.

A new event type is added to the file; what stands there is never edited.
"""

import json
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from holdfast.domain.events import AnyEvent, Recorded
from holdfast.domain.evolve import evolve
from holdfast.domain.rows import TABLES
from holdfast.domain.store import Rows

FILE = Path(__file__).with_name("golden_events.json")
GOLDEN: dict[str, Any] = json.loads(FILE.read_text())
EVENTS: list[str] = GOLDEN["events"]


def tag(text: str) -> str:
    return str(json.loads(text)["event"]["type"])


@pytest.mark.parametrize("text", EVENTS, ids=tag)
def test_an_event_is_read_and_written_as_the_first_release_did(text: str) -> None:
    recorded = msgspec.json.decode(text, type=Recorded)
    assert msgspec.json.encode(recorded) == text.encode()


def test_every_type_of_event_has_its_golden_bytes() -> None:
    assert {tag(text) for text in EVENTS} == {kind.__struct_config__.tag for kind in get_args(AnyEvent)}


@pytest.mark.parametrize("kind", get_args(AnyEvent), ids=lambda kind: kind.__name__)
def test_every_field_has_its_golden_bytes(kind: type[msgspec.Struct]) -> None:
    given = [json.loads(text)["event"] for text in EVENTS if tag(text) == kind.__struct_config__.tag]
    assert {name for one in given for name in one} == {"type", *kind.__struct_fields__}
    optional = [name for name, hint in get_type_hints(kind).items() if NoneType in get_args(hint)]
    assert all(any(one.get(name) is not None for one in given) for name in optional)


def test_only_integers_count_in_an_event() -> None:
    assert not [text for text in EVENTS if _has_float(json.loads(text))]


def test_the_golden_log_makes_the_golden_rows() -> None:
    rows = Rows(complete=True)
    for seq, text in enumerate(EVENTS):
        evolve(rows, msgspec.json.decode(text, type=Recorded), seq)
    made = {
        table.TABLE: msgspec.to_builtins([row for row in rows.tables[table].values() if row is not None])
        for table in TABLES
    }
    assert made == GOLDEN["rows"]


def test_the_golden_log_leaves_a_row_in_every_table() -> None:
    assert [table.TABLE for table in TABLES if not GOLDEN["rows"][table.TABLE]] == []


def _has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    return isinstance(value, float) or (isinstance(value, list) and any(map(_has_float, value)))
