"""Invariant 9, the vault: its rows against the seals that events put on them. Nothing personal is ever shown."""

from holdfast.domain.vault import VAULT_TABLES, VaultRow, seal
from holdfast.log.verify.ledger import Progress
from holdfast.log.verify.replay import Seals
from holdfast.log.verify.report import Findings
from holdfast.log.verify.snapshot import Snapshot
from holdfast.log.verify.tables import query_of


def check_vault(reading: Snapshot, seals: Seals, findings: Findings, progress: Progress) -> None:
    """Names every vault row that no event vouches for as it is, and every one that is gone."""
    for done, table in enumerate(VAULT_TABLES):
        progress("the vault", done, len(VAULT_TABLES))
        _check_table(reading, table, seals[table.TABLE], findings)


def _check_table(reading: Snapshot, table: type[VaultRow], digests: dict[str, str], findings: Findings) -> None:
    seen: set[str] = set()
    for values in reading.stream(query_of(table.TABLE)):
        sealed = seal(table(*values))
        subject = sealed.subject
        if subject in seen:
            findings.add(9, table.TABLE, subject, "the row is there twice")
        seen.add(subject)
        digest = digests.get(subject)
        if digest is None:
            findings.add(9, table.TABLE, subject, "no event vouches for this row")
        elif digest != sealed.digest:
            findings.add(9, table.TABLE, subject, "content or salt changed: it is not what the last event vouched for")
    findings.count(9, len(seen))
    for subject in digests:
        if subject not in seen:
            findings.add(9, table.TABLE, subject, "missing: an event vouches for it")
