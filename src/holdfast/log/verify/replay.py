"""Invariants 9 and 12: what evolve makes of the openings from nothing, and what they vouch for in the vault."""

import msgspec
from msgspec import Struct

from holdfast.domain.events import CellFounded, Recorded
from holdfast.domain.evolve import evolve
from holdfast.domain.store import Rows
from holdfast.domain.vault import VAULT_TABLES
from holdfast.log.verify.all_rows import AllRows
from holdfast.log.verify.ledger import PROGRESS_EVERY, Progress
from holdfast.log.verify.privacy import personal_in
from holdfast.log.verify.report import Findings
from holdfast.log.verify.snapshot import Snapshot

_recorded = msgspec.json.Decoder(Recorded).decode

Seals = dict[str, dict[str, str]]
"""Vault table → subject → hex digest, of the last event that vouched for it."""


class Replayed(Struct, frozen=True):
    """All rows that there should be, and the seals of those in the vault."""

    rows: Rows
    seals: Seals


def replay(reading: Snapshot, size: int, findings: Findings, progress: Progress) -> Replayed:
    """Evolves every opening below size. Raises nothing: an event that cannot be is found, and left out."""
    rows = AllRows()
    seals: Seals = {table.TABLE: {} for table in VAULT_TABLES}
    private = 12 in findings.only
    for seq, body in reading.stream("openings", size):
        try:
            recorded = _recorded(body)
        except msgspec.DecodeError as error:
            findings.add(12, "ledger.opening", seq, f"body: not an event ({error})")
            continue
        event = recorded.event
        if private and (fault := personal_in(recorded, body)) is not None:
            findings.add(12, "ledger.opening", seq, f"body: {fault}")
        if isinstance(event, CellFounded) != (seq == 0):
            findings.add(9, "ledger.opening", seq, "body: the first event founds the cell, and no other does")
        try:
            evolve(rows, recorded, seq)
        except (AssertionError, AttributeError, LookupError) as error:
            findings.add(9, "ledger.opening", seq, f"body: contradicts the events before it ({error})")
        for sealed in event.sealed_rows():
            if sealed.table in seals:
                seals[sealed.table][sealed.subject] = sealed.digest
        if not seq % PROGRESS_EVERY:
            progress("replay", seq, size)
    findings.count(12, size)
    return Replayed(rows, seals)


def check_salts(reading: Snapshot, findings: Findings) -> None:
    """Salts are random: no two openings share one."""
    for (seqs,) in reading.rows("salts_twice"):
        for seq in seqs:
            findings.add(12, "ledger.opening", seq, "salt: another opening has the same")
