"""Many at once for one slot, keys that come again, and answers that got lost: one booking, one outcome."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from holdfast.core.apply import Applied, apply_batch
from holdfast.core.envelope import Envelope
from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.passwords import Role
from holdfast.domain import commands as c
from holdfast.domain.rows import BookingId
from support.cells import Cell, check_log
from support.database import Database
from support.paper import SECRET, at, place
from support.until import until


def refusals(*applied: Applied) -> list[str | None]:
    return [settled.outcome.refusal for one in applied for settled in one.settled]


def test_case_2_two_customers_one_slot_one_booking_in_one_batch(cell: Cell) -> None:
    wishes = [(who, place(cell.cast.instant, 1, 10)) for who in (cell.cast.customer, cell.cast.other)]
    assert cell.refusals(*wishes) == [None, "slot_taken"]
    assert cell.count("cell.claim") == cell.count("cell.booking") == 1
    check_log(cell)


def test_case_2_two_customers_one_slot_one_booking_in_two_batches(cell: Cell) -> None:
    assert cell.refusals((cell.cast.customer, place(cell.cast.instant, 1, 10))) == [None]
    assert cell.refusals((cell.cast.other, place(cell.cast.by_request, 1, 10))) == ["slot_taken"]
    assert cell.count("cell.claim") == cell.count("cell.booking") == 1
    check_log(cell)


@pytest.mark.parametrize("at_once", [2, 20])
def test_case_1_many_connections_at_once_one_slot_one_booking(cell: Cell, database: Database, at_once: int) -> None:
    guests = cell.members(at_once)
    envelopes = [cell.envelope(guest, place(cell.cast.instant, 1, 10)) for guest in guests]
    together = threading.Barrier(at_once)

    def book(envelope: Envelope) -> Applied:
        connection = writer_connection(database.url(Role.WRITER))
        try:
            together.wait()
            return apply_batch(connection, SECRET, [envelope], cell.clock)
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as threads:
        answers = refusals(*threads.map(book, envelopes))

    assert sorted(answers, key=str) == [None, *["slot_taken"] * (at_once - 1)]
    assert cell.count("cell.claim") == cell.count("cell.booking") == 1
    check_log(cell)


def test_case_3_the_database_itself_refuses_an_overlap(cell: Cell) -> None:
    booking = cell.made(cell.cast.customer, place(cell.cast.instant, 1, 10))
    with pytest.raises(psycopg.IntegrityError, match="claim_overlap"):
        cell.connection.execute(
            "INSERT INTO cell.claim SELECT calendar, tstzrange(lower(during) + '30 min', upper(during) + '30 min'), "
            "booking FROM cell.claim WHERE booking = %s",
            [booking],
        )
    cell.connection.rollback()


def test_a_key_again_with_the_same_body_is_the_same_booking(cell: Cell) -> None:
    first = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10), key="k")
    again = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10), key="k", received_at=at(0, 1))
    before, after = cell.apply(first), cell.apply(again)
    assert after.settled[0].replayed
    assert not before.settled[0].replayed
    assert after.settled[0].outcome == before.settled[0].outcome
    assert after.settled[0].booking == before.settled[0].booking
    assert after.appended == []
    assert cell.count("cell.booking") == 1


def test_a_key_again_shows_the_booking_as_it_is_now(cell: Cell) -> None:
    envelope = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10))
    booking = BookingId(str(cell.apply(envelope).settled[0].outcome.subject))
    cell.made(cell.cast.customer, c.CancelBooking(booking, None, ""))
    (settled,) = cell.apply(envelope).settled
    assert settled.booking is not None
    assert settled.booking.state == "cancelled"


def test_a_key_again_with_another_body_is_refused_and_changes_nothing(cell: Cell) -> None:
    cell.apply(cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10), key="k"))
    outcomes, size = cell.count("ledger.outcome"), cell.count("ledger.log")
    reused = cell.apply(cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 12), key="k"))
    assert refusals(reused) == ["key_reused"]
    assert (cell.count("ledger.outcome"), cell.count("ledger.log")) == (outcomes, size)


def test_another_members_same_key_is_another_key(cell: Cell) -> None:
    for hour, who in enumerate((cell.cast.customer, cell.cast.other), 10):
        assert refusals(cell.apply(cell.envelope(who, place(cell.cast.instant, 1, hour), key="k"))) == [None]
    assert cell.count("cell.booking") == 2


def test_one_key_twice_in_one_batch_is_one_command(cell: Cell) -> None:
    twice = [cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10), key="k") for _ in range(2)]
    other = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 12), key="k")
    applied = cell.apply(*twice, other)
    assert refusals(applied) == [None, None, "key_reused"]
    assert [settled.replayed for settled in applied.settled] == [False, True, True]
    assert applied.settled[0].outcome == applied.settled[1].outcome
    check_log(cell)


def test_a_refused_command_stays_refused_when_its_key_comes_again(cell: Cell) -> None:
    blocking = BookingId(cell.made(cell.cast.other, place(cell.cast.instant, 1, 10)))
    envelope = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10))
    assert refusals(cell.apply(envelope)) == ["slot_taken"]
    cell.made(cell.cast.other, c.CancelBooking(blocking, None, ""))
    assert refusals(cell.apply(envelope)) == ["slot_taken"]


def test_a_replay_among_new_commands_leaves_the_new_ones_in_order(cell: Cell) -> None:
    envelopes = [cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, hour)) for hour in (8, 9, 10, 11)]
    cell.apply(envelopes[1])
    applied = cell.apply(*envelopes)
    assert [settled.replayed for settled in applied.settled] == [False, True, False, False]
    assert refusals(applied) == [None] * 4
    check_log(cell)


def test_a_second_batch_waits_for_the_lock_and_sees_what_the_first_committed(cell: Cell, database: Database) -> None:
    first, second = (
        cell.envelope(who, place(cell.cast.instant, 1, 10)) for who in (cell.cast.customer, cell.cast.other)
    )
    other = writer_connection(database.url(Role.WRITER))
    decided, resume = threading.Event(), threading.Event()

    def held(core: int, last: int) -> int:
        decided.set()
        resume.wait(8)
        return cell.clock(core, last)  # type: ignore[arg-type]  # instants

    with ThreadPoolExecutor(2) as threads:
        holder = threads.submit(apply_batch, cell.connection, SECRET, [first], held)  # type: ignore[arg-type]  # as above
        assert decided.wait(8)
        waiter = threads.submit(apply_batch, other, SECRET, [second], cell.clock)
        until(lambda: _waiting_for_locks(database) == 1, "the second batch waits for the head")
        resume.set()
        assert refusals(holder.result()) == [None]
        assert refusals(waiter.result()) == ["slot_taken"]
    other.close()
    check_log(cell)


def _waiting_for_locks(database: Database) -> int:
    with psycopg.connect(database.superuser_url, autocommit=True) as admin:
        ((count,),) = admin.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchall()
        return int(count)


def test_a_severed_holder_of_the_lock_leaves_nothing_and_the_next_gets_its_turn(cell: Cell, database: Database) -> None:
    """The node died with the head locked, its backend not knowing: the same batch, sent by another, is decided once."""
    envelope = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10))
    severed = writer_connection(database.url(Role.WRITER))
    severed.execute("SELECT size FROM ledger.head FOR UPDATE")
    with ThreadPoolExecutor(1) as threads:
        waiter = threads.submit(apply_batch, cell.connection, SECRET, [envelope], cell.clock)
        until(lambda: _waiting_for_locks(database) == 1, "the batch waits for the head")
        _terminate(database, severed)
        assert refusals(waiter.result()) == [None]
    severed.close()
    assert cell.apply(envelope).settled[0].replayed
    check_log(cell)


def _terminate(database: Database, connection: CoreConnection) -> None:
    with psycopg.connect(database.superuser_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
