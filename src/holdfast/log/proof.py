"""Proofs that an event is in the log, checkable by anyone and offline: c2sp.org/tlog-proof.

    c2sp.org/tlog-proof@v1
    extra <base64 of the opening: 16 bytes of salt, then the event's bytes>
    index <decimal>
    <base64 of a hash of the inclusion proof, a line each>

    <the checkpoint, a signed note>

The extra line is not authenticated by the format; it is believed here because the entry is computed from it.
"""

from dataclasses import dataclass

from holdfast.log.checkpoint import DECIMAL, Checkpoint, verify_checkpoint
from holdfast.log.commit import SALT_BYTES, entry_of
from holdfast.log.faults import LogError, LogFault
from holdfast.log.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from holdfast.log.note import decode64, encode64

_HEADER = "c2sp.org/tlog-proof@v1"
_EXTRA = "extra "
_INDEX = "index "
_MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof taken apart: zero-based index, hashes from the leaf's sibling up, signed checkpoint, extra data."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """What a verified proof shows: this event (its salt and bytes) is entry `index` of the log at `checkpoint`."""

    index: int
    entry: bytes
    salt: bytes
    body: bytes
    checkpoint: Checkpoint


def opening_of(salt: bytes, body: bytes) -> bytes:
    """The extra data by which a proof carries an event."""
    assert len(salt) == SALT_BYTES, "salt and body are told apart by the salt's length"
    return salt + body


def format_proof(proof: Proof) -> str:
    """The proof as text, for a file that ends in .tlog-proof."""
    lines = [_HEADER]
    if proof.extra is not None:
        lines.append(_EXTRA + encode64(proof.extra))
    lines.append(f"{_INDEX}{proof.index}")
    lines.extend(encode64(digest) for digest in proof.hashes)
    return "\n".join(lines) + "\n\n" + proof.checkpoint


def parse_proof(text: str) -> Proof:
    """Take a proof apart, unverified. Raises LogError proof_malformed."""
    head, separator, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or lines.pop(0) != _HEADER:
        raise _malformed(f"does not start with {_HEADER}, or has no checkpoint")
    extra = None
    if lines and lines[0].startswith(_EXTRA):
        extra = decode64(lines.pop(0).removeprefix(_EXTRA))
        if extra is None:
            raise _malformed("the extra line is not base 64")
    index = lines.pop(0).removeprefix(_INDEX) if lines and lines[0].startswith(_INDEX) else ""
    if not DECIMAL.fullmatch(index):
        raise _malformed("the index line is missing or not decimal")
    if len(lines) > _MAX_HASHES:
        raise _malformed(f"more than {_MAX_HASHES} hashes")
    return Proof(int(index), tuple(_parse_hash(line) for line in lines), checkpoint, extra)


def verify_proof(text: str, origin: str, public_key: bytes) -> ProvenEntry:
    """The event that a proof shows to be in the log of `origin`, whose key is `public_key` (32 bytes).

    Raises LogError: proof_malformed, the faults of `verify_checkpoint`, opening_missing, inclusion_wrong.
    """
    proof = parse_proof(text)
    checkpoint = verify_checkpoint(proof.checkpoint, origin, public_key)
    if proof.extra is None or len(proof.extra) < SALT_BYTES:
        raise LogError(LogFault.opening_missing, "the proof carries no salt and event")
    salt, body = proof.extra[:SALT_BYTES], proof.extra[SALT_BYTES:]
    entry = entry_of(salt, body)
    if not verify_inclusion(leaf_hash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise LogError(LogFault.inclusion_wrong, f"the event is not entry {proof.index} of {checkpoint.size}")
    return ProvenEntry(proof.index, entry, salt, body, checkpoint)


def _parse_hash(line: str) -> bytes:
    digest = decode64(line)
    if digest is None or len(digest) != HASH_BYTES:
        raise _malformed(f"not a hash: {line[:80]!r}")
    return digest


def _malformed(detail: str) -> LogError:
    return LogError(LogFault.proof_malformed, detail)
