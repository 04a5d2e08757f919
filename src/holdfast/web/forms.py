"""Forms: what a browser sends becomes a typed Struct, or the page again with what is wrong at each field.

A form is a Struct of annotated fields; `asks` says what people are told where one is empty or wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields

from holdfast.web.languages import phrase

KEPT_AS_TYPED = "password"
"""The one kind of field whose spaces at either end are part of it."""

_EMPTY = phrase("Fill in this field")
_WRONG = phrase("Check this field")

F = TypeVar("F", bound="Form")


class Form(Struct, frozen=True, kw_only=True):
    """What one form asks for. A field with a default may stay empty; one of a list takes every value of its name."""


def asks(empty: str, wrong: str = "") -> Meta:
    """What is said at a field that is empty, and at one that is wrong; each is a `phrase`."""
    return Meta(extra={"empty": empty, "wrong": wrong or empty})


class Filled(Generic[F]):
    """A form as somebody filled it in: `value` where all of it is right, else `errors`, by field."""

    def __init__(self, form: type[F], given: Mapping[str, Sequence[str]], errors: dict[str, str]) -> None:
        self.form = form
        self.given = given
        self.errors = errors
        self.value: F | None = None

    def text(self, name: str) -> str:
        """What was typed."""
        values = self.given.get(name, ())
        return values[-1] if values else ""

    def chosen(self, name: str, value: object) -> bool:
        """Whether this one of a field's values was chosen."""
        return str(value) in self.given.get(name, ())

    def refuse(self, name: str, message: str) -> "Filled[F]":
        """The form with one more error, which only the handler could find. message: a `phrase`."""
        self.errors[name] = message
        return self


def blank(form: type[F], **initial: object) -> Filled[F]:
    """A form as it is first shown."""
    return Filled(form, {name: [str(value)] for name, value in initial.items() if value is not None}, {})


def fill(form: type[F], given: Mapping[str, Sequence[str]]) -> Filled[F]:
    """Reads every field, so that every mistake is shown at once."""
    filled = Filled(form, given, {})
    values: dict[str, Any] = {}
    for field in fields(form):
        raw = _raw(field, given)
        if raw in (None, "", []) and not field.required:
            continue
        try:
            values[field.name] = msgspec.convert(raw, field.type, strict=False)
        except msgspec.ValidationError:
            said = _said(field.type)
            filled.errors[field.name] = said.get("wrong", _WRONG) if raw else said.get("empty", _EMPTY)
    if not filled.errors:
        filled.value = form(**values)
    return filled


def _raw(field: FieldInfo, given: Mapping[str, Sequence[str]]) -> str | list[str] | None:
    values = [value.replace("\r\n", "\n") for value in given.get(field.encode_name, ())]
    if field.name != KEPT_AS_TYPED:
        values = [value.strip() for value in values]
    if get_origin(_bare(field.type)) is list:
        return [value for value in values if value]
    return values[-1] if values else ""


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _said(kind: Any) -> dict[str, str]:
    said: dict[str, str] = {}
    for meta in getattr(kind, "__metadata__", ()):
        said |= meta.extra or {}
    return said
