"""Ids follow from cell, actor, key and counter alone: every node names the same thing alike, and nobody else can."""

import uuid

from hypothesis import assume, given
from hypothesis import strategies as st

from holdfast.domain.ids import IdSource, command_id, derive, signup_actor

SECRET = bytes(range(32))
keys = st.text(min_size=1, max_size=40)
nonces = st.binary(min_size=32, max_size=32)


def source(actor: str = "actor", key: str = "key", nonce: bytes = bytes(32), secret: bytes = SECRET) -> IdSource:
    return IdSource(secret, actor, key, nonce)


@given(keys, keys)
def test_an_id_is_a_uuid_of_version_8_in_lower_case(actor: str, key: str) -> None:
    made = source(actor, key).next()
    parsed = uuid.UUID(made)
    assert (parsed.version, parsed.variant, str(parsed)) == (8, uuid.RFC_4122, made)


@given(keys, keys, nonces, nonces)
def test_another_node_with_another_nonce_names_the_same_things(actor: str, key: str, one: bytes, other: bytes) -> None:
    mine, theirs = source(actor, key, one), source(actor, key, other)
    assert [mine.next() for _ in range(5)] == [theirs.next() for _ in range(5)]


@given(st.tuples(keys, keys), st.tuples(keys, keys))
def test_another_actor_or_key_makes_other_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    assume(one != other and "\x1f" not in "".join([*one, *other]))
    mine, theirs = source(*one), source(*other)
    assert not {mine.next() for _ in range(12)} & {theirs.next() for _ in range(12)}
    assert command_id(SECRET, *one) != command_id(SECRET, *other)


@given(keys, keys, st.integers(1, 30), st.integers(1, 30))
def test_no_key_can_be_chosen_to_meet_an_id_of_another_key(one: str, other: str, first: int, second: int) -> None:
    """Not even with the byte that stands between the parts."""
    assume((one, first) != (other, second))
    assert derive(SECRET, "actor", one, str(first)) != derive(SECRET, "actor", other, str(second))
    assume(one != other)
    assert derive(SECRET, "actor", f"{one}\x1f1", "1") != derive(SECRET, "actor", one, "1")


@given(keys)
def test_another_cell_makes_other_ids(key: str) -> None:
    assert source(key=key).next() != source(key=key, secret=bytes(32)).next()
    assert command_id(SECRET, "actor", key) != command_id(bytes(32), "actor", key)


def test_ids_of_one_command_differ_from_each_other_and_from_its_own() -> None:
    ids = source()
    made = [command_id(SECRET, "actor", "key"), *(ids.next() for _ in range(100))]
    assert len(set(made)) == len(made)


@given(nonces, nonces)
def test_salts_come_from_the_nonce_and_not_from_the_cells_key(one: bytes, other: bytes) -> None:
    assume(one != other)
    mine, same, theirs = source(nonce=one), source(nonce=one, secret=bytes(32)), source(nonce=other)
    first = [mine.next_salt() for _ in range(3)]
    assert first == [same.next_salt() for _ in range(3)]
    assert len(set(first)) == 3
    assert not set(first) & {theirs.next_salt() for _ in range(3)}
    assert {len(salt) for salt in first} == {16}


def test_a_sign_ups_actor_is_a_pseudonym_of_its_address() -> None:
    assert signup_actor(SECRET, "a@example.test") == signup_actor(SECRET, "a@example.test")
    assert signup_actor(SECRET, "a@example.test") != signup_actor(SECRET, "b@example.test")
    assert signup_actor(SECRET, "a@example.test") != signup_actor(bytes(32), "a@example.test")
