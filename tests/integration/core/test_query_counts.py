"""How many statements and round trips a batch takes: constant in its size and in the history."""

import re
import tempfile
from collections.abc import Sequence

import pytest
from psycopg.pq import Trace

from holdfast.core.envelope import Envelope
from holdfast.domain import commands as c
from holdfast.domain.rows import BookingId
from support.cells import Cell
from support.paper import at, place, sign_up


def spent(cell: Cell, envelopes: Sequence[Envelope]) -> tuple[int, int]:
    """Statements sent and round trips waited for, by libpq's own trace of what it put on the wire."""
    pgconn = cell.connection.pgconn
    with tempfile.TemporaryFile("w+") as trace:
        pgconn.trace(trace.fileno())
        pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        applied = cell.apply(*envelopes)
        pgconn.untrace()
        trace.seek(0)
        sent = re.findall(r"^F\t\d+\t(\w+)", trace.read(), re.MULTILINE)
    assert {settled.outcome.refusal for settled in applied.settled} == {None}
    return sum(kind in ("Execute", "Query") for kind in sent), sum(kind in ("Sync", "Query") for kind in sent)


def bookings(cell: Cell, count: int, first_day: int) -> list[Envelope]:
    starts = [(first_day + n // 12, 8 + n % 12) for n in range(count)]
    return [cell.envelope(cell.cast.customer, place(cell.cast.instant, *start, note="Hello")) for start in starts]


def test_200_bookings_take_as_many_statements_as_one(cell: Cell) -> None:
    one = spent(cell, bookings(cell, 1, 1))
    many = spent(cell, bookings(cell, 200, 2))
    assert many == one
    assert one[0] <= 25


@pytest.mark.parametrize("kind", ["cancel", "accept", "sign up", "expire in the way"])
def test_other_batches_take_as_many_statements_as_one(cell: Cell, kind: str) -> None:
    cell.cast.instant, cell.cast.by_request = (
        (cell.cast.instant, cell.cast.by_request) if kind == "cancel" else (cell.cast.by_request, cell.cast.instant)
    )
    made = [str(one.outcome.subject) for one in cell.apply(*bookings(cell, 60, 1)).settled]
    if kind == "expire in the way":
        cell.cast.instant = cell.cast.by_request
        cell.now = at(0, 3)
        assert spent(cell, bookings(cell, 1, 1)) == spent(cell, bookings(cell, 61, 1)[1:60])
        return
    assert spent(cell, [_about(cell, kind, made[0])]) == spent(cell, [_about(cell, kind, one) for one in made[1:]])


def _about(cell: Cell, kind: str, booking: str) -> Envelope:
    if kind == "cancel":
        return cell.envelope(cell.cast.customer, c.CancelBooking(BookingId(booking), None, "No"))
    if kind == "accept":
        return cell.envelope(cell.cast.provider, c.AcceptBooking(BookingId(booking)))
    return cell.envelope(*sign_up(booking))


def test_a_long_history_costs_no_statement_more(cell: Cell) -> None:
    before = spent(cell, bookings(cell, 5, 1))
    for day in range(2, 40, 5):
        cell.apply(*bookings(cell, 60, day))
    assert spent(cell, bookings(cell, 5, 50)) == before
