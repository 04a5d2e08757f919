"""Where a booking's time goes inside the relay: its own journal and apply, here in one thread, with timers between."""

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from bench.cell import Desk, Market, place
from bench.figures import Figures, Invalid
from bench.node import Node
from bench.plan import Plan
from bench.requests import Slots
from holdfast.continuity import settling
from holdfast.continuity.clock import now
from holdfast.continuity.journal import Journal
from holdfast.continuity.segments import Segment
from holdfast.core import apply, batch
from holdfast.core.envelope import Envelope
from holdfast.core.intake import Ticket
from holdfast.db.connect import CoreConnection

_MB = 1 << 20


class Stage(Struct, frozen=True):
    """A name, what to time (an object and the name of its function), and what it stands for."""

    name: str
    functions: tuple[tuple[Any, str], ...]
    what: str


STAGES = (
    Stage(
        "journal",
        ((Journal, "append_received"), (Journal, "append_settled"), (settling, "_settlements")),
        "encode, encrypt and write what was received and what became of it",
    ),
    Stage("journal_fsync", ((Segment, "sync"),), "fdatasync of what was received: waiting for the disk"),
    Stage("lock", ((apply, "_lock"),), "lock the head, read the clock and earlier outcomes: one round trip a batch"),
    Stage(
        "prefetch", ((apply, "_fetch_wanted"), (apply, "_fetch")), "what the batch wants to know: wants, queries, rows"
    ),
    Stage("decide", ((batch, "decide"),), "the rules"),
    Stage("evolve", ((batch, "evolve"),), "what the events make of the rows"),
    Stage("settle", ((batch.Batch, "run"), (apply, "_decide")), "around decide and evolve: outcomes, copies of rows"),
    Stage("persist", ((apply, "persist"),), "encode changed rows and send the statements"),
    Stage("append", ((apply, "append"), (apply, "put_tiles")), "encode and hash events, outcomes; send the statements"),
    Stage("commit", ((apply, "_write"),), "waiting for the server: the statements' execution and the commit"),
)


class Stopwatch:
    """Seconds by stage, on the clock and of this thread's processor time; without those of a stage within it."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.cpu_s: defaultdict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = self._cpu_since = 0.0

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, on this watch."""

        def run(*args: Any, **kwargs: Any) -> Any:
            self._turn()
            self._open.append(name)
            try:
                return function(*args, **kwargs)
            finally:
                self._turn()
                self._open.pop()

        return run

    def _turn(self) -> None:
        now_s, cpu_s = time.perf_counter(), time.thread_time()
        if self._open:
            self.seconds[self._open[-1]] += now_s - self._since
            self.cpu_s[self._open[-1]] += cpu_s - self._cpu_since
        self._since, self._cpu_since = now_s, cpu_s


@contextmanager
def _watched(watch: Stopwatch) -> Iterator[None]:
    """Puts timers around the stages of this process, and takes them off again."""
    originals = [(owner, name, getattr(owner, name)) for stage in STAGES for owner, name in stage.functions]
    for stage in STAGES:
        for owner, name in stage.functions:
            setattr(owner, name, watch.timed(stage.name, getattr(owner, name)))
    try:
        yield
    finally:
        for owner, name, function in originals:
            setattr(owner, name, function)


def measure(node: Node, market: Market, slots: Slots, batch_size: int, plan: Plan, figures: Figures) -> None:
    """Adds a figure a stage, in batches as large as those through HTTP were."""
    at = now()
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(dir=node.settings.data) as folder, node.writer() as connection:
        desk, customers = Desk(node, connection, "stages"), market.customers
        envelopes = [
            desk.envelope(customers[n % len(customers)], place(*slot), at)
            for n, slot in zip(range(plan.staged), slots, strict=False)
        ]
        batches = [envelopes[first : first + batch_size] for first in range(0, len(envelopes), batch_size)]
        journal = Journal.open(Path(folder), node.secrets.node_journal, market.identity.id, 1024 * _MB)
        warm, first = apply.Warm(), len(batches) // 10 + 1
        for one in batches[:first]:
            _carry(node, journal, connection, warm, one)
        with _watched(watch):
            began = time.perf_counter()
            for one in batches[first:]:
                _carry(node, journal, connection, warm, one)
            elapsed = time.perf_counter() - began
        journal.close()
    count = sum(map(len, batches[first:]))
    how = f"{count:,} bookings in batches of {batch_size}, the relay's code in one thread of the bench, idle else"
    for stage in STAGES:
        cpu_us = watch.cpu_s[stage.name] / count * 1e6
        figures.add(
            f"stage_{stage.name}_us",
            watch.seconds[stage.name] / count * 1e6,
            "µs/booking",
            f"{stage.what} ({cpu_us:.1f} µs of it the thread's own processor time); {how}",
        )
    cpu_us = sum(watch.cpu_s.values()) / count * 1e6
    figures.add(
        "stage_all_us",
        elapsed / count * 1e6,
        "µs/booking",
        f"from journal to commit, with what lies between ({cpu_us:.1f} µs of it processor time in the stages); {how}",
    )


def _carry(
    node: Node, journal: Journal, connection: CoreConnection, warm: apply.Warm, envelopes: list[Envelope]
) -> None:
    """What the relay does with a batch, in its order."""
    encode = msgspec.msgpack.Encoder().encode
    tickets = [Ticket(envelope, encode(envelope), urgent=False) for envelope in envelopes]
    for ticket, sequence in zip(tickets, journal.append_received([one.raw for one in tickets]), strict=True):
        ticket.sequence = sequence
    applied = apply.apply_batch(connection, node.secrets.cell_hmac, envelopes, warm=warm)
    for settled in applied.settled:
        if settled.outcome.subject is None:
            raise Invalid(f"a booking was refused: {settled.outcome.refusal}")
    journal.append_settled(settling._settlements(tickets, applied))
