"""Records of the journal: framed, checksummed, encrypted, and bound to their place.

A record starts at a multiple of 64 bytes:

    length u32 | CRC32C of the body u32 | kind u8 | 3 bytes 0 | durable u32 | nonce 12 bytes | CRC32C of these u32
    body: AES-256-GCM of the payload (`length` bytes, tag included), padded to the next multiple of 64

`durable` is the offset up to which the segment was known to be on disk when the record was written. By it an
acknowledged record that was damaged can be told from one that was never acknowledged, whatever follows it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct

import msgspec
from crc32c import crc32c
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

ALIGNMENT = 64
_SECTOR = 512
_TAG_BYTES = 16
_PADDING = b"\xa5"
_HEAD = Struct("<IIB3xI12s")
_HEAD_CRC = Struct("<I")
_HEAD_BYTES = _HEAD.size + _HEAD_CRC.size
_PLACE = Struct("<BIQ")


class Kind(IntEnum):
    """What a record tells."""

    received = 1
    settled = 2
    withdrawn = 3


class Received(msgspec.Struct, array_like=True, frozen=True):
    """A batch of envelopes; the first has this sequence number, each next one the next."""

    first: int
    envelopes: list[bytes]

    @property
    def most_bytes(self) -> int:
        """What its record takes at most: frame, tag, padding, and 5 bytes of length an envelope."""
        return 3 * ALIGNMENT + sum(map(len, self.envelopes)) + 5 * len(self.envelopes)


class Settled(msgspec.Struct, array_like=True, frozen=True):
    """Sequence numbers that are settled, each with what became of it."""

    settlements: list[tuple[int, bytes]]


class Withdrawn(msgspec.Struct, array_like=True, frozen=True):
    """A sequence number whose sender took it back."""

    sequence: int


Payload = Received | Settled | Withdrawn
_KINDS: dict[type[Payload], Kind] = {Received: Kind.received, Settled: Kind.settled, Withdrawn: Kind.withdrawn}
_TYPES: dict[int, type[Payload]] = {kind: payload for payload, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Record:
    """A payload and the stretch of the segment that its record takes, half-open."""

    start: int
    end: int
    payload: Payload


class RecordTorn(Exception):
    """Part of a record is not there: its write was cut short. `offset` is where it starts."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"torn at {offset}")
        self.offset = offset


class RecordDamaged(Exception):
    """A record is there and is not what was written. `offset` is where it starts."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(why)
        self.offset = offset


class RecordCodec:
    """Writes and reads the records of one segment.

    `key` is the segment's own (32 bytes), so that random nonces stay far from their birthday bound; `binding` is what
    every record is bound to besides its offset. `verify=False` is for negative controls alone: damage comes through.
    """

    def __init__(self, key: bytes, binding: bytes, verify: bool = True) -> None:
        self._key = key
        self._aead = AESGCM(key)
        self._binding = binding
        self._verify = verify

    def frame(self, payload: Payload, offset: int, durable: int) -> bytes:
        """The record's bytes for this offset of the segment."""
        kind = _KINDS[type(payload)]
        nonce = os.urandom(12)
        sealed = self._aead.encrypt(nonce, msgspec.msgpack.encode(payload), self._associated(kind, durable, offset))
        body = sealed + _PADDING * (-(_HEAD_BYTES + len(sealed)) % ALIGNMENT)
        head = _HEAD.pack(len(sealed), crc32c(body), kind, durable, nonce)
        return head + _HEAD_CRC.pack(crc32c(head)) + body

    def read(self, data: bytes, start: int) -> Iterator[Record]:
        """The records from an offset to the end of a segment's bytes. Raises RecordTorn or RecordDamaged."""
        while start < len(data):
            record = self._read_one(data, start)
            yield record
            start = record.end

    def _read_one(self, data: bytes, start: int) -> Record:
        head = data[start : start + _HEAD_BYTES]
        if len(head) < _HEAD_BYTES:
            raise RecordTorn(start)
        if self._verify and not _is_head(head):
            _raise_broken(data, start, start + ALIGNMENT, "the head's checksum is wrong")
        length, checksum, kind, durable, nonce = _HEAD.unpack_from(head)
        end = start + _HEAD_BYTES + length + -(_HEAD_BYTES + length) % ALIGNMENT
        if end > len(data):
            raise RecordTorn(start)
        body = data[start + _HEAD_BYTES : end]
        if self._verify and crc32c(body) != checksum:
            _raise_broken(data, start, end, "the body's checksum is wrong")
        plain = self._open(body[:length], nonce, self._associated(kind, durable, start), start)
        if kind not in _TYPES:
            raise RecordDamaged(start, f"of kind {kind}, which this release does not know")
        return Record(start, end, msgspec.msgpack.decode(plain, type=_TYPES[kind]))

    def _open(self, sealed: bytes, nonce: bytes, associated: bytes, start: int) -> bytes:
        if not self._verify:
            # GCM is CTR with a tag; its first block of text has counter 2 (NIST SP 800-38D, 7.1).
            return Cipher(AES(self._key), CTR(nonce + b"\x00\x00\x00\x02")).decryptor().update(sealed[:-_TAG_BYTES])
        try:
            return self._aead.decrypt(nonce, sealed, associated)
        except InvalidTag:
            raise RecordDamaged(start, "whole, but not written here by this cell with this key") from None

    def _associated(self, kind: int, durable: int, offset: int) -> bytes:
        return self._binding + _PLACE.pack(kind, durable, offset)


def was_acknowledged(data: bytes, offset: int) -> bool:
    """Whether a later record says that what starts at this offset had reached the disk."""
    for at in range(offset + ALIGNMENT, len(data) - _HEAD_BYTES + 1, ALIGNMENT):
        head = data[at : at + _HEAD_BYTES]
        if _is_head(head) and _HEAD.unpack_from(head)[3] > offset:
            return True
    return False


def _is_head(head: bytes) -> bool:
    return bool(crc32c(head[: _HEAD.size]) == _HEAD_CRC.unpack_from(head, _HEAD.size)[0])


def _raise_broken(data: bytes, start: int, end: int, why: str) -> None:
    """A sector that was never written reads as zeros; no sector of a record that was written does."""
    for at in range(start - start % _SECTOR, end, _SECTOR):
        piece = data[max(at, start) : min(at + _SECTOR, end)]
        if piece.count(0) == len(piece):
            raise RecordTorn(start)
    raise RecordDamaged(start, why)
