"""The tree as verify builds it again: tiles as they fill, and the root at any size on the way."""

from holdfast.log.merkle import Frontier
from holdfast.log.tiles import TILE_WIDTH


class Tree:
    """A Merkle tree in two storeys: the leaves of the tile that is not full yet, above the roots of the full ones.

    The roots of full tiles are the leaves of a Merkle tree themselves, so no node is hashed twice for the tiles' sake.
    """

    def __init__(self) -> None:
        self.size = 0
        self.tiles: dict[tuple[int, int], bytes] = {}
        """(level, index) → 256 hashes, for every full tile."""
        self._leaves: list[bytes] = []
        self._levels: list[list[bytes]] = []
        self._full = Frontier()

    def append(self, leaf: bytes) -> None:
        """Adds one leaf hash."""
        self._leaves.append(leaf)
        self.size += 1
        if len(self._leaves) == TILE_WIDTH:
            self._fill(0, self._leaves)
            self._leaves = []

    def frontier(self) -> Frontier:
        """The right edge as it is now."""
        part = Frontier()
        part.extend(self._leaves)
        return Frontier(self.size, self._full.edge + part.edge)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return self.frontier().root()

    def _fill(self, level: int, hashes: list[bytes]) -> None:
        frontier = Frontier()
        frontier.extend(hashes)
        root = frontier.root()
        if level == 0:
            self._full.append(root)
        self.tiles[level, (self.size >> 8 * (level + 1)) - 1] = b"".join(hashes)
        if level == len(self._levels):
            self._levels.append([])
        above = self._levels[level]
        above.append(root)
        if len(above) == TILE_WIDTH:
            self._levels[level] = []
            self._fill(level + 1, above)
