"""Cursors: good for the list that gave them, and for no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from holdfast.api.cursors import cursor_to, place_of
from holdfast.api.problems import Fault, Problem

KEY = b"c" * 32


class Spot(Struct, frozen=True, array_like=True):
    at: int
    name: str


@given(st.integers(-(2**62), 2**62), st.text())
def test_a_cursor_leads_back_to_its_place(at: int, name: str) -> None:
    spot = Spot(at, name)
    assert place_of(KEY, "bookings", cursor_to(KEY, "bookings", spot), Spot) == spot


def test_no_cursor_is_the_beginning() -> None:
    assert place_of(KEY, "bookings", None, Spot) is None


@pytest.mark.parametrize("scope", ["bookings ", "listings", ""])
def test_a_cursor_of_another_list_is_refused(scope: str) -> None:
    with pytest.raises(Problem) as raised:
        place_of(KEY, scope, cursor_to(KEY, "bookings", Spot(1, "a")), Spot)
    assert raised.value.code is Fault.invalid_input
    assert raised.value.errors[0].field == "cursor"


@given(st.text(max_size=200))
def test_garbage_is_no_cursor(text: str) -> None:
    with pytest.raises(Problem):
        place_of(KEY, "bookings", text, Spot)
