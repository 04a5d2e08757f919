"""Invariant 8, its signed part: checkpoints are the log's key's, and the log extends every one of them."""

import contextlib

from msgspec import Struct

from holdfast.domain.instants import Instant
from holdfast.log.checkpoint import Checkpoint, parse_checkpoint, previous_of, verify_checkpoint
from holdfast.log.faults import LogError
from holdfast.log.note import parse_note
from holdfast.log.verify.report import Findings
from holdfast.log.verify.snapshot import Snapshot

REMEMBERED = "remembered checkpoint"

Marks = dict[int, tuple[bytes, Instant]]
"""Size → the log's root at that size, and the time of the last entry within it."""


class Signed(Struct, frozen=True):
    """Whose signature counts. public_key (32 bytes) None: nobody said, and the log has no genesis to ask.

    remembered: the newest checkpoint that a node saw, as a note; it lies outside the database.
    """

    origin: str
    public_key: bytes | None
    remembered: str | None


def signed_sizes(reading: Snapshot, signed: Signed) -> set[int]:
    """The sizes at which a root will be wanted."""
    sizes: set[int] = {row[0] for row in reading.rows("checkpoints")}
    if signed.remembered is not None:
        with contextlib.suppress(LogError):  # check_checkpoints says so
            sizes.add(parse_checkpoint(parse_note(signed.remembered).text).size)
    return sizes


def check_checkpoints(reading: Snapshot, signed: Signed, marks: Marks, size: int, findings: Findings) -> None:
    """Holds every checkpoint against its signature and what the log is at its size; none that was signed is gone."""
    rows = reading.rows("checkpoints")
    named = {_remembered_size(signed)} if signed.remembered is not None else set()
    for row_size, root, note, signed_at in rows:
        findings.count(8, 1)
        checkpoint = _believe(note, signed)
        if isinstance(checkpoint, str):
            faults = [f"note: {checkpoint}"]
        else:
            faults = _note_faults(Checkpoint(signed.origin, row_size, root), checkpoint)
            named.add(previous_of(parse_note(note).text))
        if row_size not in marks:
            faults.append(f"the log ends at {size}: what was signed is gone")
        else:
            faults += _mark_faults(root, signed_at, *marks[row_size])
        for sentence in faults:
            findings.add(8, "ledger.checkpoint", row_size, sentence)
    for gone in named - {row[0] for row in rows} - {None}:
        findings.add(8, "ledger.checkpoint", gone, "missing: a later checkpoint or this node names it")
    if signed.remembered is not None:
        findings.count(8, 1)
        _check_remembered(signed, marks, size, findings)


def _note_faults(row: Checkpoint, note: Checkpoint) -> list[str]:
    """What of a row its own note contradicts."""
    faults = [f"size: the signed note says {note.size}"] if note.size != row.size else []
    return faults + (["root: the signed note says another"] if note.root != row.root else [])


def _remembered_size(signed: Signed) -> int | None:
    """The size of what the node remembers; None if that is not to be believed, which is found elsewhere."""
    checkpoint = _believe(signed.remembered or "", signed)
    return None if isinstance(checkpoint, str) else checkpoint.size


def _mark_faults(root: bytes, signed_at: Instant, log_root: bytes, log_at: Instant) -> list[str]:
    """What of a row the log contradicts. signed_at is the time of the last entry that was signed."""
    faults = []
    if root != log_root:
        faults.append("root: the log's own at this size is another; what it says was rewritten, or the row was")
    if signed_at != log_at:
        faults.append(f"signed_at: {log_at} → {signed_at}, in µs")
    return faults


def _believe(note: str, signed: Signed) -> Checkpoint | str:
    """The checkpoint of a note, or why it is not believed."""
    if signed.public_key is None:
        return "no key to check it by: the log has no genesis"
    try:
        return verify_checkpoint(note, signed.origin, signed.public_key)
    except LogError as error:
        return str(error)


def _check_remembered(signed: Signed, marks: Marks, size: int, findings: Findings) -> None:
    checkpoint = _believe(signed.remembered or "", signed)
    if isinstance(checkpoint, str):
        findings.add(8, REMEMBERED, "note", checkpoint)
    elif checkpoint.size > size:
        findings.add(8, "ledger.log", f"{size}…{checkpoint.size - 1}", "missing: this node remembers a longer log")
    elif marks[checkpoint.size][0] != checkpoint.root:
        findings.add(
            8, "ledger.log", f"0…{checkpoint.size - 1}", "this node remembers another log: what it says was rewritten"
        )
