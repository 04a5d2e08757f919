"""Forms: every mistake at once, what was typed kept, and values of the types that the form names."""

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from holdfast.domain.inputs import Line, OptionalProse
from holdfast.web.forms import Form, asks, blank, fill


class Visit(Form, frozen=True):
    """One of each kind of field."""

    title: Annotated[Line, asks("Give it a title", "At most 200 characters")]
    day: Annotated[date, asks("Choose a day")]
    minutes: Annotated[int, Meta(ge=15), asks("Say how long", "At least 15 minutes")]
    password: str = ""
    note: OptionalProse = ""
    price: int | None = None
    calendars: list[str] = field(default_factory=list)


GIVEN = {"title": [" Haircut "], "day": ["2026-12-01"], "minutes": ["45"]}


def test_a_right_form_is_a_typed_value() -> None:
    given = {**GIVEN, "password": [" a b "], "note": ["a\r\nb"], "price": [""], "calendars": ["a", "", "b"]}
    filled = fill(Visit, given)
    assert filled.errors == {}
    assert filled.value == Visit(
        title="Haircut", day=date(2026, 12, 1), minutes=45, password=" a b ", note="a\nb", calendars=["a", "b"]
    )


def test_every_mistake_is_shown_at_once_and_what_was_typed_is_kept() -> None:
    filled = fill(Visit, {"title": ["  "], "minutes": ["5"], "day": ["tomorrow"]})
    assert filled.value is None
    assert filled.errors == {"title": "Give it a title", "day": "Choose a day", "minutes": "At least 15 minutes"}
    assert filled.text("minutes") == "5"
    assert fill(Visit, {**GIVEN, "title": ["x" * 201]}).errors == {"title": "At most 200 characters"}


def test_a_field_that_may_be_empty_still_has_to_be_right() -> None:
    assert set(fill(Visit, {**GIVEN, "price": ["much"]}).errors) == {"price"}


def test_a_blank_form_shows_what_it_starts_with() -> None:
    form = blank(Visit, minutes=60, title=None)
    assert (form.text("minutes"), form.text("title"), form.chosen("minutes", 60)) == ("60", "", True)
    assert form.errors == {}
