"""The log's public parts as they are stored: checkpoints, full tiles, and the stretch that fills no tile yet."""

from collections.abc import Collection

from msgspec import Struct

from holdfast.db.arrays import int_array
from holdfast.db.queries import load
from holdfast.domain.instants import Instant
from holdfast.reads.reader import Reader

SQL = load("reads_tiles")


class CheckpointShown(Struct, frozen=True):
    """note: the signed text. size counts entries."""

    size: int
    root: bytes
    note: str
    signed_at: Instant


class LogEntry(Struct, frozen=True):
    """32 bytes each: the commitment to an event, and its leaf hash."""

    entry: bytes
    leaf: bytes


class _Tile(Struct, frozen=True):
    level: int
    index: int
    hashes: bytes


async def newest_checkpoint(reader: Reader) -> CheckpointShown | None:
    """None in a cell whose log was never signed. One query."""
    return await reader.one(SQL.newest_checkpoint, {}, CheckpointShown)


async def full_tiles(reader: Reader, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The 8,192 bytes of each full tile that there is, by (tile level, index). One query."""
    parameters = {
        "levels": int_array([level for level, _ in wanted]),
        "indexes": int_array([index for _, index in wanted]),
    }
    rows = await reader.all(SQL.full_tiles, parameters, _Tile, binary=True)
    return {(tile.level, tile.index): tile.hashes for tile in rows}


async def log_stretch(reader: Reader, first: int, last: int) -> list[LogEntry]:
    """The entries of the log at [first, last), in order. One query."""
    return await reader.all(SQL.log_stretch, {"first": first, "last": last}, LogEntry, binary=True)
