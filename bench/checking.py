"""`holdfast verify` on the cell that the bench has filled."""

import time
from itertools import islice

import psycopg

from bench.cell import Desk, Market, place
from bench.figures import Figures, Invalid
from bench.node import Node
from bench.requests import Slots
from holdfast.continuity.clock import now
from holdfast.domain import commands as c
from holdfast.domain.rows import BookingId

MILLION = 1_000_000
ROUND = 2000


def measure(node: Node, figures: Figures) -> None:
    """Adds verify_s and verify_events_per_s."""
    seconds, events = _verify(node)
    how = f"holdfast verify, the whole command, of {events:,} events while the node serves and is idle; no finding"
    figures.add("verify_s", seconds, "s", how)
    figures.add("verify_events_per_s", events / seconds, "events/s", how)


def measure_million(node: Node, market: Market, slots: Slots, figures: Figures) -> None:
    """Adds verify_1m_s: fills the log with bookings and their cancellations first, which takes minutes."""
    with node.writer() as connection:
        desk = Desk(node, connection, "million")
        # What is cancelled is free again: the same slots serve for every round.
        wishes = [
            (market.customers[n % len(market.customers)], place(*slot)) for n, slot in enumerate(islice(slots, ROUND))
        ]
        while _size(node) < MILLION:
            booked = desk.made(wishes, now())
            cancelled = [
                (actor, c.CancelBooking(BookingId(booking), None, ""))
                for (actor, _), booking in zip(wishes, booked, strict=True)
            ]
            desk.made(cancelled, now())
    seconds, events = _verify(node)
    figures.add("verify_1m_s", seconds, "s", f"holdfast verify, the whole command, of {events:,} events; no finding")


def _verify(node: Node) -> tuple[float, int]:
    began = time.monotonic()
    done = node.holdfast("verify", timeout_s=600)
    seconds = time.monotonic() - began
    if done.returncode:
        raise Invalid(f"holdfast verify ended with {done.returncode}: {(done.stdout + done.stderr)[-800:]}")
    return seconds, _size(node)


def _size(node: Node) -> int:
    with psycopg.connect(node.server.superuser_url()) as connection:
        row = connection.execute("SELECT size FROM ledger.head").fetchone()
        assert row is not None, "there is one head"
        return int(row[0])
