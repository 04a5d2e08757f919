"""Invariant 12: openings hold ids, times, amounts and names of public things, by their very structure."""

import re
from functools import cache
from typing import get_args, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from holdfast.domain import events, rows
from holdfast.domain.vault import VAULT_TABLES

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_UUIDS = re.compile(f"{_UUID}(,{_UUID})*").fullmatch
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}").fullmatch
_TABLES = "|".join(re.escape(table.TABLE) for table in VAULT_TABLES)
_SEALS = re.compile(f"({_TABLES}),{_UUID},[0-9a-f]{{64}}").fullmatch
_IDS = frozenset(value for value in vars(rows).values() if getattr(value, "__supertype__", None) is str)

_encode = msgspec.json.encode


class Texts(Struct, frozen=True):
    """Which fields of an event type hold one id, several, or a zone."""

    one: tuple[str, ...]
    several: tuple[str, ...]
    zones: tuple[str, ...]


def personal_in(recorded: events.Recorded, body: bytes) -> str | None:
    """Why these bytes could hold what is personal: a field that the event's type has not, or an id that is none.

    None where all is as it should be. `key` is the caller's own, and said to be an opaque one.
    """
    if _encode(recorded) != body:
        return "more than its event's fields, or not written as Holdfast writes them"
    event = recorded.event
    texts = texts_of(type(event))
    ids = [recorded.by]
    for name in texts.one:
        ids.append(getattr(event, name) or recorded.by)
    for name in texts.several:
        ids += getattr(event, name)
    if not _UUIDS(",".join(ids)):
        return "by, or an id in the event, is none"
    for name in texts.zones:
        if not _ZONE(getattr(event, name)):
            return f"{name} is no time zone"
    for sealed in event.sealed_rows():
        if not _SEALS(f"{sealed.table},{sealed.subject},{sealed.digest}"):
            return "sealed is not a table, an id and a digest"
    return None


@cache
def texts_of(event: type[events.Event]) -> Texts:
    """By the types that events.py declares."""
    hints = get_type_hints(event)
    names = [field.name for field in fields(event)]
    lists = tuple(name for name in names if getattr(hints[name], "__origin__", None) is list)
    return Texts(
        one=tuple(n for n in names if n not in lists and (hints[n] in _IDS or _IDS.intersection(get_args(hints[n])))),
        several=tuple(n for n in lists if _IDS.intersection(get_args(hints[n]))),
        zones=tuple(n for n in names if n in ("zone", "time_zone")),
    )
