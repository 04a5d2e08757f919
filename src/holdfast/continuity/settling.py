"""The settling thread: takes received commands to the core, batch after batch, until each has its outcome.

Batch n+1 is not sent before n is settled. An unknown result is settled only by applying the same batch again.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence

import msgspec
import psycopg
import structlog

from holdfast.continuity.clock import ClockGuard
from holdfast.continuity.journal import Journal
from holdfast.continuity.journal_errors import JournalError
from holdfast.core.apply import Applied, ClockUnbelievable, OutcomeUnknown, Warm, apply_batch
from holdfast.core.envelope import Settled
from holdfast.core.intake import Intake, Ticket
from holdfast.db.connect import CoreConnection, DeadlinePassed

_log = structlog.get_logger(__name__)
_ENCODER = msgspec.msgpack.Encoder()

APPLY_DEADLINE_S = 10.0
AWAY_AFTER_S = 2.0
BACKOFF_FIRST_S = 0.05
BACKOFF_MOST_S = 2.0

_TOOK_TOO_LONG = ("57014", "25P03", "25P04")
"""statement_timeout, idle_in_transaction_session_timeout and transaction_timeout."""

Connect = Callable[[], CoreConnection]
Deliver = Callable[[Sequence[tuple[Ticket, Settled]]], None]


class Settling:
    """Applies batches until intake is closed. state and reason say how it goes, for status and metrics."""

    def __init__(
        self,
        intake: Intake,
        journal: Journal,
        secret: bytes,
        connect: Connect,
        deliver: Deliver,
        batch_most: int,
    ) -> None:
        self._intake = intake
        self._journal = journal
        self._secret = secret
        self._connect = connect
        self._deliver = deliver
        self._batch_most = batch_most
        self._clock = ClockGuard()
        self._warm = Warm()
        self._connection: CoreConnection | None = None
        self._stop = threading.Event()
        self.state = "settling"
        self.reason = ""
        self._asked_at: float | None = None
        self.settled = 0
        self.settled_at: float | None = None
        self.log_size: int | None = None

    def run(self) -> None:
        """Returns once intake is closed."""
        most = self._batch_most
        while batch := self._intake.next_batch(most):
            applied = self._apply(batch)
            if applied is None:
                most = max(1, len(batch) // 2)
                continue
            most = self._batch_most
            self._finish(batch, applied)

    def how(self) -> tuple[str, str]:
        """State and reason. A core that has kept a batch waiting is away, though nothing has failed yet."""
        asked_at = self._asked_at
        if self.state == "settling" and asked_at is not None and time.monotonic() - asked_at > AWAY_AFTER_S:
            return "core_away", "the core does not answer"
        return self.state, self.reason

    def stop(self) -> None:
        """Ends the wait between two attempts; intake has to be closed, too."""
        self._stop.set()

    def _apply(self, batch: Sequence[Ticket]) -> Applied | None:
        """Tries until the batch is settled. None: it took too long (or the node stops); half of it comes next."""
        attempt = 0
        self._asked_at = time.monotonic()
        while not self._stop.is_set():
            try:
                with self._core().until(time.monotonic() + APPLY_DEADLINE_S) as connection:
                    return self._send(connection, batch)
            except OutcomeUnknown as error:
                self._intake.doubt(batch)
                failure: BaseException | None = error.__cause__
                self._failed("core_away", error)
            except (psycopg.Error, ClockUnbelievable) as error:
                self._intake.unsend(batch)
                failure = error
                self._failed("clock_refused" if isinstance(error, ClockUnbelievable) else "core_away", error)
            if len(batch) > 1 and _took_too_long(failure):
                return None
            self._back_off(attempt)
            attempt += 1
        return None

    def _send(self, connection: CoreConnection, batch: Sequence[Ticket]) -> Applied:
        withdrawn = self._intake.send(batch)
        envelopes = [ticket.envelope for ticket in batch]
        return apply_batch(connection, self._secret, envelopes, self._clock.decided_at, withdrawn, self._warm)

    def _finish(self, batch: Sequence[Ticket], applied: Applied) -> None:
        self.state, self.reason, self._asked_at = "settling", "", None
        self.settled += len(batch)
        self.settled_at = time.time()
        self.log_size = applied.head.size
        try:
            self._journal.append_settled(_settlements(batch, applied))
        except JournalError as error:
            # It is settled all the same: at the next start it is applied again, and its outcome found.
            _log.error("journal failed while noting what is settled", reason=str(error))
        self._intake.settle(batch)
        self._deliver(list(zip(batch, applied.settled, strict=True)))

    def _core(self) -> CoreConnection:
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
            self._connection.prepare_threshold = 1
        return self._connection

    def _failed(self, state: str, error: Exception) -> None:
        if self.state != state:
            _log.warning("commands stay received", state=state, reason=str(error))
        self.state, self.reason = state, str(error)
        if self._connection is not None and state != "clock_refused":
            self._connection.close()
            self._connection = None

    def _back_off(self, attempt: int) -> None:
        """Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): nodes do not come back in step."""
        longest = min(BACKOFF_MOST_S, BACKOFF_FIRST_S * 2 ** min(attempt, 10))
        self._stop.wait(random.uniform(0, longest))  # noqa: S311 - jitter is no secret


def _took_too_long(failure: BaseException | None) -> bool:
    """Whether fewer commands might do better: the server gave up on them, or this node did, which is mostly first."""
    if isinstance(failure, DeadlinePassed):
        return True
    return isinstance(failure, psycopg.Error) and failure.sqlstate in _TOOK_TOO_LONG


def _settlements(batch: Sequence[Ticket], applied: Applied) -> list[tuple[int, bytes]]:
    """What the journal keeps of each command: its outcome; its events' salts and bytes heal a rewound core."""
    bodies: dict[int, tuple[bytes, bytes]] = {}
    for appended in applied.appended:
        entries = zip(appended.salts, appended.bodies, strict=True)
        bodies.update(enumerate(entries, appended.first_seq))
    settlements = []
    for ticket, settled in zip(batch, applied.settled, strict=True):
        assert ticket.sequence is not None, "what is applied is durable"
        outcome = settled.outcome
        first = outcome.first_seq
        openings = [] if first is None else [bodies.get(seq) for seq in range(first, first + outcome.events)]
        settlements.append((ticket.sequence, _ENCODER.encode((outcome, openings))))
    return settlements
