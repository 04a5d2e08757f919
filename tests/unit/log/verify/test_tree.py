"""The tree that verify builds again is the log's own, tiles and all."""

import pytest

from holdfast.log.merkle import Frontier, leaf_hash, root_of, split_hashes
from holdfast.log.tiles import completed_tiles
from holdfast.log.verify.tree import Tree


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 1000, 65_536, 66_049])
def test_root_edge_and_tiles_are_those_of_the_log(size: int) -> None:
    leaves = [leaf_hash(n.to_bytes(4)) for n in range(size)]
    tree, frontier = Tree(), Frontier()
    for leaf in leaves:
        tree.append(leaf)
    frontier.extend(leaves)
    assert (tree.root(), tree.frontier().edge) == (frontier.root(), frontier.edge)
    assert sorted(tree.tiles) == sorted((tile.level, tile.index) for tile in completed_tiles(0, size))
    for (level, index), hashes in tree.tiles.items():
        below = leaves[index * 256 : (index + 1) * 256] if level == 0 else [
            root_of(split_hashes(tree.tiles[level - 1, index * 256 + n])) for n in range(256)
        ]  # fmt: skip
        assert hashes == b"".join(below)
