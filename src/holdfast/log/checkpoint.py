"""Checkpoints, the signed size and root of the log: c2sp.org/tlog-checkpoint in a signed note."""

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.log.faults import LogError, LogFault
from holdfast.log.merkle import HASH_BYTES
from holdfast.log.note import decode64, encode64, sign_note, verify_note

DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
"""A size or index as the formats write it: no leading zeroes, and nothing that does not fit 63 bits by far."""

_PREVIOUS = "previous "


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size (leaves) and root (32 bytes) of the log that an origin names."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The note's text: origin, size and root, a line each."""
        return f"{self.origin}\n{self.size}\n{encode64(self.root)}\n"


def origin_of(cell_id: str) -> str:
    """The log's origin and its key's name. From the cell's id, which never changes, and never from a URL."""
    return f"holdfast.cell/{cell_id}"


def sign_checkpoint(checkpoint: Checkpoint, private_key: Ed25519PrivateKey, previous: int | None = None) -> str:
    """The checkpoint as a note signed by the log's key. To be called only once its commit is durable.

    previous: the size of the checkpoint signed before it, as an extension line: one that vanishes leaves a gap.
    """
    extension = "" if previous is None else f"{_PREVIOUS}{previous}\n"
    return sign_note(checkpoint.body + extension, checkpoint.origin, private_key)


def previous_of(text: str) -> int | None:
    """The size of the checkpoint signed before, from the text of a verified note; None where it names none."""
    for line in text.split("\n")[3:]:
        size = line.removeprefix(_PREVIOUS)
        if size != line and DECIMAL.fullmatch(size):
            return int(size)
    return None


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from a note's text, extension lines ignored. Raises LogError checkpoint_malformed."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise LogError(LogFault.checkpoint_malformed, "needs three non-empty lines, each with a newline")
    origin, size, root = lines[:3]
    if not DECIMAL.fullmatch(size):
        raise LogError(LogFault.checkpoint_malformed, f"size {size[:40]!r}")
    digest = decode64(root)
    if digest is None or len(digest) != HASH_BYTES:
        raise LogError(LogFault.checkpoint_malformed, f"root {root[:80]!r}")
    return Checkpoint(origin, int(size), digest)


def verify_checkpoint(note: str, origin: str, public_key: bytes) -> Checkpoint:
    """The checkpoint in a note, signed by the log's key (32 bytes) under the log's origin.

    Raises LogError with the faults of `verify_note`, checkpoint_malformed, or origin_wrong.
    """
    checkpoint = parse_checkpoint(verify_note(note, origin, public_key))
    if checkpoint.origin != origin:
        raise LogError(LogFault.origin_wrong, f"{checkpoint.origin[:80]!r} instead of {origin!r}")
    return checkpoint
