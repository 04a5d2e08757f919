"""What batches leave in the log: gapless, committed, tiled, also when one that completes a tile failed before."""

import msgspec
import psycopg
import pytest

from holdfast.core.apply import apply_batch
from holdfast.db.connect import writer_connection
from holdfast.db.passwords import Role
from holdfast.domain.events import BatchSettled
from holdfast.log.tiles import TILE_WIDTH
from support.cells import Cell, check_log
from support.database import Database
from support.paper import SECRET, at, place, sign_up


def test_the_log_holds_together_over_many_batches_and_tiles(cell: Cell) -> None:
    for batch, size in enumerate((1, 254, 7, 1, 300, 40, 2)):
        cell.send(*(sign_up(f"b{batch}-{n}") for n in range(size)))
    assert cell.count("ledger.log") > 600
    assert cell.all("SELECT level, index FROM ledger.tile ORDER BY index") == [(0, 0), (0, 1)]
    check_log(cell)


def test_one_batch_may_complete_several_tiles(cell: Cell) -> None:
    cell.send(*(sign_up(f"n{n}") for n in range(2 * TILE_WIDTH + 10)))
    assert cell.count("ledger.tile") == 2
    check_log(cell)


def test_a_batch_that_completes_a_tile_exactly_stores_it(cell: Cell) -> None:
    size = cell.count("ledger.log")
    cell.send(*(sign_up(f"n{n}") for n in range(TILE_WIDTH - size - 1)))
    assert cell.all("SELECT size FROM ledger.head") == [(TILE_WIDTH,)]
    assert cell.count("ledger.tile") == 1
    check_log(cell)


def test_a_batch_across_a_tile_that_failed_can_be_applied_again(cell: Cell, database: Database) -> None:
    cell.send(*(sign_up(f"n{n}") for n in range(TILE_WIDTH - cell.count("ledger.log") - 3)))
    envelopes = [cell.envelope(*sign_up(f"late-{n}")) for n in range(5)]
    with psycopg.connect(database.url(Role.OWNER), autocommit=True) as owner:
        owner.execute("ALTER TABLE ledger.tile RENAME TO away")
        with pytest.raises(psycopg.Error, match=r"ledger\.tile"):
            cell.apply(*envelopes)
        owner.execute("ALTER TABLE ledger.away RENAME TO tile")
    assert cell.all("SELECT size FROM ledger.head") == [(TILE_WIDTH - 2,)]
    cell.apply(*envelopes)
    assert cell.count("ledger.tile") == 1
    check_log(cell)


def test_a_poisoned_batch_across_a_tile_is_applied_but_for_its_poison(cell: Cell) -> None:
    cell.send(*(sign_up(f"n{n}") for n in range(TILE_WIDTH - cell.count("ledger.log") - 3)))
    wishes = [(cell.cast.customer, place(cell.cast.instant, 1, 8 + n, note="\0" if n == 2 else "")) for n in range(5)]
    assert cell.refusals(*wishes) == [None, None, "set_aside", None, None]
    assert cell.count("ledger.tile") == 1
    check_log(cell)


def test_a_batch_of_refusals_alone_is_in_the_log(cell: Cell) -> None:
    cell.made(cell.cast.customer, place(cell.cast.instant, 1, 10))
    size = cell.count("ledger.log")
    assert cell.refusals((cell.cast.other, place(cell.cast.instant, 1, 10))) == ["slot_taken"]
    assert cell.count("ledger.log") == size + 1
    assert isinstance(cell.log()[-1].event, BatchSettled)
    check_log(cell)


def test_what_apply_returns_is_what_the_log_holds(cell: Cell) -> None:
    applied = cell.apply(*(cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, hour)) for hour in (9, 10)))
    (appended,) = applied.appended
    stored = cell.all("SELECT salt, body FROM ledger.opening WHERE seq >= %s ORDER BY seq", appended.first_seq)
    assert stored == list(zip(appended.salts, appended.bodies, strict=True))
    assert cell.all("SELECT size, edge, at FROM ledger.head") == [(appended.size, appended.edge, applied.head.at)]
    first_seqs = [settled.outcome.first_seq for settled in applied.settled]
    assert first_seqs == [appended.first_seq, appended.first_seq + 1]


def test_nothing_personal_is_in_an_opening(cell: Cell) -> None:
    note, address = "Third floor, ring twice", "Rua das Flores 7"
    cell.made(cell.cast.customer, place(cell.cast.instant, 1, 10, note=note, address=address))
    bodies = b"".join(body for (body,) in cell.all("SELECT body FROM ledger.opening"))
    for private in (note, address, "carla@example.test", "Carla", "$argon2id$", "Haircut", "With scissors."):
        assert private.encode() not in bodies


def test_an_outcome_is_the_same_bytes_from_the_table_as_when_it_was_given(cell: Cell, database: Database) -> None:
    """The leaf of outcomes commits to bytes: what verify reads back has to encode to the same."""
    envelope = cell.envelope(
        cell.cast.customer, place(cell.cast.instant, 1, 10), key="ключ, \\\"{}' ✓", received_at=at(0, 0) + 1
    )
    given = cell.apply(envelope).settled[0].outcome
    other = writer_connection(database.url(Role.WRITER))
    again = apply_batch(other, SECRET, [envelope], cell.clock).settled[0].outcome
    other.close()
    assert msgspec.json.encode(again) == msgspec.json.encode(given)
    check_log(cell)
