"""Seals: how an event vouches for a vault row."""

from holdfast.domain.rows import BookingId, ListingId
from holdfast.domain.vault import BookingText, ListingText, seal

SALT = bytes(range(16))


def test_a_seal_never_changes() -> None:
    """Golden: what an event of an old log vouched for must be found again by every later release."""
    sealed = seal(BookingText(BookingId("b"), "Zoë", "", SALT))
    assert (sealed.table, sealed.subject) == ("vault.booking_text", "b")
    assert sealed.digest == "c0b27cc4f8cf10c76a8e99c1cc151a46a955db7241e7fa93a5cb7eaee1bfe56f"


def test_a_seal_tells_fields_and_salts_apart() -> None:
    rows = [
        BookingText(BookingId("b"), "a", "b", SALT),
        BookingText(BookingId("b"), "b", "a", SALT),
        BookingText(BookingId("b"), "ab", "", SALT),
        BookingText(BookingId("b"), 'a","b', "", SALT),
        BookingText(BookingId("b"), "a", "b", bytes(16)),
        ListingText(ListingId("b"), "a", "b", "", "", None, None, SALT),
        ListingText(ListingId("b"), "a", "b", "", "", 0, 0, SALT),
    ]
    assert len({seal(row).digest for row in rows}) == len(rows)
