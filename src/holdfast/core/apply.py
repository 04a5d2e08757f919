"""Apply: one transaction on the core for a batch. Happy path, repetition and recovery are this one function.

lock the head → prefetch the facts → decide → evolve → persist → append → commit
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import psycopg
import structlog
from msgspec import Struct

from holdfast.core import prefetch
from holdfast.core.append import Appended, Head, append, put_tiles
from holdfast.core.batch import ABOUT_BOOKINGS, Batch, Restart
from holdfast.core.constraints import refusal_of
from holdfast.core.envelope import Envelope, Outcome, Settled
from holdfast.core.persist import persist
from holdfast.core.wants import Wants, want
from holdfast.db import queries
from holdfast.db.arrays import uuid_array
from holdfast.domain.instants import Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Booking
from holdfast.domain.store import Rows
from holdfast.log.tiles import TILE_WIDTH

_SQL = queries.load("core")
_log = structlog.get_logger(__name__)

Clock = Callable[[Instant, Instant], Instant]
"""(the core's clock, the head's last instant) → decided_at. Raises ClockUnbelievable to leave the batch untouched."""

_TOO_BIG = "54"
_ROLLED_BACK = ("57014", "53", _TOO_BIG, "55P03", "40001", "40P01")
"""SQLSTATEs with which the server says that it rolled back: cancelled, out of room, too big, lock not had, deadlock."""

MOST_WARM = 200_000
"""Rows and absences kept between batches, about 100 MB: beyond it they are fetched anew."""

MOST_ROUNDS = 64
"""More rounds of fetching than any batch needs: beyond it a rule asks for something that cannot be fetched."""


class ClockUnbelievable(Exception):
    """The core's clock is not what the relay's monotonic clock expects: commands stay received."""


class OutcomeUnknown(Exception):
    """The connection was lost with the commit on its way. Only applying the batch again tells what became of it."""


class Warm:
    """Facts kept from one batch to the next. They hold for as long as the log is the one of which they were kept: every
    change of the cell is an entry of the log, and the head, whose edge commits to all of them, is locked when it is
    looked at. Its size alone would not do: a core that was restored grows anew."""

    def __init__(self) -> None:
        self._rows = Rows()
        self._edge: bytes | None = None

    def take(self, edge: bytes) -> Rows:
        """The facts, if they hold; else none. Until they are kept again nothing is."""
        rows = self._rows if self._edge == edge and len(self._rows) <= MOST_WARM else Rows()
        self.forget()
        return rows

    def keep(self, rows: Rows, edge: bytes) -> None:
        """Facts as they are in a log with this edge."""
        self._rows, self._edge = rows, edge

    def forget(self) -> None:
        """Nothing is known any more."""
        self._rows, self._edge = Rows(), None


class Applied(Struct, frozen=True):
    """What became of each envelope, in their order, and what the log gained (None: nothing, all were replays)."""

    settled: list[Settled]
    head: Head
    appended: list[Appended]


def never_backwards(core: Instant, last: Instant) -> Instant:
    """decided_at: the core's clock, and not before what was decided last."""
    return max(core, last)


def apply_batch(
    connection: psycopg.Connection,
    secret: bytes,
    envelopes: Sequence[Envelope],
    clock: Clock = never_backwards,
    withdrawn: Collection[str] = (),
    warm: Warm | None = None,
) -> Applied:
    """Decides the envelopes in order and commits. Idempotent: what was settled before gets its recorded outcome.

    secret: the cell's, from which ids derive. withdrawn: ids of commands that their senders took back. warm: facts that
    are kept from one batch to the next. A data error
    (SQLSTATE 22, 23) or an exception of a rule sets that one command aside and applies the others. Any other error of
    the database comes through: as psycopg.Error where the batch certainly did not commit, as OutcomeUnknown where it
    may have; then apply the same batch again on a new connection. ClockUnbelievable leaves it untouched.
    """
    core = _Core(connection, secret, clock, Warm() if warm is None else warm)
    return _apply(core, envelopes, dict.fromkeys(withdrawn, Refusal.withdrawn))


class _Core(Struct, frozen=True):
    connection: psycopg.Connection
    secret: bytes
    clock: Clock
    warm: Warm


def _apply(core: _Core, envelopes: Sequence[Envelope], forced: Mapping[str, Refusal]) -> Applied:
    try:
        return _transact(core, envelopes, forced)
    except Exception as error:
        if not core.connection.closed:
            core.connection.rollback()
        if not _is_of_the_data(error):
            raise
        return _bisect(core, envelopes, forced, error)


def _is_of_the_data(error: Exception) -> bool:
    """Whether a command of the batch is at fault: SQLSTATE 22, 23 and 54, or what our own code cannot digest."""
    if isinstance(error, psycopg.Error):
        too_big = (error.sqlstate or "").startswith(_TOO_BIG)
        return too_big or isinstance(error, psycopg.DataError | psycopg.IntegrityError)
    return not isinstance(error, OutcomeUnknown | ClockUnbelievable | MemoryError | OSError)


