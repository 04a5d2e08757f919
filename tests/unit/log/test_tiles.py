"""Tiles and entry bundles as c2sp.org/tlog-tiles lays them out."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.log.faults import LogError, LogFault
from holdfast.log.merkle import (
    HashAt,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from holdfast.log.tiles import (
    ENTRIES,
    TILE_WIDTH,
    Tile,
    completed_tiles,
    format_bundle,
    hashes_from_tiles,
    is_within,
    parse_bundle,
    parse_tile_path,
    partial_tiles,
)

LEAVES = [leaf_hash(number.to_bytes(4)) for number in range(2 * 65536 + 700)]
tiles = st.builds(Tile, st.integers(ENTRIES, 63), st.integers(0, 10**12), st.integers(1, TILE_WIDTH))


def tiles_of(size: int) -> dict[Tile, bytes]:
    """Every tile of a tree, built level by level from the definition: a tile above holds the roots of full ones."""
    stored: dict[Tile, bytes] = {}
    level, hashes = 0, LEAVES[:size]
    while hashes:
        above = []
        for at in range(0, len(hashes), TILE_WIDTH):
            chunk = hashes[at : at + TILE_WIDTH]
            stored[Tile(level, at // TILE_WIDTH, len(chunk))] = b"".join(chunk)
            if len(chunk) == TILE_WIDTH:
                above.append(root_of(chunk))
        level, hashes = level + 1, above
    return stored


SIZE = 2 * 65536 + 600
STORED = tiles_of(SIZE)
ROOT = root_of(LEAVES[:SIZE])
BY_PLACE = {(tile.level, tile.index): content for tile, content in STORED.items()}


@pytest.fixture(scope="module")
def hash_at() -> HashAt:
    return hashes_from_tiles(lambda tile: BY_PLACE[tile.level, tile.index])


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(2, 0, 1), "tile/2/000.p/1"),
        (Tile(ENTRIES, 273, 112), "tile/entries/273.p/112"),
        (Tile(ENTRIES, 1234), "tile/entries/x001/234"),
    ],
)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile_path(path) == tile


@given(tiles)
def test_a_path_leads_back_to_its_tile(tile: Tile) -> None:
    assert parse_tile_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/1",
        "tile/00/001",
        "tile/64/001",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/300",
        "tile/0/001.p/07",
        "tile/-1/001",
        "tile/data/001",
        "tile/0/../001",
        "tile/0/001\n",
        "tile/0/٠٠١",
    ],
)
def test_another_spelling_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(LogError) as refused:
        parse_tile_path(path)
    assert refused.value.fault is LogFault.tile_path_malformed


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    assert [(tile.level, tile.width) for tile in partial_tiles(70_000)] == [(0, 112), (1, 17), (2, 1)]
    full = list(completed_tiles(0, 70_000))
    assert [sum(tile.level == level for tile in full) for level in (0, 1, 2)] == [273, 1, 0]


def test_a_tree_of_256_has_one_full_tile_and_a_partial_one_above() -> None:
    assert list(completed_tiles(0, 256)) == [Tile(0, 0)]
    assert list(partial_tiles(256)) == [Tile(1, 0, 1)]


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65535, 65536, 65537, SIZE])
def test_full_and_partial_tiles_together_are_the_whole_tree(size: int) -> None:
    assert {*completed_tiles(0, size), *partial_tiles(size)} == set(tiles_of(size))


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=6))
def test_growth_in_steps_completes_each_tile_once(stops: list[int]) -> None:
    stops.sort()
    stepwise = [tile for old, new in itertools.pairwise(stops) for tile in completed_tiles(old, new)]
    assert sorted(stepwise) == sorted(completed_tiles(stops[0], stops[-1]))


@pytest.mark.parametrize("size", [1, 256, 300, 70_000])
def test_only_what_the_tree_has_is_served(size: int) -> None:
    for tile in (*completed_tiles(0, size), *partial_tiles(size)):
        assert is_within(tile, size)
        assert tile.width == TILE_WIDTH or not is_within(Tile(tile.level, tile.index, tile.width + 1), size)
    assert not is_within(Tile(ENTRIES, size // TILE_WIDTH, size % TILE_WIDTH + 1), size)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 65535, 65536, 65537, 70_000, SIZE - 1, SIZE])
def test_proofs_are_built_from_tiles(hash_at: HashAt, size: int) -> None:
    root = root_of(LEAVES[:size])
    for index in {0, 1, 255, 256, 65535, 65536, size // 2, size - 1} & set(range(size)):
        assert verify_inclusion(LEAVES[index], index, size, inclusion_proof(index, size, hash_at), root)
    assert verify_consistency(size, SIZE, root, ROOT, consistency_proof(size, SIZE, hash_at))


@given(st.lists(st.binary(max_size=40), max_size=300))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert parse_bundle(format_bundle(entries)) == entries


@pytest.mark.parametrize("cut", [1, 2, 20, 35])
def test_a_bundle_cut_short_is_refused(cut: int) -> None:
    bundle = format_bundle([bytes(32), bytes(32)])
    assert len(bundle) == 68
    with pytest.raises(LogError) as refused:
        parse_bundle(bundle[:cut])
    assert refused.value.fault is LogFault.bundle_malformed
