"""The log's tree as it stands in tables: tiles, full or not, and proofs out of them."""

from collections.abc import Collection

from holdfast.log.merkle import HASH_BYTES, inclusion_proof, root_of, split_hashes
from holdfast.log.tiles import TILE_WIDTH, Tile, hashes_from_tiles, is_within
from holdfast.reads.reader import Reader
from holdfast.reads.tiles import full_tiles, log_stretch


async def tile_hashes(reader: Reader, wanted: Collection[Tile]) -> dict[Tile, bytes]:
    """The hashes of tiles that the log has. What is not full is made of what is below it: at level 0 of leaves, above
    of full tiles, each of which is one hash. Two queries at most for one tree size: only one tile of level 0 is not
    full."""
    below = {tile: _children(tile) for tile in wanted if tile.width < TILE_WIDTH and tile.level > 0}
    asked = {(tile.level, tile.index) for tile in wanted if tile.width == TILE_WIDTH}
    asked.update(child for children in below.values() for child in children)
    stored = await full_tiles(reader, asked) if asked else {}
    found: dict[Tile, bytes] = {}
    for tile in wanted:
        if tile.width == TILE_WIDTH:
            found[tile] = stored[tile.level, tile.index]
        elif tile.level > 0:
            found[tile] = b"".join(root_of(split_hashes(stored[child])) for child in below[tile])
        else:
            first = tile.index * TILE_WIDTH
            found[tile] = b"".join(item.leaf for item in await log_stretch(reader, first, first + tile.width))
    return found


async def proof_hashes(reader: Reader, index: int, size: int) -> list[bytes]:
    """The inclusion proof of an entry in the tree of `size`. Two queries."""
    needed: dict[tuple[int, int], Tile] = {}

    def note(tile: Tile) -> bytes:
        known = needed.get((tile.level, tile.index))
        if known is None or known.width < tile.width:
            needed[tile.level, tile.index] = tile
        return bytes(tile.width * HASH_BYTES)

    inclusion_proof(index, size, hashes_from_tiles(note))
    wanted = {place: stored(tile, size) for place, tile in needed.items()}
    found = await tile_hashes(reader, list(wanted.values()))
    return inclusion_proof(index, size, hashes_from_tiles(lambda tile: found[wanted[tile.level, tile.index]]))


def stored(tile: Tile, size: int) -> Tile:
    """The tile whole, where the tree of that size has all of it."""
    full = Tile(tile.level, tile.index)
    return full if is_within(full, size) else tile


def _children(tile: Tile) -> list[tuple[int, int]]:
    first = tile.index * TILE_WIDTH
    return [(tile.level - 1, child) for child in range(first, first + tile.width)]
