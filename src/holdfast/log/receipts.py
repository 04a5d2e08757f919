"""Receipts: a node's signed statement that it received a command, a signed note (c2sp.org/signed-note).

    holdfast.cell/receipt@v1
    cell <id>
    node <hex SHA-256 of the node's public key>
    command <id>
    fingerprint <hex>
    received_at <µs since the epoch>
    valid_until <µs since the epoch>
    checkpoint <size> <base64 root>        or: checkpoint none

It promises that the command was durable on the node, not that it was accepted. It names no person.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.domain.instants import Instant
from holdfast.log.checkpoint import DECIMAL, Checkpoint, origin_of
from holdfast.log.faults import LogError, LogFault
from holdfast.log.merkle import HASH_BYTES
from holdfast.log.note import decode64, encode64, parse_note, public_bytes, sign_note, verify_note

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_DIGITS = 12
_TEXT = re.compile(
    r"holdfast\.cell/receipt@v1\n"
    r"cell (\S+)\nnode ([0-9a-f]{64})\ncommand (\S+)\nfingerprint ((?:[0-9a-f]{2})+)\n"
    rf"received_at ({DECIMAL.pattern})\nvalid_until ({DECIMAL.pattern})\n"
    rf"checkpoint (?:none|({DECIMAL.pattern}) (\S+))\n"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a node received a command, when, and until when it may take effect.

    `checkpoint` is the newest that the node knew; None in a cell whose log has none yet.
    """

    cell_id: str
    node_id: str
    command_id: str
    fingerprint: bytes
    received_at: Instant
    valid_until: Instant
    checkpoint: Checkpoint | None

    @property
    def text(self) -> str:
        """The statement that the node signs."""
        known = f"{self.checkpoint.size} {encode64(self.checkpoint.root)}" if self.checkpoint else "none"
        return (
            f"holdfast.cell/receipt@v1\ncell {self.cell_id}\nnode {self.node_id}\n"
            f"command {self.command_id}\nfingerprint {self.fingerprint.hex()}\n"
            f"received_at {self.received_at}\nvalid_until {self.valid_until}\ncheckpoint {known}\n"
        )


def node_id_of(public_key: bytes) -> str:
    """A node's id: the hex SHA-256 of its public key (32 bytes)."""
    return sha256(public_key).hexdigest()


def issue_receipt(receipt: Receipt, private_key: Ed25519PrivateKey) -> str:
    """The receipt as a note signed by the node's own key."""
    assert receipt.node_id == node_id_of(public_bytes(private_key)), "a node signs its own receipts only"
    assert _TEXT.fullmatch(receipt.text), "ids have no spaces, instants are after the epoch"
    return sign_note(receipt.text, _key_name(receipt.cell_id, receipt.node_id), private_key)


def verify_receipt(note: str, cell_id: str, public_key: bytes) -> Receipt:
    """The receipt in a note that the node with this public key (32 bytes) signed for this cell.

    Raises LogError with the faults of `verify_note`, or receipt_malformed.
    """
    node_id = node_id_of(public_key)
    receipt = _parse_receipt(verify_note(note, _key_name(cell_id, node_id), public_key))
    if (receipt.cell_id, receipt.node_id) != (cell_id, node_id):
        raise LogError(LogFault.receipt_malformed, "names another cell or node than its key")
    return receipt


def receipt_code(note: str) -> str:
    """The code to read out over the phone, like 7K3Q-M2XP-9DRT: 60 bits of the statement's SHA-256.

    In Crockford's base 32, which has no I, L, O, U. Raises LogError note_malformed.
    """
    number = int.from_bytes(sha256(parse_note(note).text.encode()).digest()[:8]) >> 4
    digits = "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(_CODE_DIGITS)))
    return "-".join(digits[at : at + 4] for at in range(0, _CODE_DIGITS, 4))


def _key_name(cell_id: str, node_id: str) -> str:
    return f"{origin_of(cell_id)}/node/{node_id}"


def _parse_receipt(text: str) -> Receipt:
    match = _TEXT.fullmatch(text)
    if match is None:
        raise LogError(LogFault.receipt_malformed, text[:200])
    cell_id, node_id, command_id, fingerprint, received_at, valid_until, size, root = match.groups()
    checkpoint = None
    if size is not None:
        digest = decode64(root)
        if digest is None or len(digest) != HASH_BYTES:
            raise LogError(LogFault.receipt_malformed, "checkpoint's root")
        checkpoint = Checkpoint(origin_of(cell_id), int(size), digest)
    return Receipt(
        cell_id,
        node_id,
        command_id,
        bytes.fromhex(fingerprint),
        Instant(int(received_at)),
        Instant(int(valid_until)),
        checkpoint,
    )
