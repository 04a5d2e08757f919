"""The Merkle tree of RFC 6962, section 2.1: hashes, the right edge that grows, and proofs.

A complete subtree is named (level, index): it covers the 2**level leaves from index * 2**level on. Proofs are built
from a callback that gives the hash of a complete subtree, so that they can be fed from tiles as well as from leaves.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Self

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

HashAt = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry), RFC 6962 section 2.1."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: the roots of its complete subtrees, largest first; all that appending needs.

    `size` counts leaves; `edge` is those roots one after the other, one for each bit that is set in `size`.
    """

    __slots__ = ("_roots", "_size")

    def __init__(self, size: int = 0, edge: bytes = b"") -> None:
        """Raises ValueError for an edge that does not belong to a tree of this size."""
        if size < 0 or len(edge) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"an edge of {len(edge)} bytes is none of a tree of {size} leaves")
        self._size = size
        self._roots = split_hashes(edge)

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    @property
    def edge(self) -> bytes:
        """The edge as bytes, for `Frontier(size, edge)` to take up again."""
        return b"".join(self._roots)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; on average one node is hashed."""
        roots, size = self._roots, self._size
        while size & 1:
            leaf = sha256(b"\x01" + roots.pop() + leaf).digest()
            size >>= 1
        roots.append(leaf)
        self._size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far; SHA-256 of nothing for none."""
        return _fold(self._roots)

    def copy(self) -> Self:
        """A frontier of its own: what is appended to it does not show in this one."""
        return type(self)(self._size, self.edge)


def split_hashes(joined: bytes) -> list[bytes]:
    """Hashes out of their concatenation, as a tile or an edge is stored."""
    return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def inclusion_proof(index: int, size: int, hash_at: HashAt) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1: from the leaf's sibling to the root's child."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, hash_at))
            end = middle
        else:
            path.append(_range_hash(start, middle, hash_at))
            start = middle
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from a leaf hash to the root; RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, last, rest = index, size - 1, iter(proof)
    running = leaf
    while last:
        if at & 1 or at < last:
            sibling = next(rest, None)
            if sibling is None:
                return False
            running = node_hash(sibling, running) if at & 1 else node_hash(running, sibling)
        at >>= 1
        last >>= 1
    return next(rest, None) is None and running == root


def consistency_proof(old: int, new: int, hash_at: HashAt) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty where there is nothing to prove (old is 0 or new)."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not extend one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end = 0, new
    while end != old:
        middle = start + _left_size(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, hash_at))
            end = middle
        else:
            path.append(_range_hash(start, middle, hash_at))
            start = middle
    if start:
        path.append(_range_hash(start, end, hash_at))
    path.reverse()
    return path


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves extends that of `old`; RFC 9162 section 2.1.4.2.

    The empty tree is extended by every tree, and a tree by itself, each with an empty proof.
    """
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    hashes = iter(proof if old & (old - 1) else [old_root, *proof])
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    running_old = running_new = next(hashes, b"")
    for sibling in hashes:
        if not last:
            return False
        if at & 1 or at == last:
            running_old, running_new = node_hash(sibling, running_old), node_hash(sibling, running_new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            running_new = node_hash(running_new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and running_old == old_root and running_new == new_root


def complete_subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The largest complete subtrees (level, index), left to right, that cover the leaves [start, end)."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def _range_hash(start: int, end: int, hash_at: HashAt) -> bytes:
    return _fold([hash_at(level, index) for level, index in complete_subtrees(start, end)])


def _fold(roots: Sequence[bytes]) -> bytes:
    if not roots:
        return EMPTY_ROOT
    running = roots[-1]
    for root in reversed(roots[:-1]):
        running = node_hash(root, running)
    return running


def _left_size(count: int) -> int:
    """The largest power of two below count (RFC 6962's k)."""
    return 1 << ((count - 1).bit_length() - 1)
