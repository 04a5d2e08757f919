"""received_at decides whether somebody was in time, decided_at everything else; it never runs backwards."""

import pytest

from holdfast.core.apply import ClockUnbelievable, apply_batch
from holdfast.domain import commands as c
from holdfast.domain.instants import Instant
from holdfast.domain.rows import BookingId
from support.cells import Cell, check_log
from support.paper import SECRET, at, place, sign_up


def test_an_acceptance_received_in_time_counts_however_late_it_is_decided(cell: Cell) -> None:
    request = BookingId(cell.made(cell.cast.customer, place(cell.cast.by_request, 1, 10)))
    envelope = cell.envelope(cell.cast.provider, c.AcceptBooking(request), received_at=at(0, 2))
    cell.now = at(0, 9)
    assert cell.apply(envelope).settled[0].outcome.refusal is None
    late = BookingId(cell.made(cell.cast.customer, place(cell.cast.by_request, 2, 10)))
    envelope = cell.envelope(cell.cast.provider, c.AcceptBooking(late), received_at=Instant(at(0, 11) + 1))
    cell.now = at(0, 12)
    assert cell.apply(envelope).settled[0].outcome.refusal == "booking_not_requested"


def test_an_acceptance_loses_to_the_booking_that_took_the_expired_time(cell: Cell) -> None:
    request = BookingId(cell.made(cell.cast.customer, place(cell.cast.by_request, 1, 10)))
    envelope = cell.envelope(cell.cast.provider, c.AcceptBooking(request), received_at=at(0, 1))
    cell.now = at(0, 3)
    cell.made(cell.cast.other, place(cell.cast.instant, 1, 10))
    assert cell.apply(envelope).settled[0].outcome.refusal == "booking_not_requested"


def test_a_cancellation_received_in_time_gets_the_refund_of_then(cell: Cell) -> None:
    booking = BookingId(cell.made(cell.cast.customer, place(cell.cast.instant, 2, 10)))
    envelope = cell.envelope(cell.cast.customer, c.CancelBooking(booking, 5000, ""), received_at=at(0, 10))
    cell.now = at(0, 20)
    assert cell.apply(envelope).settled[0].outcome.refusal is None
    assert cell.all("SELECT refund_minor FROM cell.booking") == [(5000,)]


def test_after_valid_until_nothing_is_decided_but_too_late(cell: Cell) -> None:
    envelope = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10), valid_until=at(0, 5))
    on_time = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 12), valid_until=at(0, 6))
    cell.now = at(0, 6)
    assert [one.outcome.refusal for one in cell.apply(envelope, on_time).settled] == ["too_late", None]
    check_log(cell)


def test_decided_at_never_runs_backwards_when_the_cores_clock_does(cell: Cell) -> None:
    cell.now = at(0, 5)
    cell.made(cell.cast.customer, place(cell.cast.instant, 1, 10))
    cell.now = at(0, 1)
    outcome = cell.send((cell.cast.customer, place(cell.cast.instant, 1, 12)))[0]
    assert outcome.decided_at == at(0, 5)
    check_log(cell)


def test_by_default_decided_at_is_the_cores_clock(cell: Cell) -> None:
    before = cell.all("SELECT clock_timestamp()")[0][0]
    cell.now = before
    envelope = cell.envelope(*sign_up("Nina"))
    applied = apply_batch(cell.connection, SECRET, [envelope])
    assert before <= applied.head.at <= cell.all("SELECT clock_timestamp()")[0][0]


def test_an_unbelievable_clock_leaves_the_batch_untouched(cell: Cell) -> None:
    size = cell.count("ledger.log")

    def unbelievable(core: Instant, last: Instant) -> Instant:
        raise ClockUnbelievable(core - last)

    with pytest.raises(ClockUnbelievable):
        cell.apply(cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10)), clock=unbelievable)
    assert cell.count("ledger.log") == size
    assert cell.count("cell.booking") == 0
