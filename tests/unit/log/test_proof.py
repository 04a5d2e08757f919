"""Proofs that an event is in the log, as c2sp.org/tlog-proof has them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from holdfast.log.checkpoint import Checkpoint, origin_of, sign_checkpoint
from holdfast.log.commit import entry_of
from holdfast.log.faults import LogError, LogFault
from holdfast.log.merkle import inclusion_proof, leaf_hash, root_of
from holdfast.log.note import encode64, public_bytes
from holdfast.log.proof import Proof, ProvenEntry, format_proof, opening_of, parse_proof, verify_proof

KEY = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
ORIGIN = origin_of("0198c5c5-0000-7000-8000-000000000001")
OPENINGS = [(bytes([number]) * 16, b'{"type":"event","n":%d}' % number) for number in range(11)]
LEAVES = [leaf_hash(entry_of(salt, body)) for salt, body in OPENINGS]
CHECKPOINT = Checkpoint(ORIGIN, len(LEAVES), root_of(LEAVES))


def proof_of(index: int, extra: bytes | None = None) -> Proof:
    def hash_at(level: int, at: int) -> bytes:
        return root_of(LEAVES[at << level : (at + 1) << level])

    hashes = tuple(inclusion_proof(index, len(LEAVES), hash_at))
    return Proof(index, hashes, sign_checkpoint(CHECKPOINT, KEY), extra or opening_of(*OPENINGS[index]))


def fault_of(text: str) -> LogFault:
    with pytest.raises(LogError) as refused:
        verify_proof(text, ORIGIN, public_bytes(KEY))
    return refused.value.fault


@pytest.mark.parametrize("index", range(len(LEAVES)))
def test_every_event_of_the_log_can_be_proven(index: int) -> None:
    salt, body = OPENINGS[index]
    shown = verify_proof(format_proof(proof_of(index)), ORIGIN, public_bytes(KEY))
    assert shown == ProvenEntry(index, entry_of(salt, body), salt, body, CHECKPOINT)


def test_a_proof_is_laid_out_as_the_specification_shows() -> None:
    lines = format_proof(proof_of(10)).split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra " + encode64(opening_of(*OPENINGS[10]))
    assert lines[2] == "index 10"
    assert lines[5:8] == ["", ORIGIN, "11"]


@given(
    st.builds(
        Proof,
        st.integers(0, 2**62),
        st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
        st.just(sign_checkpoint(CHECKPOINT, KEY)),
        st.none() | st.binary(max_size=99),
    )
)
def test_parsing_gives_back_what_was_formatted(proof: Proof) -> None:
    assert parse_proof(format_proof(proof)) == proof


def test_another_event_in_the_extra_line_is_not_believed() -> None:
    assert fault_of(format_proof(proof_of(3, opening_of(*OPENINGS[4])))) is LogFault.inclusion_wrong


def test_another_place_is_not_believed() -> None:
    moved = format_proof(proof_of(3)).replace("index 3", "index 2")
    assert fault_of(moved) is LogFault.inclusion_wrong


def test_a_proof_without_its_opening_shows_no_event() -> None:
    text = format_proof(proof_of(3))
    bare = "\n".join(line for line in text.split("\n") if not line.startswith("extra "))
    assert fault_of(bare) is LogFault.opening_missing
    assert fault_of(format_proof(proof_of(3, b"short"))) is LogFault.opening_missing


def test_a_checkpoint_that_another_key_signed_is_not_believed() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x02")
    forged = Proof(3, proof_of(3).hashes, sign_checkpoint(CHECKPOINT, stranger), opening_of(*OPENINGS[3]))
    assert fault_of(format_proof(forged)) is LogFault.key_unknown


@pytest.mark.parametrize(
    ("this", "that"),
    [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("extra ", "extra  "),
        ("index 3", "index 03"),
        ("index 3", "index"),
        ("index 3\n", ""),
        ("index 3", "index 3\nAAAA"),
        ("index 3", "index 3" + ("\n" + encode64(bytes(32))) * 64),
        ("index 3", "index 3\n" + encode64(bytes(33))),
        ("\n\n", "\n"),
    ],
)
def test_what_is_no_proof_is_refused(this: str, that: str) -> None:
    assert fault_of(format_proof(proof_of(3)).replace(this, that)) is LogFault.proof_malformed


def test_an_entry_depends_on_salt_and_body() -> None:
    entries = {entry_of(bytes([salt]) * 16, body) for salt in (0, 1) for body in (b"a", b"b")}
    assert len(entries) == 4
