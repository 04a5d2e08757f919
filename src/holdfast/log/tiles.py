"""The tree cut into tiles, and entries into bundles, as others' tools fetch them: c2sp.org/tlog-tiles.

A tile at tile level L holds up to 256 hashes, each the root of a complete subtree of 256**L leaves.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from holdfast.log.faults import LogError, LogFault
from holdfast.log.merkle import HASH_BYTES, HashAt, root_of, split_hashes

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_LEVEL = 63
ENTRIES = -1
"""The level of entry bundles, which hold the entries below the hashes of level 0."""

_PATH = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A tile or entry bundle: its tile level (ENTRIES for a bundle), index in the level, and width (1 to 256)."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix: `tile/<L>/<N>[.p/<W>]`."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_index_path(self.index)}{partial}"


def parse_tile_path(path: str) -> Tile:
    """The tile that a path names. Raises LogError tile_path_malformed for any other spelling of it, too."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise LogError(LogFault.tile_path_malformed, path[:80])
    level, number, width = match.groups()
    tile = Tile(
        level=ENTRIES if level == "entries" else int(level),
        index=int(number.replace("x", "").replace("/", "")),
        width=int(width) if width else TILE_WIDTH,
    )
    # One path a tile: superfluous leading groups and .p/256 are other spellings of one.
    if tile.path != path or tile.level > MAX_LEVEL or tile.width > TILE_WIDTH:
        raise LogError(LogFault.tile_path_malformed, path[:80])
    return tile


def completed_tiles(old: int, new: int) -> Iterator[Tile]:
    """The full tiles of hashes that exist in a tree of `new` leaves and did not in one of `old`, lowest level first."""
    level, old, new = 0, old >> TILE_HEIGHT, new >> TILE_HEIGHT
    while new:
        yield from (Tile(level, index) for index in range(old, new))
        level, old, new = level + 1, old >> TILE_HEIGHT, new >> TILE_HEIGHT


def partial_tiles(size: int) -> Iterator[Tile]:
    """The partial tiles of hashes that a tree of `size` leaves has, at most one a level, lowest level first."""
    level = 0
    while size:
        if width := size % TILE_WIDTH:
            yield Tile(level, size >> TILE_HEIGHT, width)
        level, size = level + 1, size >> TILE_HEIGHT


def is_within(tile: Tile, size: int) -> bool:
    """Whether a tree of `size` leaves has every hash (or entry) of the tile: what may be served of it."""
    in_level = size >> (TILE_HEIGHT * max(tile.level, 0))
    return tile.index * TILE_WIDTH + tile.width <= in_level


def hashes_from_tiles(fetch: Callable[[Tile], bytes]) -> HashAt:
    """A callback for proofs that reads tiles.

    `fetch` is asked for as much of a tile as is needed, as a Tile of that width; more of it may come back.
    """

    def hash_at(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, first = divmod(index << height, TILE_WIDTH)
        end = first + (1 << height)
        tile = fetch(Tile(tile_level, tile_index, end))
        return root_of(split_hashes(tile[first * HASH_BYTES : end * HASH_BYTES]))

    return hash_at


def format_bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry after its length as a big-endian uint16."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def parse_bundle(bundle: bytes) -> list[bytes]:
    """The entries of a bundle. Raises LogError bundle_malformed where it is cut short."""
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start])
        if start > len(bundle) or at > len(bundle):
            raise LogError(LogFault.bundle_malformed, f"cut short after {len(entries)} entries")
        entries.append(bundle[start:at])
    return entries


def _index_path(index: int) -> str:
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))
