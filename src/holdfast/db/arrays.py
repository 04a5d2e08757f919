"""Array literals for `unnest(%s::uuid[], …)`: a string is built at once, where psycopg's list dumper loops in Python.

Instants travel as bigint: SQL turns one into a timestamptz by `timestamptz 'epoch' + x * interval '1 microsecond'`.
"""

import re
from collections.abc import Sequence

import psycopg

_EXACT_US = 2**53
"""Below it, PostgreSQL's multiplication of an interval, which is in doubles, is exact: until the year 2255."""

_SPECIAL = re.compile(r'(["\\])')
_ESCAPED = r"\\\1"
_NULL = "NULL"
_UUIDS = re.compile(r"\{(?:(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|NULL)(?:,(?!\})|(?=\})))+\}")


def uuid_array(ids: Sequence[str | None]) -> str:
    """A uuid[] of UUIDs' texts. Raises psycopg.DataError for another spelling of one, which PostgreSQL would take: its
    row would have another key than the event that made it."""
    array = _joined([_NULL if item is None else item for item in ids])
    if ids and not (_UUIDS.fullmatch(array) and array.count(",") == len(ids) - 1):
        raise psycopg.DataError("an id that is no UUID, or not spelt as ids are")
    return array


def int_array(numbers: Sequence[int | None]) -> str:
    """An int[] or bigint[]."""
    return _joined([_NULL if number is None else str(number) for number in numbers])


def instant_array(instants: Sequence[int | None]) -> str:
    """A bigint[] of instants, in µs since the epoch; for `epoch + x * 1 µs`, exact until the year 2255."""
    assert all(instant is None or -_EXACT_US < instant < _EXACT_US for instant in instants), "an instant beyond 2255"
    return int_array(instants)


def bool_array(values: Sequence[bool | None]) -> str:
    """A boolean[]."""
    return _joined([_NULL if value is None else "t" if value else "f" for value in values])


def text_array(texts: Sequence[str | None]) -> str:
    """A text[], or one of any type whose text form these are. PostgreSQL has no NUL in texts and refuses it."""
    return _joined([_NULL if text is None else _quoted(text) for text in texts])


def bytea_array(values: Sequence[bytes | None]) -> str:
    """A bytea[], in the hex form."""
    return _joined([_NULL if value is None else f'"\\\\x{value.hex()}"' for value in values])


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        return f'"{_SPECIAL.sub(_ESCAPED, text)}"'
    return f'"{text}"'


def _joined(items: list[str]) -> str:
    return "{" + ",".join(items) + "}"
