"""An envelope names its command, bounds how long it may wait, and tells one body from another."""

import msgspec

from holdfast.core.envelope import LONGEST_WAIT_US, Envelope, Sender, envelop, fingerprint_of
from holdfast.domain import commands as c
from holdfast.domain.ids import command_id
from holdfast.domain.instants import HOUR_US, Instant
from holdfast.domain.rows import MemberId, TokenId
from support.paper import MONDAY, NOBODY, SECRET, at, place

SENDER = Sender(MemberId(NOBODY), TokenId("t"), 1)
BODY = place(NOBODY, 1, 10, note="Third floor")


def test_the_id_follows_from_cell_actor_and_key_alone() -> None:
    one, other = (envelop(SECRET, SENDER, "k", BODY, Instant(MONDAY + n)) for n in range(2))
    assert one.id == other.id == command_id(SECRET, NOBODY, "k")
    assert one.nonce != other.nonce


def test_nothing_may_wait_longer_than_a_day() -> None:
    assert envelop(SECRET, SENDER, "k", BODY, MONDAY).valid_until == MONDAY + LONGEST_WAIT_US
    late = envelop(SECRET, SENDER, "k", BODY, MONDAY, valid_until=at(9, 0))
    assert late.valid_until == MONDAY + LONGEST_WAIT_US
    early = envelop(SECRET, SENDER, "k", BODY, MONDAY, valid_until=Instant(MONDAY + HOUR_US))
    assert early.valid_until == MONDAY + HOUR_US


def test_the_fingerprint_is_of_the_body_and_nothing_that_the_node_sets() -> None:
    one = envelop(SECRET, SENDER, "k", BODY, MONDAY)
    other = envelop(SECRET, Sender(MemberId(NOBODY), TokenId("u"), 2), "j", BODY, at(1, 0))
    assert one.fingerprint == other.fingerprint == fingerprint_of(BODY)
    assert len(one.fingerprint) == 16


def test_another_field_is_another_fingerprint() -> None:
    others = [place(NOBODY, 1, 10), place(NOBODY, 1, 11, note="Third floor"), c.CancelBooking(NOBODY, None, "")]  # type: ignore[arg-type]  # a booking's id
    prints = {fingerprint_of(BODY), *map(fingerprint_of, others), fingerprint_of(BODY, b"extra")}
    assert len(prints) == 5


def test_two_kinds_of_command_with_the_same_fields_differ() -> None:
    listing = c.PublishListing(NOBODY), c.WithdrawListing(NOBODY)  # type: ignore[arg-type]  # a listing's id
    assert fingerprint_of(listing[0]) != fingerprint_of(listing[1])


def test_an_envelope_comes_back_from_its_bytes_as_it_was() -> None:
    offer = c.OfferTaken(NOBODY, 1, at(1, 10), 60, 5000, at(0, 1))  # type: ignore[arg-type]  # a listing's id
    for command in (BODY, place(NOBODY, 1, 10, offer=offer), c.SignUp("a@example.test", "Ä\0", "UTC", "$argon2id$")):
        envelope = envelop(SECRET, SENDER, "k", command, MONDAY)
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(envelope), type=Envelope) == envelope
