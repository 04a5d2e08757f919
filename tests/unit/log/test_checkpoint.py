"""Checkpoints as c2sp.org/tlog-checkpoint has them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.log.checkpoint import (
    Checkpoint,
    origin_of,
    parse_checkpoint,
    previous_of,
    sign_checkpoint,
    verify_checkpoint,
)
from holdfast.log.faults import LogError, LogFault
from holdfast.log.note import parse_note, public_bytes, sign_note

KEY = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
ORIGIN = origin_of("0198c5c5-0000-7000-8000-000000000001")
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def fault_of(note: str, origin: str = ORIGIN) -> LogFault:
    with pytest.raises(LogError) as refused:
        verify_checkpoint(note, origin, public_bytes(KEY))
    return refused.value.fault


def test_the_specification_s_example_parses_and_is_written_alike() -> None:
    text = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
    checkpoint = parse_checkpoint(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.body == text


def test_a_signed_checkpoint_verifies_under_its_origin() -> None:
    checkpoint = Checkpoint(ORIGIN, 7, bytes(range(32)))
    assert verify_checkpoint(sign_checkpoint(checkpoint, KEY), ORIGIN, public_bytes(KEY)) == checkpoint


def test_the_origin_is_the_cell_s_id_and_no_url() -> None:
    assert ORIGIN == "holdfast.cell/0198c5c5-0000-7000-8000-000000000001"


def test_another_cell_s_checkpoint_is_not_ours_even_with_our_key() -> None:
    theirs = Checkpoint(origin_of("0198c5c5-0000-7000-8000-000000000002"), 7, bytes(32))
    assert fault_of(sign_checkpoint(theirs, KEY)) is LogFault.key_unknown
    assert fault_of(sign_note(theirs.body, ORIGIN, KEY)) is LogFault.origin_wrong


def test_extension_lines_are_ignored() -> None:
    note = sign_note(f"{ORIGIN}\n3\n{ROOT}\nan extension\n", ORIGIN, KEY)
    assert verify_checkpoint(note, ORIGIN, public_bytes(KEY)).size == 3


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n3\n",
        f"{ORIGIN}\n03\n{ROOT}\n",
        f"{ORIGIN}\n-3\n{ROOT}\n",
        f"{ORIGIN}\n٣\n{ROOT}\n",
        f"{ORIGIN}\n{10**19}\n{ROOT}\n",
        f"{ORIGIN}\n3\n{ROOT[:-1]}\n",
        f"{ORIGIN}\n3\nAAAA\n",
        f"\n3\n{ROOT}\n",
        f"{ORIGIN}\n3\n{ROOT}\n\nextension after an empty line\n",
    ],
)
def test_a_malformed_checkpoint_is_refused_though_signed(text: str) -> None:
    assert fault_of(sign_note(text, ORIGIN, KEY)) is LogFault.checkpoint_malformed


def test_a_checkpoint_names_the_one_before_so_that_none_can_vanish() -> None:
    checkpoint = Checkpoint(ORIGIN, 7, bytes(range(32)))
    note = sign_checkpoint(checkpoint, KEY, previous=5)
    assert verify_checkpoint(note, ORIGIN, public_bytes(KEY)) == checkpoint
    assert previous_of(parse_note(note).text) == 5
    assert previous_of(parse_note(sign_checkpoint(checkpoint, KEY)).text) is None
    assert previous_of(checkpoint.body + "previous 05\n") is None
