"""The journal's thread: what came in becomes durable, a batch at a time, and only then counts as received."""

from collections.abc import Callable, Sequence

import structlog

from holdfast.continuity.journal import Journal
from holdfast.continuity.journal_errors import JournalError, JournalFull
from holdfast.core.envelope import Busy
from holdfast.core.intake import Intake, Ticket

_log = structlog.get_logger(__name__)

FULL_RETRY_S = 5
FAILED_RETRY_S = 30

Refuse = Callable[[Sequence[Ticket], Busy], None]
"""Tells those who wait that nothing was kept."""


class Receiving:
    """Takes batches from intake to the journal until intake is closed."""

    def __init__(self, intake: Intake, journal: Journal, refuse: Refuse) -> None:
        self._intake = intake
        self._journal = journal
        self._refuse = refuse

    def run(self) -> None:
        """Returns once intake is closed and empty."""
        while batch := self._intake.take_incoming():
            self._keep([ticket for ticket in batch if ticket.urgent], urgent=True)
            self._keep([ticket for ticket in batch if not ticket.urgent], urgent=False)

    def _keep(self, batch: list[Ticket], urgent: bool) -> None:
        if not batch:
            return
        try:
            sequences = self._journal.append_received([ticket.raw for ticket in batch], urgent)
        except JournalFull as full:
            _log.warning("journal full: commands are not taken", reason=str(full))
            self._turn_away(batch, Busy("journal_full", FULL_RETRY_S))
        except JournalError as failed:
            _log.error("journal failed: this node takes no more commands", reason=str(failed))
            self._turn_away(batch, Busy("journal_failed", FAILED_RETRY_S))
        else:
            self._intake.keep(batch, sequences)

    def _turn_away(self, batch: list[Ticket], why: Busy) -> None:
        self._intake.drop(batch)
        self._refuse(batch, why)
