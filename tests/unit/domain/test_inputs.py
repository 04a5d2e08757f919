"""What people may type: what fits, what does not, and that neither takes long to tell."""

import msgspec
import pytest

from holdfast.domain.inputs import Email, Line, Prose


def fits(text: str, what: object) -> bool:
    try:
        msgspec.convert(text, what)
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize("text", ["a", " a ", "\na\n\nb\n", "é\u2028", "x" * 5000])
def test_prose_shows_something(text: str) -> None:
    assert fits(text, Prose)


@pytest.mark.parametrize("text", ["", " ", "\n\t", " " * 5000, "\0", "a\0", "\0a", "x" * 4999 + "\0"])
def test_prose_is_neither_blank_nor_holds_a_nul(text: str) -> None:
    assert not fits(text, Prose)


@pytest.mark.parametrize("text", ["a", " a b ", "\u2003a", "\x7f"])
def test_a_line_shows_something(text: str) -> None:
    assert fits(text, Line)


@pytest.mark.parametrize("text", ["", " ", "\u2003", "a\nb", "\ta", "a\0", "\x1f"])
def test_a_line_is_neither_blank_nor_holds_what_controls(text: str) -> None:
    assert not fits(text, Line)


@pytest.mark.parametrize("text", ["rita@example.com\n", "rita@example.com ", "\nrita@example.com", "rita@", "a@b@c"])
def test_nothing_stands_around_an_address(text: str) -> None:
    assert fits("rita@example.com", Email)
    assert not fits(text, Email)
