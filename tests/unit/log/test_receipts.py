"""A node's signed statement that it received a command."""

import dataclasses
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.domain.instants import Instant
from holdfast.log.checkpoint import Checkpoint, origin_of
from holdfast.log.faults import LogError, LogFault
from holdfast.log.note import public_bytes, sign_note
from holdfast.log.receipts import Receipt, issue_receipt, node_id_of, receipt_code, verify_receipt

KEY = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
PUBLIC = public_bytes(KEY)
CELL = "0198c5c5-0000-7000-8000-000000000001"
RECEIPT = Receipt(
    cell_id=CELL,
    node_id=node_id_of(PUBLIC),
    command_id="0198c5c5-0000-7000-8000-0000000000c1",
    fingerprint=bytes(range(32)),
    received_at=Instant(1_760_918_880_000_000),
    valid_until=Instant(1_761_005_280_000_000),
    checkpoint=Checkpoint(origin_of(CELL), 5210, bytes(range(32))),
)


def fault_of(note: str, cell_id: str = CELL, public_key: bytes = PUBLIC) -> LogFault:
    with pytest.raises(LogError) as refused:
        verify_receipt(note, cell_id, public_key)
    return refused.value.fault


@pytest.mark.parametrize("checkpoint", [RECEIPT.checkpoint, None])
def test_a_receipt_says_what_the_node_said(checkpoint: Checkpoint | None) -> None:
    receipt = dataclasses.replace(RECEIPT, checkpoint=checkpoint)
    assert verify_receipt(issue_receipt(receipt, KEY), CELL, PUBLIC) == receipt


def test_a_changed_receipt_is_not_believed() -> None:
    note = issue_receipt(RECEIPT, KEY)
    assert fault_of(note.replace("1761005280000000", "1771005280000000")) is LogFault.signature_wrong


def test_a_receipt_of_another_node_or_cell_is_unknown() -> None:
    stranger = public_bytes(Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x02"))
    assert fault_of(issue_receipt(RECEIPT, KEY), public_key=stranger) is LogFault.key_unknown
    assert fault_of(issue_receipt(RECEIPT, KEY), cell_id="another") is LogFault.key_unknown


def test_a_node_cannot_sign_for_another() -> None:
    name = f"{origin_of(CELL)}/node/{RECEIPT.node_id}"
    other = RECEIPT.text.replace(RECEIPT.node_id, "0" * 64)
    assert fault_of(sign_note(other, name, KEY)) is LogFault.receipt_malformed
    with pytest.raises(AssertionError, match="its own receipts"):
        issue_receipt(dataclasses.replace(RECEIPT, node_id="0" * 64), KEY)


@pytest.mark.parametrize(
    ("this", "that"), [("valid_until", "valid"), ("5210 ", "05210 "), ("AAECA", "AAEC"), ("@v1", "@v2")]
)
def test_a_malformed_statement_is_refused_though_signed(this: str, that: str) -> None:
    name = f"{origin_of(CELL)}/node/{RECEIPT.node_id}"
    assert fault_of(sign_note(RECEIPT.text.replace(this, that), name, KEY)) is LogFault.receipt_malformed


def test_the_code_is_short_and_without_letters_that_are_misread() -> None:
    code = receipt_code(issue_receipt(RECEIPT, KEY))
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert code == receipt_code(issue_receipt(RECEIPT, KEY))
    later = dataclasses.replace(RECEIPT, received_at=Instant(RECEIPT.received_at + 1))
    assert code != receipt_code(issue_receipt(later, KEY))
