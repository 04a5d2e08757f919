"""The public log of a running node, checked with nothing but what it publishes."""

from holdfast.log.checkpoint import Checkpoint, verify_checkpoint
from holdfast.log.merkle import leaf_hash, root_of, split_hashes
from holdfast.log.note import decode64
from holdfast.log.tiles import ENTRIES, TILE_WIDTH, Tile, parse_bundle
from support.node import Node
from support.people import Person, crowd
from support.until import until


def _checkpoint(reader: Person) -> Checkpoint:
    name, _, key = reader.get("/log/key").text.strip().split("+", 2)
    public_key = decode64(key)
    assert public_key is not None
    return verify_checkpoint(reader.get("/log/checkpoint").text, name, public_key[1:])


def _tiles(reader: Person, level: int, size: int) -> list[bytes]:
    """Every tile or bundle of a level, the last one as wide as the log was."""
    widths = [TILE_WIDTH] * (size // TILE_WIDTH) + [size % TILE_WIDTH] * bool(size % TILE_WIDTH)
    answers = [reader.get(f"/log/{Tile(level, index, width).path}") for index, width in enumerate(widths)]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content for answer in answers]


def test_tiles_and_entries_recompute_to_the_root_of_the_signed_checkpoint(node: Node) -> None:
    reader = Person(node)
    crowd(node, TILE_WIDTH)
    checkpoint = until(lambda: (it := _checkpoint(reader)).size > TILE_WIDTH and it, "more than a tile is signed")
    assert checkpoint
    leaves = [leaf for tile in _tiles(reader, 0, checkpoint.size) for leaf in split_hashes(tile)]
    assert (len(leaves), root_of(leaves)) == (checkpoint.size, checkpoint.root)
    entries = [entry for bundle in _tiles(reader, ENTRIES, checkpoint.size) for entry in parse_bundle(bundle)]
    assert [leaf_hash(entry) for entry in entries] == leaves
    above = [hash_ for tile in _tiles(reader, 1, checkpoint.size // TILE_WIDTH) for hash_ in split_hashes(tile)]
    assert above == [root_of(leaves[at : at + TILE_WIDTH]) for at in range(0, len(above) * TILE_WIDTH, TILE_WIDTH)]


def test_no_tile_reaches_beyond_the_newest_checkpoint(node: Node) -> None:
    reader = Person(node)
    beyond = Tile(0, _checkpoint(reader).size // TILE_WIDTH + 2)
    assert reader.get(f"/log/{beyond.path}").status_code == 404
