"""Signed notes against the note of golang.org/x/mod/sumdb/note, and against forgeries."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from holdfast.log.faults import LogError, LogFault
from holdfast.log.note import decode64, key_id, parse_note, public_bytes, sign_note, verifier_key, verify_note

NAME = "PeterNeumann"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x02")
OURS = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")


@pytest.fixture
def public_key() -> bytes:
    key = decode64(VERIFIER.split("+", 2)[2])
    assert key is not None
    return key[1:]


def fault_of(note: str, name: str, key: bytes) -> LogFault:
    with pytest.raises(LogError) as refused:
        verify_note(note, name, key)
    return refused.value.fault


def test_a_note_that_go_signed_verifies(public_key: bytes) -> None:
    assert verify_note(f"{TEXT}\n{LINE}", NAME, public_key) == TEXT


def test_the_key_id_is_go_s(public_key: bytes) -> None:
    assert key_id(NAME, public_key).hex() == "c74f20a3"
    assert verifier_key(NAME, public_key) == VERIFIER


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n")))
def test_what_we_sign_verifies_and_comes_back_whole(text: str) -> None:
    note = sign_note(text + "\n", "holdfast.cell/x", OURS)
    assert verify_note(note, "holdfast.cell/x", public_bytes(OURS)) == text + "\n"


def test_signatures_of_unknown_keys_are_ignored(public_key: bytes) -> None:
    foreign = sign_note(TEXT, "witness.example", STRANGER).rsplit("\n\n", 1)[1]
    assert verify_note(f"{TEXT}\n{foreign}{LINE}", NAME, public_key) == TEXT
    assert fault_of(f"{TEXT}\n{foreign}", NAME, public_key) is LogFault.key_unknown


def test_another_key_under_the_same_name_is_unknown(public_key: bytes) -> None:
    assert fault_of(sign_note(TEXT, NAME, STRANGER), NAME, public_key) is LogFault.key_unknown


def test_the_same_key_under_another_name_is_unknown(public_key: bytes) -> None:
    assert fault_of(f"{TEXT}\n{LINE}", "PaulNeumann", public_key) is LogFault.key_unknown


def test_a_changed_text_is_not_believed(public_key: bytes) -> None:
    assert fault_of(f"{TEXT.replace('answer', 'remedy')}\n{LINE}", NAME, public_key) is LogFault.signature_wrong


def test_one_wrong_signature_of_a_known_key_condemns_the_note(public_key: bytes) -> None:
    note = sign_note(TEXT, "n", OURS)
    wrong = sign_note(TEXT + "more\n", "n", OURS).rsplit("\n\n", 1)[1]
    assert fault_of(note + wrong, "n", public_bytes(OURS)) is LogFault.signature_wrong


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n\n",
        f"{TEXT}{LINE}",
        f"{TEXT}\n{LINE.rstrip()}",
        f"{TEXT}\n{LINE}\n",
        f"{TEXT}\n{LINE}trailing\n",
        f"{TEXT}\n{LINE.replace('—', '-')}",
        f"{TEXT}\n{LINE.replace('PeterNeumann', 'Peter+Neumann')}",
        f"{TEXT}\n{LINE.replace('PeterNeumann', 'Peter Neumann')}",
        f"{TEXT}\n{LINE.replace('AM=', 'AN=')}",
        f"{TEXT}\n— PeterNeumann x08gow==\n",
        f"{TEXT}\t\n{LINE}",
        f"{TEXT}\n{LINE * 65}",
        f"{'x' * 1_000_001}\n\n{LINE}",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(LogError) as refused:
        parse_note(note)
    assert refused.value.fault is LogFault.note_malformed


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "QQ==\n", " QQ==", "Q-==", "QQ==QQ==", "é"])
def test_base64_has_one_spelling(text: str) -> None:
    assert decode64(text) is None
