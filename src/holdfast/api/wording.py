"""What is wrong with a field, in plain words: the checker's own speak of regular expressions and of Python's types."""

import re
from typing import Any

import msgspec
from msgspec import inspect

from holdfast.domain.inputs import EMAIL, ENDS, FILLED, ONE_LINE, ONE_LINE_OR_NONE, WHOLE, ZONE

MOMENT = "a date-time with an offset, such as 2026-11-02T10:00:00+00:00"
UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
SLUG = "^[a-z0-9]+(-[a-z0-9]+)*" + ENDS
SLUG_OR_ID = "^[a-z0-9-]+$"
OPENS = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
CLOSES = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
PATTERNS = {
    UUID: "is not a UUID",
    FILLED: "must not be blank, nor hold a null character",
    WHOLE: "must not hold a null character",
    ONE_LINE: "must be one line that is not blank, without control characters",
    ONE_LINE_OR_NONE: "must be one line, without control characters",
    EMAIL: "is not an e-mail address",
    ZONE: "is not a name of a time zone, such as Europe/Lisbon",
    SLUG: "has other characters than a to z, 0 to 9 and single - between them",
    SLUG_OR_ID: "has other characters than a to z, 0 to 9 and -",
    OPENS: "is not a time of day, such as 09:00",
    CLOSES: "is not a time of day, such as 12:30, or 24:00",
}
"""What does not match which pattern."""

_KINDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "datetime": MOMENT,
    "date": "a date, such as 2026-12-31",
}
_UUID_CHARACTERS = "36"
_LENGTH = re.compile(r"Expected `(str|array)[^`]*` of length (>=|<=) (\d+)")
_BOUND = re.compile(r"Expected `(?:int|float)[^`]*` (>=|<=|>|<) (-?[0-9.e+]+)")
_KIND = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_PATTERN = re.compile(r"Expected `str[^`]*` matching regex (.*)", re.DOTALL)
_BOUNDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def plain(message: str, kind: Any) -> str:
    """What msgspec says of a value that should be of this type, for people."""
    if found := _LENGTH.fullmatch(message):
        return _length(*found.groups())
    if found := _BOUND.fullmatch(message):
        return f"must be {_BOUNDS[found[1]]} {found[2].removesuffix('.0')}"
    if found := _PATTERN.fullmatch(message):
        return next((said for pattern, said in PATTERNS.items() if repr(pattern) == found[1]), "is not in its form")
    if found := _KIND.fullmatch(message):
        wanted = " or ".join(_KINDS.get(name, name) for name in found[1].split(" | "))
        return f"must be {wanted}, not {_KINDS.get(found[2], found[2])}"
    if message.startswith("Invalid enum value"):
        return f"must be one of: {', '.join(_choices(inspect.type_info(kind)))}"
    if message.startswith(("Invalid RFC3339 encoded datetime", "Expected `datetime` with a timezone")):
        return f"is not {MOMENT}"
    if message.startswith("Invalid RFC3339 encoded date"):
        return f"is not {_KINDS['date']}"
    return message[:1].lower() + message[1:]


def _length(kind: str, bound: str, number: str) -> str:
    if kind == "str" and number == _UUID_CHARACTERS:
        return PATTERNS[UUID]
    if kind == "str" and (bound, number) == (">=", "1"):
        return "must not be empty"
    return f"must have {_BOUNDS[bound]} {number} {'characters' if kind == 'str' else 'items'}"


def _choices(info: inspect.Type) -> list[str]:
    """The values of the enumeration within a type."""
    if isinstance(info, inspect.EnumType):
        return [str(member.value) for member in info.cls]
    if isinstance(info, inspect.Metadata | inspect.ListType):
        return _choices(info.type if isinstance(info, inspect.Metadata) else info.item_type)
    parts: list[inspect.Type] = []
    if isinstance(info, inspect.UnionType):
        parts = list(info.types)
    elif isinstance(info, inspect.StructType):
        parts = [field.type for field in info.fields]
    return [choice for part in parts for choice in _choices(part)]


def wrong_fields(value: Any, into: Any) -> list[tuple[str, str]]:
    """Every field of an object that is missing, unknown or wrong, with what is wrong; none where it is no object, or
    nothing is."""
    if not isinstance(value, dict):
        return []
    fields = {field.encode_name: field for field in msgspec.structs.fields(into)}
    found = []
    for name, field in fields.items():
        if name not in value:
            found += [(name, "is required")] if field.required else []
            continue
        try:
            msgspec.convert(value[name], field.type)
        except msgspec.ValidationError as error:
            found.append((name + place_in(str(error)), said_of(str(error), field.type)))
    return found + [(name, UNKNOWN) for name in value if name not in fields]


UNKNOWN = "is not a field of this request"
_PLACE = re.compile(r"(?s)(.*?)(?: - at `\$(.*)`)?\Z")
_NAMED = re.compile(r"Object (missing required|contains unknown) field `(.*)`")


def place_in(text: str) -> str:
    """Where in a value msgspec found something wrong, such as `[0].opens`."""
    match = _PLACE.match(text)
    assert match is not None, "the pattern fits every text"
    named = _NAMED.fullmatch(match[1])
    return (match[2] or "") + (f".{named[2]}" if named else "")


def said_of(text: str, kind: Any) -> str:
    """What msgspec found wrong there."""
    match = _PLACE.match(text)
    assert match is not None, "the pattern fits every text"
    if named := _NAMED.fullmatch(match[1]):
        return "is required" if named[1].startswith("missing") else UNKNOWN
    return plain(match[1], kind)
