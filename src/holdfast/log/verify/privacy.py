"""Invariant 12: openings hold ids, times, amounts and names of public things, by their very structure."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec.structs import fields

from holdfast.domain import events, rows
from holdfast.domain.vault import VAULT_TABLES

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}").fullmatch
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch
_SEALED_TABLES = frozenset(table.TABLE for table in VAULT_TABLES)
_IDS = frozenset(value for value in vars(rows).values() if getattr(value, "__supertype__", None) is str)

_encode = msgspec.json.encode


def personal_in(recorded: events.Recorded, body: bytes) -> str | None:
    """Why these bytes could hold what is personal: a field that the event's type has not, or an id that is none.

    None where all is as it should be. `key` is the caller's own, and said to be an opaque one.
    """
    if _encode(recorded) != body:
        return "more than its event's fields, or not written as Holdfast writes them"
    event = recorded.event
    if not _UUID(recorded.by):
        return "by is no id"
    for name, values, matches in _texts(type(event)):
        for text in values(event):
            if text is not None and not matches(text):
                return f"{name} is not what it should be"
    for sealed in event.sealed_rows():
        if not (sealed.table in _SEALED_TABLES and _UUID(sealed.subject) and _DIGEST(sealed.digest)):
            return "sealed is not a table, an id and a digest"
    return None


Texts = tuple[str, Callable[[Any], Iterable[Any]], Callable[[str], object]]


@cache
def _texts(event: type[events.Event]) -> list[Texts]:
    """The fields of an event type that hold ids or zones, with how to get their texts and what they must match."""
    hints = get_type_hints(event)
    found: list[Texts] = []
    for field in fields(event):
        hint = hints[field.name]
        get = attrgetter(field.name)
        if field.name in ("zone", "time_zone"):
            found.append((field.name, _one(get), _ZONE))
        elif hint in _IDS or _IDS.intersection(get_args(hint)):
            several = getattr(hint, "__origin__", None) is list
            found.append((field.name, get if several else _one(get), _UUID))
    return found


def _one(get: Callable[[Any], Any]) -> Callable[[Any], Iterable[Any]]:
    return lambda event: (get(event),)
