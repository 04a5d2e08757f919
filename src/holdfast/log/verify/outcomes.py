"""Invariant 10: every command has one outcome, every accepted one its events, every event its command."""

from collections.abc import Iterator
from itertools import groupby, islice

import msgspec
from msgspec import Struct

from holdfast.core.envelope import Outcome
from holdfast.domain.events import BatchSettled, Recorded
from holdfast.domain.instants import Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import SYSTEM
from holdfast.log.merkle import leaf_hash, root_of
from holdfast.log.verify.report import Findings
from holdfast.log.verify.snapshot import Snapshot, Values

TABLE = "ledger.outcome"
MOST_SHOWN = 8
MOST_TRIED = 512
"""Outcomes of a batch among which a row too many is looked for by leaving each out in turn."""

_SETTLED = b'"event":{"type":"batch_settled"'
_encode = msgspec.json.encode
_recorded = msgspec.json.Decoder(Recorded).decode


class Entry(Struct, frozen=True, gc=False):
    """An event of the batch that is being read."""

    seq: int
    by: str
    key: str
    body: bytes


class Batches:
    """Walks events and outcomes side by side, batch by batch."""

    def __init__(self, rows: Iterator[Values], findings: Findings) -> None:
        self._rows = groupby(rows, key=lambda row: row[0])
        self._next = next(self._rows, None)
        self._findings = findings
        self._events: list[Entry] = []
        self._open_since = 0

    def event(self, seq: int, at: Instant, by: str, key: str, body: bytes) -> None:
        """The next event of the log; the last of a batch settles it."""
        if _SETTLED not in body:
            self._events.append(Entry(seq, by, key, body))
            return
        settled = _recorded(body).event
        assert isinstance(settled, BatchSettled), "the tag says so"
        if by != SYSTEM or key:
            self._findings.add(10, "ledger.opening", seq, "a batch is settled by the system, without a key")
        _Batch(seq, at, settled, self._events, self._rows_of(seq), self._findings).check()
        self._events = []

    def finish(self) -> None:
        """The log has ended: what is left belongs to no batch."""
        for entry in self._events:
            self._findings.add(
                10, "ledger.opening", entry.seq, "no batch settles this event: its command has no outcome"
            )
        self._rows_of(None)

    def _rows_of(self, seq: int | None) -> list[Values]:
        """The outcomes of the batch that ends at seq; those before it name a batch that does not exist."""
        while self._next is not None and (seq is None or self._next[0] < seq):
            for row in self._next[1]:
                self._findings.add(10, TABLE, row[2], f"batch: the log settles none at {row[0]}")
            self._next = next(self._rows, None)
        if self._next is None or self._next[0] != seq:
            return []
        rows = list(self._next[1])
        self._next = next(self._rows, None)
        return rows


class _Batch:
    """One batch: its events, the outcomes that name it, and the root that the log holds of them."""

    def __init__(
        self, seq: int, at: Instant, settled: BatchSettled, events: list[Entry], rows: list[Values], findings: Findings
    ) -> None:
        self.seq, self.at, self.settled = seq, at, settled
        self.events, self.rows, self.findings = events, rows, findings
        self.first = events[0].seq if events else seq
        self.named: set[str] = set()

    def check(self) -> None:
        """Names the rows that do not fit, as exactly as what is left allows."""
        self.findings.count(10, len(self.rows) + len(self.events))
        self._check_numbers()
        claimed = [False] * len(self.events)
        for row in self.rows:
            self._check_events(row, claimed)
        for entry, taken in zip(self.events, claimed, strict=True):
            if not taken:
                self.findings.add(10, "ledger.opening", entry.seq, "no outcome accounts for this event")
        leaves = [leaf_hash(_encode(_outcome(row))) for row in self.rows]
        if root_of(leaves).hex() != self.settled.outcomes_root:
            self._name_changed(leaves)

    def _add(self, command: str, sentence: str) -> None:
        self.named.add(command)
        self.findings.add(10, TABLE, command, sentence)

    def _check_numbers(self) -> None:
        numbers = [row[1] for row in self.rows]
        for n in islice(sorted(set(range(self.settled.outcomes)).difference(numbers)), MOST_SHOWN):
            self.findings.add(10, TABLE, f"batch {self.seq}, n {n}", "missing")
        for row, before in zip(self.rows, [None, *numbers], strict=False):
            if not 0 <= row[1] < self.settled.outcomes:
                self._add(row[2], f"n: its batch settled {self.settled.outcomes} outcomes, and this is number {row[1]}")
            elif row[1] == before:
                self._add(row[2], f"n: another outcome of its batch is number {row[1]}, too")

    def _check_events(self, row: Values, claimed: list[bool]) -> None:
        _, _, command, actor, key, _, refusal, _, first_seq, events, *_ = row
        if refusal is not None or not events:
            if first_seq is not None or events:
                self._add(command, "first_seq, events: it was refused and has none")
            elif refusal is not None and refusal not in Refusal.__members__:
                self._add(command, "refusal: there is no such refusal")
            return
        at = -1 if first_seq is None else first_seq - self.first
        if events < 0 or at < 0 or at + events > len(self.events):
            self._add(command, f"first_seq, events: they are not among its batch's, {self.first}…{self.seq - 1}")
            return
        for i in range(at, at + events):
            entry = self.events[i]
            if claimed[i]:
                self._add(command, f"first_seq, events: event {entry.seq} is another command's")
            elif entry.by != actor or entry.key != key:
                self._add(command, f"actor, key: event {entry.seq} was recorded by another, or under another key")
            claimed[i] = True

    def _name_changed(self, leaves: list[bytes]) -> None:
        """The outcomes are not those that the log committed to; which one, as far as anything else tells."""
        for row in self.rows:
            self._check_plausible(row)
        if len(leaves) == self.settled.outcomes + 1 and len(leaves) <= MOST_TRIED:
            for i, row in enumerate(self.rows):
                if root_of(leaves[:i] + leaves[i + 1 :]).hex() == self.settled.outcomes_root:
                    self._add(row[2], "the log committed to the other outcomes of its batch, and not to this one")
        if not self.named and len(self.rows) == self.settled.outcomes:
            commands = ", ".join(str(row[2]) for row in self.rows[:MOST_SHOWN])
            more = f" and {len(self.rows) - MOST_SHOWN} more" if len(self.rows) > MOST_SHOWN else ""
            one = "changed: the log committed to other columns"
            among = f"one of the {len(self.rows)} of batch {self.seq} was changed: the log committed to others"
            self.findings.add(10, TABLE, commands + more, one if len(self.rows) == 1 else among)

    def _check_plausible(self, row: Values) -> None:
        _, _, command, _, _, _, _, subject, first_seq, events, _, decided_at = row
        if decided_at != self.at:
            self._add(command, f"decided_at: {self.at} → {decided_at}, in µs; its batch's is the first")
        if subject is None or first_seq is None:
            return
        bodies = self.events[max(0, first_seq - self.first) :][:events]
        if bodies and not any(subject.encode() in entry.body for entry in bodies):
            self._add(command, "subject: its events are about another")


def check_keys(reading: Snapshot, findings: Findings) -> None:
    """No actor has two outcomes under one key."""
    for actor, _, commands in reading.rows("keys_twice"):
        for command in commands:
            findings.add(10, TABLE, command, f"actor, key: {actor} has another outcome under the same key")


def _outcome(row: Values) -> Outcome:
    _, _, command, actor, key, fingerprint, refusal, subject, first_seq, events, received_at, decided_at = row
    return Outcome(command, actor, key, fingerprint.hex(), refusal, subject, first_seq, events, received_at, decided_at)