def _bisect(core: _Core, envelopes: Sequence[Envelope], forced: Mapping[str, Refusal], error: Exception) -> Applied:
    """One of them breaks the data: each half alone, down to the one, which is refused by what it broke."""
    if len(envelopes) == 1:
        if envelopes[0].id in forced:
            raise error  # a refused command breaks no data: the fault is not its own
        _log.error("command set aside: its data cannot be written", command=envelopes[0].id, exc_info=error)
        return _apply(core, envelopes, {**forced, envelopes[0].id: refusal_of(error)})
    middle = len(envelopes) // 2
    first = _apply(core, envelopes[:middle], forced)
    try:
        second = _apply(core, envelopes[middle:], forced)
    except (psycopg.Error, ClockUnbelievable) as failed:
        raise OutcomeUnknown("the first half was committed") from failed
    return Applied([*first.settled, *second.settled], second.head, [*first.appended, *second.appended])


def _transact(core: _Core, envelopes: Sequence[Envelope], forced: Mapping[str, Refusal]) -> Applied:
    head, core_clock, known = _lock(core.connection, envelopes)
    decided_at = core.clock(core_clock, head.at)
    facts = core.warm.take(head.edge)
    batch = Batch(core.secret, facts, Wants(facts), decided_at, head.size, known, dict(forced))
    _decide(core.connection, batch, envelopes)
    if not batch.outcomes:
        # A commit whose wait for a standby was cut off shows, and may yet be lost: one more makes sure of it.
        core.connection.commit()
        core.warm.keep(facts, head.edge)
        return Applied(batch.settled, head, [])
    appended = _write(core.connection, head, batch)
    facts.settle()
    core.warm.keep(facts, appended.edge)
    moved = Head(appended.size, appended.edge, decided_at, head.epoch, head.rules_version)
    return Applied(batch.settled, moved, [appended])


def _write(connection: psycopg.Connection, head: Head, batch: Batch) -> Appended:
    """Persists, appends and commits in one round trip; in two where the batch completes tiles, which reads hashes."""
    try:
        with connection.pipeline():
            persist(connection, batch.rows)
            appended = append(connection, head, batch.decided_at, batch.events, batch.outcomes)
            completes = head.size // TILE_WIDTH < appended.size // TILE_WIDTH
            if not completes:
                connection.commit()
        if completes:
            put_tiles(connection, head.size, appended.size)
            connection.commit()
    except (psycopg.OperationalError, psycopg.InternalError) as error:
        if (error.sqlstate or "").startswith(_ROLLED_BACK):
            raise
        raise OutcomeUnknown(str(error)) from error
    return appended


def _lock(connection: psycopg.Connection, envelopes: Sequence[Envelope]) -> tuple[Head, Instant, dict[str, Outcome]]:
    """The head first, alone; then the clock; then what of these commands is settled already. One round trip."""
    with connection.pipeline():
        head = connection.execute(_SQL.lock_head)
        clock = connection.execute(_SQL.core_clock)
        outcomes = connection.execute(_SQL.load_outcomes, [uuid_array([one.id for one in envelopes])])
    (head_row,), (clock_row,) = head.fetchall(), clock.fetchall()
    return Head(*head_row), clock_row[0], {row[0]: Outcome(*row) for row in outcomes}


def _decide(connection: psycopg.Connection, batch: Batch, envelopes: Sequence[Envelope]) -> None:
    """Fetches what the batch wants and decides it, again with more facts where one was missing."""
    _fetch_wanted(connection, batch, envelopes)
    for _ in range(MOST_ROUNDS + len(envelopes)):  # each command can be set aside once, which takes a round
        try:
            batch.run(envelopes)
        except Restart:
            batch.start_again()
            _fetch(connection, batch.wants, batch.decided_at)
        else:
            return
    raise AssertionError("a rule asks for a fact that no query fetches")


def _fetch_wanted(connection: psycopg.Connection, batch: Batch, envelopes: Sequence[Envelope]) -> None:
    """Rounds of queries, until nobody wants more than is known."""
    # What is refused already may hold what no query takes, such as an id that is none.
    open_ones: Sequence[Envelope] = [one for one in envelopes if one.id not in batch.forced]
    for _ in range(MOST_ROUNDS):
        wants = Wants(batch.rows)
        open_ones = [envelope for envelope in open_ones if not _want(envelope, batch.known, wants)]
        if not wants:
            return
        _fetch(connection, wants, batch.decided_at)
    raise AssertionError("what a command wants is never enough")


def _want(envelope: Envelope, known: Mapping[str, Outcome], wants: Wants) -> bool:
    """Adds what the command needs next; whether that is the last of it."""
    outcome = known.get(envelope.id)
    if outcome is None:
        return want(envelope, wants)
    if outcome.subject is not None and envelope.command.__struct_config__.tag in ABOUT_BOOKINGS:
        wants.row(Booking, outcome.subject)
    return True


def _fetch(connection: psycopg.Connection, wants: Wants, decided_at: Instant) -> None:
    with connection.pipeline():
        takes = prefetch.send(connection, wants, decided_at)
    for take in takes:
        take()
