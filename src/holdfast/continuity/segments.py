"""Segment files of the journal: DATA/journal/NNNNNNNN.seg, append-only, readable by their owner alone.

A segment starts with 64 bytes: magic | number u64 | first sequence u64 | length of the segment before u64 | salt of its
key | SHA-256 of the cell's id, cut to 12 bytes | CRC32C u32. Every record in it is bound to these bytes.
"""

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from struct import Struct

from crc32c import crc32c
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdfast.continuity.journal_errors import JournalDamaged
from holdfast.continuity.records import Payload, Record, RecordCodec, RecordDamaged, RecordTorn, was_acknowledged

SUFFIX = ".seg"
HEADER_BYTES = 64
MAX_SEGMENT_BYTES = 1 << 31
_MAGIC = b"HOLDFST1"
_HEADER = Struct("<8sQQQ16s12s")
_CRC = Struct("<I")
_UNFINISHED = ".new"


@dataclass(frozen=True, slots=True)
class Place:
    """Where segments are and what opens them. `verify=False` is for negative controls alone: damage comes through."""

    folder: Path
    key: bytes
    cell_id: str
    verify: bool = True

    @property
    def cell_digest(self) -> bytes:
        """What a segment's header says of the cell, so that a mix-up is named."""
        return sha256(self.cell_id.encode()).digest()[:12]

    def path(self, number: int) -> Path:
        """The file of a segment."""
        return self.folder / f"{number:08d}{SUFFIX}"

    def codec(self, header: bytes) -> RecordCodec:
        """The codec of the segment with this header."""
        salt = _HEADER.unpack_from(header)[4]
        key = HKDF(SHA256(), 32, salt, b"holdfast journal segment").derive(self.key)
        return RecordCodec(key, header + self.cell_id.encode(), self.verify)


class Segment:
    """One file: `end` is where the next record goes, `durable` how far it is known to be on disk (offsets)."""

    def __init__(self, place: Place, header: bytes) -> None:
        _, self.number, self.first_sequence, self.previous_end, _, _ = _HEADER.unpack_from(header)
        self.path = place.path(self.number)
        self.fd = -1
        self.end = self.durable = HEADER_BYTES
        self.codec = place.codec(header)

    def open_for_append(self) -> None:
        """Open the file for writing."""
        self.fd = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)

    def append(self, payload: Payload) -> None:
        """Write one record at the end. Raises OSError; then the file is as long as it was before."""
        assert self.end < MAX_SEGMENT_BYTES, "offsets are 32 bits"
        frame = self.codec.frame(payload, self.end, self.durable)
        written = 0
        try:
            while written < len(frame):
                # A short write is how a full disk announces itself: the next one names the error.
                written += os.pwrite(self.fd, frame[written:], self.end + written)
        except OSError:
            os.ftruncate(self.fd, self.end)
            raise
        self.end += len(frame)

    def sync(self) -> None:
        """Bring what was written so far to the disk. Raises OSError."""
        reached = self.end
        os.fdatasync(self.fd)
        self.durable = max(self.durable, reached)

    def close(self) -> None:
        """Close the file, if it is open."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def remove(self) -> None:
        """Take the file away, durably. Raises OSError."""
        self.path.unlink()
        sync_folder(self.path.parent)

    def records(self) -> Iterator[Record]:
        """All records that were written, while others may be. Raises JournalDamaged."""
        data = self.path.read_bytes()[: self.end]
        try:
            yield from self.codec.read(data, HEADER_BYTES)
        except (RecordDamaged, RecordTorn) as broken:
            raise JournalDamaged(self.path, broken.offset, str(broken)) from None

    def recover(self, is_last: bool) -> Iterator[Record]:
        """The records of a file found on disk; sets `end` behind each that is whole.

        Only in the last segment may a record be torn, and only where no later one says that it was acknowledged.
        Raises JournalDamaged.
        """
        data = self.path.read_bytes()
        try:
            for record in self.codec.read(data, HEADER_BYTES):
                self.end = record.end
                yield record
        except RecordDamaged as damaged:
            raise JournalDamaged(self.path, damaged.offset, str(damaged)) from None
        except RecordTorn as torn:
            if not is_last or was_acknowledged(data, torn.offset):
                raise JournalDamaged(self.path, torn.offset, "part of an acknowledged record is missing") from None

    def cut_torn_tail(self) -> None:
        """Take off what lies behind `end`, and bring the rest to the disk."""
        os.ftruncate(self.fd, self.end)
        self.sync()


def create_segment(place: Place, number: int, first_sequence: int, previous_end: int) -> Segment:
    """A new, empty segment, on disk under its name before anything is written to it. Raises OSError."""
    header = _HEADER.pack(_MAGIC, number, first_sequence, previous_end, os.urandom(16), place.cell_digest)
    header += _CRC.pack(crc32c(header))
    segment = Segment(place, header)
    unfinished = segment.path.with_suffix(_UNFINISHED)
    segment.fd = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        if os.pwrite(segment.fd, header, 0) < HEADER_BYTES:
            raise OSError(errno.ENOSPC, "no room for a segment's header")
        os.fsync(segment.fd)
        unfinished.rename(segment.path)
        sync_folder(place.folder)
    except OSError:
        segment.close()
        unfinished.unlink(missing_ok=True)
        raise
    return segment


def load_segments(place: Place) -> list[Segment]:
    """The segments of a folder by number, records unread. Raises JournalDamaged for a gap or a header that is wrong."""
    for unfinished in place.folder.glob(f"*{_UNFINISHED}"):
        unfinished.unlink()
    segments: list[Segment] = []
    for path in sorted(place.folder.glob(f"*{SUFFIX}")):
        segment = _load_segment(place, path)
        if segments and segment.number != segments[-1].number + 1:
            raise JournalDamaged(path, 0, f"segment {segments[-1].number + 1} is missing before it")
        segments.append(segment)
    return segments


def sync_folder(folder: Path) -> None:
    """Make creations, renames and removals in a folder durable (fsync(2): the entry needs one of its own)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _load_segment(place: Place, path: Path) -> Segment:
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or crc32c(header[: _HEADER.size]) != _CRC.unpack_from(header, _HEADER.size)[0]:
        raise JournalDamaged(path, 0, "the segment's header is damaged")
    magic, number, _, _, _, cell = _HEADER.unpack_from(header)
    if magic != _MAGIC or path != place.path(number):
        raise JournalDamaged(path, 0, "the segment is not what its name says")
    if cell != place.cell_digest:
        raise JournalDamaged(path, 0, "the segment belongs to another cell")
    return Segment(place, header)
