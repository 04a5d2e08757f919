"""Rows to and from the database: how a row's fields travel, told by their types alone."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from msgspec.structs import astuple

from holdfast.db.arrays import bool_array, bytea_array, instant_array, int_array, text_array, uuid_array
from holdfast.domain.instants import Instant
from holdfast.domain.rows import TABLES, TableRow
from holdfast.domain.vault import VAULT_TABLES

Encode = Callable[[Sequence[Any]], str]


def _days_array(days: Sequence[date | None]) -> str:
    return text_array([None if day is None else day.isoformat() for day in days])


def _lists_array(of: Encode) -> Encode:
    """An array cannot hold arrays of different lengths: each travels as its own literal, and is cast in SQL."""
    return lambda lists: text_array([None if items is None else of(items) for items in lists])


def _encode_of(hint: Any) -> Encode:
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is list:
        return _lists_array(_encode_of(get_args(hint)[0]))
    if hint is Instant:
        return instant_array
    if isinstance(hint, NewType):
        return uuid_array
    if hint is bool:
        return bool_array
    by_type: dict[Any, Encode] = {int: int_array, bytes: bytea_array, date: _days_array}
    return by_type.get(hint, text_array)


def _names_of(table: type[TableRow]) -> list[Any]:
    hints = get_type_hints(table)
    return [hints[name] for name in table.__struct_fields__]


_ENCODES: dict[type[TableRow], list[tuple[str, Encode]]] = {
    table: [(name, _encode_of(hint)) for name, hint in zip(table.__struct_fields__, _names_of(table), strict=True)]
    for table in (*TABLES, *VAULT_TABLES)
}

_ENUMS: dict[type[TableRow], list[tuple[int, type[StrEnum]]]] = {
    table: [
        (at, hint) for at, hint in enumerate(_names_of(table)) if isinstance(hint, type) and issubclass(hint, StrEnum)
    ]
    for table in (*TABLES, *VAULT_TABLES)
}


def columns_of(table: type[TableRow], rows: Sequence[TableRow]) -> list[str]:
    """The rows as one array literal a column, in the order of the fields."""
    columns = zip(*map(astuple, rows), strict=True)
    return [encode(column) for (_, encode), column in zip(_ENCODES[table], columns, strict=True)]


def keys_of(table: type[TableRow], key: Sequence[str], keys: Sequence[Any]) -> list[str]:
    """Primary keys as one array literal a key column."""
    encodes = dict(_ENCODES[table])
    if len(key) == 1:
        return [encodes[key[0]](keys)]
    return [encodes[name]([one[at] for one in keys]) for at, name in enumerate(key)]


def build(table: type[TableRow], values: Sequence[Any]) -> TableRow:
    """A row of the table out of a result's columns, in the order of the fields."""
    enums = _ENUMS[table]
    if enums:
        changed = list(values)
        for at, enum in enums:
            changed[at] = enum(changed[at])
        return table(*changed)
    return table(*values)
