"""An offer is believed only as this cell signed it."""

from hypothesis import given
from hypothesis import strategies as st

from holdfast.core.offers import open_offer, sign_offer
from holdfast.domain.commands import OfferTaken
from holdfast.domain.instants import SECOND_US, Instant
from holdfast.domain.rows import ListingId

SECRET = bytes(range(32))
OFFER = OfferTaken(
    ListingId("0198c5c5-0000-7000-8000-000000000001"), 3, Instant(1_793_577_600_000_000), 60, 5000,
    Instant(1_793_500_000_000_000),
)  # fmt: skip

offers = st.builds(
    OfferTaken,
    st.uuids().map(lambda one: ListingId(str(one))),
    st.integers(1, 2**31 - 1),
    st.integers(0, 2**60).map(Instant),
    st.integers(1, 1440),
    st.integers(0, 2**31 - 1),
    st.integers(0, 2**32 - 1).map(lambda seconds: Instant(seconds * SECOND_US)),
)


@given(offers)
def test_what_was_offered_is_what_is_honoured(offer: OfferTaken) -> None:
    assert open_offer(SECRET, sign_offer(SECRET, offer)) == offer


def test_another_cells_offer_is_none() -> None:
    assert open_offer(bytes(32), sign_offer(SECRET, OFFER)) is None


@given(st.integers(0, 71), st.characters(codec="utf-8"))
def test_a_changed_offer_is_none_or_the_same(at: int, letter: str) -> None:
    text = sign_offer(SECRET, OFFER)
    assert open_offer(SECRET, text[:at] + letter + text[at + 1 :]) in (None, OFFER)


@given(st.text(max_size=200))
def test_what_is_no_offer_is_none(text: str) -> None:
    assert open_offer(SECRET, text) is None


def test_an_offer_never_changes_its_form() -> None:
    # Golden: a node of the next release must honour what one of this release signed half an hour ago.
    assert sign_offer(SECRET, OFFER) == "AZjFxQAAcACAAAAAAAAAAQAAAAMABl8_07mgAAA8AAATiGrmo2DmjTd6VG_A20q5bwycoWDu"
