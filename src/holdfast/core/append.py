"""Appends a batch to the log: openings, salted commitments, the leaf of outcomes, the tiles that are full, the head."""

import os
from collections.abc import Sequence

import msgspec
import psycopg
from msgspec import Struct

from holdfast.core.envelope import Outcome
from holdfast.db import queries
from holdfast.db.arrays import bytea_array, instant_array, int_array, text_array, uuid_array
from holdfast.domain.events import BatchSettled, Recorded
from holdfast.domain.instants import Instant
from holdfast.domain.rows import SYSTEM
from holdfast.log.commit import SALT_BYTES, entry_of
from holdfast.log.merkle import Frontier, leaf_hash, root_of
from holdfast.log.tiles import TILE_WIDTH, completed_tiles

_SQL = queries.load("core")
_ENCODER = msgspec.json.Encoder()


class Head(Struct, frozen=True):
    """The one row that orders everything: log size and right edge, the last decided instant."""

    size: int
    edge: bytes
    at: Instant
    epoch: int
    rules_version: int


class Appended(Struct, frozen=True):
    """What a batch added to the log: the first seq, then for each entry its salt and the bytes that open it."""

    first_seq: int
    salts: list[bytes]
    bodies: list[bytes]
    size: int
    edge: bytes


def append(
    connection: psycopg.Connection,
    head: Head,
    decided_at: Instant,
    events: Sequence[Recorded],
    outcomes: Sequence[Outcome],
) -> Appended:
    """Sends the statements that add events and outcomes to the log and move the head. Call inside a pipeline.

    Every event has 128 random bits of salt of its own; one more leaf commits to all outcomes, refusals too.
    """
    leaves = [leaf_hash(_ENCODER.encode(outcome)) for outcome in outcomes]
    settled = BatchSettled(root_of(leaves).hex(), len(outcomes))
    bodies = [_ENCODER.encode(one) for one in (*events, Recorded(decided_at, SYSTEM, "", settled))]
    random = os.urandom(SALT_BYTES * len(bodies))
    salts = [random[at : at + SALT_BYTES] for at in range(0, len(random), SALT_BYTES)]
    entries = [entry_of(salt, body) for salt, body in zip(salts, bodies, strict=True)]
    hashes = [leaf_hash(entry) for entry in entries]
    seqs = int_array(range(head.size, head.size + len(bodies)))
    frontier = Frontier(head.size, head.edge)
    frontier.extend(hashes)
    connection.execute(_SQL.append_log, [seqs, bytea_array(entries), bytea_array(hashes)])
    connection.execute(_SQL.append_openings, [seqs, bytea_array(salts), bytea_array(bodies)])
    _append_outcomes(connection, outcomes, batch=frontier.size - 1)
    connection.execute(_SQL.move_head, [frontier.size, frontier.edge, decided_at])
    return Appended(head.size, salts, bodies, frontier.size, frontier.edge)


def _append_outcomes(connection: psycopg.Connection, outcomes: Sequence[Outcome], batch: int) -> None:
    connection.execute(
        _SQL.append_outcomes,
        [
            batch,
            uuid_array([one.command for one in outcomes]),
            uuid_array([one.actor for one in outcomes]),
            text_array([one.key for one in outcomes]),
            text_array([one.fingerprint for one in outcomes]),
            text_array([one.refusal for one in outcomes]),
            uuid_array([one.subject for one in outcomes]),
            int_array([one.first_seq for one in outcomes]),
            int_array([one.events for one in outcomes]),
            instant_array([one.received_at for one in outcomes]),
            instant_array([one.decided_at for one in outcomes]),
        ],
    )


def put_tiles(connection: psycopg.Connection, old: int, new: int) -> None:
    """Stores the tiles that a growth of the log completed: most batches complete none. Waits for what it reads."""
    for tile in completed_tiles(old, new):
        first = tile.index * TILE_WIDTH
        if tile.level == 0:
            rows = connection.execute(_SQL.leaves_from, [first, first + TILE_WIDTH]).fetchall()
            hashes = b"".join(leaf for (leaf,) in rows)
        else:
            rows = connection.execute(_SQL.tile_hashes, [tile.level - 1, first, first + TILE_WIDTH]).fetchall()
            hashes = b"".join(_root_of_tile(below) for (below,) in rows)
        connection.execute(_SQL.put_tile, [tile.level, tile.index, hashes])


def _root_of_tile(hashes: bytes) -> bytes:
    frontier = Frontier()
    for at in range(0, len(hashes), 32):
        frontier.append(hashes[at : at + 32])
    return frontier.root()
