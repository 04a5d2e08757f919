"""A cell in a real database: commands sent through apply_batch, and its log read back and checked."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import msgspec
import psycopg

from holdfast.core.apply import Applied, Clock, Warm, apply_batch
from holdfast.core.envelope import Envelope, Outcome, Sender, envelop
from holdfast.domain import commands as c
from holdfast.domain.events import BatchSettled, Recorded
from holdfast.domain.ids import IdSource
from holdfast.domain.instants import Instant
from holdfast.domain.rows import SYSTEM, MemberId
from holdfast.log.merkle import Frontier, leaf_hash, root_of
from holdfast.log.tiles import TILE_WIDTH
from support.paper import MONDAY, SECRET, Cast, found, sign_up


class Cell:
    """Sends on one connection at a time that the test chooses. Twins on other connections share the cast."""

    def __init__(self, connection: psycopg.Connection, cast: Cast | None = None, name: str = "key") -> None:
        self.connection = connection
        self.now = MONDAY
        self.sent = 0
        self.name = name
        self.warm: Warm | None = None
        self.cast = cast or found(self.made)

    def envelope(self, actor: str, command: c.AnyCommand, **given: Any) -> Envelope:
        """received_at, valid_until, key, epoch and token as given; else now, a day, a new key, 1 and none."""
        self.sent += 1
        sender = Sender(MemberId(actor), given.get("token"), given.get("epoch", None if actor == SYSTEM else 1))
        received_at, valid_until = given.get("received_at", self.now), given.get("valid_until")
        key = given.get("key", f"{self.name}-{self.sent}")
        return envelop(SECRET, sender, key, command, received_at, valid_until=valid_until)

    def apply(self, *envelopes: Envelope, clock: Clock | None = None) -> Applied:
        return apply_batch(self.connection, SECRET, envelopes, clock or self.clock, warm=self.warm)

    def clock(self, core: Instant, last: Instant) -> Instant:
        """The test's time instead of the core's, never before the head's."""
        assert core > 0
        return max(self.now, last)

    def send(self, *wishes: tuple[str, c.AnyCommand]) -> list[Outcome]:
        """One batch of (actor, command)."""
        applied = self.apply(*(self.envelope(*wish) for wish in wishes))
        return [settled.outcome for settled in applied.settled]

    def refusals(self, *wishes: tuple[str, c.AnyCommand]) -> list[str | None]:
        return [outcome.refusal for outcome in self.send(*wishes)]

    def withdraw(self, envelope: Envelope) -> list[str | None]:
        """Applies a command that its sender took back."""
        applied = apply_batch(self.connection, SECRET, [envelope], self.clock, {envelope.id})
        return [settled.outcome.refusal for settled in applied.settled]

    def made(self, actor: str, command: c.AnyCommand) -> str:
        """What a command made that must be accepted."""
        (outcome,) = self.send((actor, command))
        assert outcome.subject is not None, f"{command} was refused: {outcome.refusal}"
        return outcome.subject

    def members(self, count: int) -> list[str]:
        """So many more customers, in one batch."""
        outcomes = self.send(*(sign_up(f"{self.name}-guest-{n}") for n in range(count)))
        return [outcome.subject for outcome in outcomes if outcome.subject]

    def all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """A query's rows, outside any transaction of the test."""
        rows = self.connection.execute(query.encode(), values).fetchall()
        self.connection.rollback()
        return rows

    def count(self, table: str) -> int:
        return int(self.all(f"SELECT count(*) FROM {table}")[0][0])

    def log(self) -> list[Recorded]:
        """Every event of the log, from its openings."""
        return [
            msgspec.json.decode(body, type=Recorded)
            for (body,) in self.all("SELECT body FROM ledger.opening ORDER BY seq")
        ]


def check_log(cell: Cell) -> None:
    """The log holds together: seqs, entries, leaves, the head's edge, full tiles, and each batch's outcomes."""
    rows = cell.all(
        "SELECT seq, entry, leaf, salt, body FROM ledger.log FULL JOIN ledger.opening USING (seq) ORDER BY seq"
    )
    assert [row[0] for row in rows] == list(range(len(rows))), "gapless"
    for _, entry, leaf, salt, body in rows:
        assert entry == sha256(salt + body).digest()
        assert leaf == leaf_hash(entry)
    assert len({row[3] for row in rows}) == len(rows), "every event has a salt of its own"
    ((size, edge),) = cell.all("SELECT size, edge FROM ledger.head")
    frontier = Frontier()
    frontier.extend(row[2] for row in rows)
    assert (size, edge) == (len(rows), frontier.edge)
    _check_tiles(cell, [row[2] for row in rows])
    _check_outcomes(cell, [msgspec.json.decode(row[4], type=Recorded) for row in rows])


def _check_tiles(cell: Cell, leaves: Sequence[bytes]) -> None:
    expected, level = {}, 0
    while len(leaves) >= TILE_WIDTH:
        full = [leaves[i : i + TILE_WIDTH] for i in range(0, len(leaves) - TILE_WIDTH + 1, TILE_WIDTH)]
        expected.update({(level, n): b"".join(tile) for n, tile in enumerate(full)})
        leaves, level = [root_of(tile) for tile in full], level + 1
    assert {row[:2]: row[2] for row in cell.all("SELECT level, index, hashes FROM ledger.tile")} == expected


def _check_outcomes(cell: Cell, log: Sequence[Recorded]) -> None:
    """Every outcome is under its batch's leaf; every event belongs to one accepted command, in order."""
    assert [one.at for one in log] == sorted(one.at for one in log), "decided_at never runs backwards"
    outcomes: dict[int, list[Outcome]] = {}
    for batch, *fields in cell.all(
        "SELECT batch, command, actor, key, encode(fingerprint, 'hex'), refusal, subject, first_seq, events, "
        "received_at, decided_at FROM ledger.outcome ORDER BY batch, n"
    ):
        outcomes.setdefault(batch, []).append(Outcome(*fields))
    next_seq = 0
    for seq, one in enumerate(log):
        if not isinstance(one.event, BatchSettled):
            continue
        settled = outcomes.pop(seq)
        assert one.event.outcomes == len(settled)
        leaves = [leaf_hash(msgspec.json.encode(outcome)) for outcome in settled]
        assert one.event.outcomes_root == root_of(leaves).hex()
        for outcome in settled:
            assert outcome.decided_at == one.at
            if outcome.events:
                assert outcome.first_seq == next_seq
                for event in log[next_seq : next_seq + outcome.events]:
                    assert (event.by, event.key, event.at) == (outcome.actor, outcome.key, outcome.decided_at)
            next_seq += outcome.events
        assert next_seq == seq, "every event has its command"
        next_seq += 1
    assert not outcomes, "every outcome has its leaf"


def made_by(envelope: Envelope) -> str:
    """The id that the first thing a command makes will have."""
    return IdSource(SECRET, envelope.actor, envelope.key, envelope.nonce).next()
