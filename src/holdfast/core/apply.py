"""Apply: one transaction on the core for a batch. Happy path, repetition and recovery are this one function.

lock the head → prefetch the facts → decide → evolve → persist → append → commit
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import psycopg
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

Clock = Callable[[Instant, Instant], Instant]
"""(the core's clock, the head's last instant) → decided_at. Raises ClockUnbelievable to leave the batch untouched."""

_ROLLED_BACK = ("57014", "53", "55P03", "40")
"""SQLSTATEs with which the server says that it rolled back: cancelled, out of room, lock not had, deadlock."""

MOST_ROUNDS = 64
"""More rounds of fetching than any batch needs: beyond it a rule asks for something that cannot be fetched."""


class ClockUnbelievable(Exception):
    """The core's clock is not what the relay's monotonic clock expects: commands stay received."""


class OutcomeUnknown(Exception):
    """The connection was lost with the commit on its way. Only applying the batch again tells what became of it."""


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
) -> Applied:
    """Decides the envelopes in order and commits. Idempotent: what was settled before gets its recorded outcome.

    secret: the cell's, from which ids derive. withdrawn: ids of commands that their senders took back. A data error
    (SQLSTATE 22, 23) or an exception of a rule sets that one command aside and applies the others. Any other error of
    the database comes through: as psycopg.Error where the batch certainly did not commit, as OutcomeUnknown where it
    may have; then apply the same batch again on a new connection. ClockUnbelievable leaves it untouched.
    """
    return _apply(connection, secret, envelopes, clock, dict.fromkeys(withdrawn, Refusal.withdrawn))


def _apply(
    connection: psycopg.Connection,
    secret: bytes,
    envelopes: Sequence[Envelope],
    clock: Clock,
    forced: Mapping[str, Refusal],
) -> Applied:
    try:
        return _transact(connection, secret, envelopes, clock, forced)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        connection.rollback()
        return _bisect(connection, secret, envelopes, clock, forced, error)
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise


def _bisect(
    connection: psycopg.Connection,
    secret: bytes,
    envelopes: Sequence[Envelope],
    clock: Clock,
    forced: Mapping[str, Refusal],
    error: psycopg.Error,
) -> Applied:
    """One of them breaks the data: each half alone, down to the one, which is refused by what it broke."""
    if len(envelopes) == 1:
        assert envelopes[0].id not in forced, "a refused command breaks no data"
        return _apply(connection, secret, envelopes, clock, {**forced, envelopes[0].id: refusal_of(error)})
    middle = len(envelopes) // 2
    first = _apply(connection, secret, envelopes[:middle], clock, forced)
    second = _apply(connection, secret, envelopes[middle:], clock, forced)
    return Applied([*first.settled, *second.settled], second.head, [*first.appended, *second.appended])


def _transact(
    connection: psycopg.Connection,
    secret: bytes,
    envelopes: Sequence[Envelope],
    clock: Clock,
    forced: Mapping[str, Refusal],
) -> Applied:
    head, core_clock, known = _lock(connection, envelopes)
    decided_at = clock(core_clock, head.at)
    batch = _decide(connection, secret, envelopes, decided_at, head, known, dict(forced))
    if not batch.outcomes:
        connection.rollback()
        return Applied(batch.settled, head, [])
    appended = _write(connection, head, batch)
    return Applied(
        batch.settled,
        Head(appended.size, appended.edge, decided_at, head.epoch, head.rules_version),
        [appended],
    )


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
    except psycopg.OperationalError as error:
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


def _decide(
    connection: psycopg.Connection,
    secret: bytes,
    envelopes: Sequence[Envelope],
    decided_at: Instant,
    head: Head,
    known: dict[str, Outcome],
    forced: dict[str, Refusal],
) -> Batch:
    """Fetches what the batch wants and decides it, again with more facts where one was missing."""
    facts = Rows()
    for _ in range(MOST_ROUNDS):
        _fetch_all(connection, facts, envelopes, known, decided_at)
        rows = facts.copy()
        batch = Batch(secret, rows, Wants(facts), decided_at, head.size, dict(known), forced)
        try:
            batch.run(envelopes)
        except Restart:
            _fetch(connection, batch.wants, decided_at)
            continue
        return batch
    raise AssertionError("a rule asks for a fact that no query fetches")


def _fetch_all(
    connection: psycopg.Connection,
    facts: Rows,
    envelopes: Sequence[Envelope],
    known: Mapping[str, Outcome],
    decided_at: Instant,
) -> None:
    for _ in range(MOST_ROUNDS):
        wants = Wants(facts)
        for envelope in envelopes:
            outcome = known.get(envelope.id)
            if outcome is None:
                want(envelope, wants)
            elif outcome.subject is not None and envelope.command.__struct_config__.tag in ABOUT_BOOKINGS:
                wants.row(Booking, outcome.subject)
        if not wants:
            return
        _fetch(connection, wants, decided_at)
    raise AssertionError("what a command wants is never enough")


def _fetch(connection: psycopg.Connection, wants: Wants, decided_at: Instant) -> None:
    with connection.pipeline():
        takes = prefetch.send(connection, wants, decided_at)
    for take in takes:
        take()
