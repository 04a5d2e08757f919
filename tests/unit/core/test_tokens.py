"""Tokens: only what this cell minted counts, and only until it expires."""

from hypothesis import given
from hypothesis import strategies as st

from holdfast.core.envelope import Sender
from holdfast.core.tokens import PREFIX, mint, verify
from holdfast.domain.instants import SECOND_US, Instant
from holdfast.domain.rows import MemberId, TokenId

SECRET = b"k" * 32
NOW = Instant(1_793_577_600_000_000)
LATER = Instant(NOW + 3600 * SECOND_US)
MEMBER = MemberId("743a0e9f-3b3c-87f8-ac77-f1fb667dec3e")
TOKEN = TokenId("089ef8d3-2b8d-8a78-a5d2-ca4fca7f807a")


def test_a_token_says_who_holds_it_since_which_epoch() -> None:
    assert verify(SECRET, mint(SECRET, MEMBER, 3, TOKEN, LATER), NOW) == Sender(MEMBER, TOKEN, 3)


def test_an_expired_token_counts_no_more() -> None:
    token = mint(SECRET, MEMBER, 1, TOKEN, LATER)
    assert verify(SECRET, token, Instant(LATER - 1)) is not None
    assert verify(SECRET, token, LATER) is None


def test_another_cells_token_does_not_count() -> None:
    assert verify(SECRET, mint(b"x" * 32, MEMBER, 1, TOKEN, LATER), NOW) is None


@given(st.integers(0, 55 * 8 - 1))
def test_a_token_with_any_bit_changed_does_not_count(bit: int) -> None:
    token = mint(SECRET, MEMBER, 1, TOKEN, LATER)
    place = len(PREFIX) + bit // 6 % (len(token) - len(PREFIX) - 1)
    other = "A" if token[place] != "A" else "B"
    assert verify(SECRET, token[:place] + other + token[place + 1 :], NOW) is None


@given(st.text(max_size=120) | st.binary(max_size=90).map(lambda raw: PREFIX + raw.hex()))
def test_nothing_that_was_not_minted_counts(text: str) -> None:
    assert verify(SECRET, text, NOW) is None
