"""Time goes by in a demo cell: its steps in their order, some hours of them a batch, on the one path."""

import heapq
from collections.abc import Callable, Iterable

import psycopg
from msgspec import Struct

from holdfast.core.apply import Clock, Warm, apply_batch
from holdfast.core.envelope import Envelope, Sender, Settled, envelop
from holdfast.demo.seed_steps import Step
from holdfast.domain.instants import HOUR_US, Instant
from holdfast.domain.rows import SYSTEM, BookingId

STRETCH_US = 12 * HOUR_US
"""How much simulated time one batch covers at most: all in it is decided at its end. Commands may wait for 24 hours."""

JOINED_EPOCH = 1
"""The epoch of every member's tokens from the sign-up on."""

Report = Callable[[int, int], None]
"""(steps done, steps in all)"""


class Tally(Struct):
    """What came of the steps."""

    accepted: int = 0
    refused: int = 0


class Past:
    """Steps in the order of their instants; a job that becomes due takes its place among them."""

    def __init__(self, steps: Iterable[Step], until: Instant) -> None:
        self._until = until
        self._heap = [(step.at, number, step) for number, step in enumerate(steps) if step.at <= until]
        self._numbers = len(self._heap)
        self._dropped: set[BookingId] = set()
        heapq.heapify(self._heap)

    def __len__(self) -> int:
        return len(self._heap)

    def next_batch(self) -> list[Step]:
        """The next stretch of time. It ends before any of its steps would be too late, and is empty at the end."""
        batch: list[Step] = []
        bound = self._until
        while self._heap and self._heap[0][0] <= bound:
            step = heapq.heappop(self._heap)[2]
            if step.booking in self._dropped:
                continue
            if not batch:
                bound = Instant(min(bound, step.at + STRETCH_US))
            if step.latest is not None:
                bound = min(bound, step.latest)
            batch.append(step)
        return batch

    def add(self, step: Step) -> None:
        """A step that follows from another, if it is due before the past ends."""
        if step.at <= self._until:
            heapq.heappush(self._heap, (step.at, self._numbers, step))
            self._numbers += 1

    def drop(self, booking: BookingId) -> None:
        """Forget the rest of a booking's life: it was not to be."""
        self._dropped.add(booking)


def live(connection: psycopg.Connection, secret: bytes, past: Past, report: Report) -> Tally:
    """Sends every step. What an earlier run has settled is replayed, and changes nothing. secret: the cell's.

    Raises psycopg.Error from the database; start again then.
    """
    tally, warm, done = Tally(), Warm(), 0
    while batch := past.next_batch():
        envelopes = [_envelope(secret, step) for step in batch]
        applied = apply_batch(connection, secret, envelopes, _standing_at(batch[-1].at), warm=warm)
        for step, settled in zip(batch, applied.settled, strict=True):
            _follow(past, step, settled, tally)
        done += len(batch)
        report(done, done + len(past))
    return tally


def _standing_at(instant: Instant) -> Clock:
    """A clock of simulated time, which does not run backwards either."""
    return lambda _core, last: max(last, instant)


def _envelope(secret: bytes, step: Step) -> Envelope:
    member = step.actor != SYSTEM
    sender = Sender(step.actor, None, JOINED_EPOCH if member else None)
    return envelop(secret, sender, step.key, step.command, step.at, valid_until=step.latest)


def _follow(past: Past, step: Step, settled: Settled, tally: Tally) -> None:
    """Notes the outcome, and what is due because of it."""
    if settled.outcome.refusal is not None:
        tally.refused += 1
        if step.booking is not None:
            past.drop(step.booking)
        return
    tally.accepted += 1
    follower = step.then(settled.outcome.decided_at) if step.then else None
    if follower is not None:
        past.add(follower)
