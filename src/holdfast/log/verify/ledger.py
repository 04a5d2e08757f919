"""Invariants 8 and 10: the log from its first entry to its head, hashed again; and the outcomes that it commits to."""

from collections.abc import Callable
from hashlib import sha256

import msgspec

from holdfast.domain.instants import Instant
from holdfast.log.merkle import EMPTY_ROOT, leaf_hash
from holdfast.log.verify.checkpoints import Marks, Signed, check_checkpoints, signed_sizes
from holdfast.log.verify.outcomes import Batches, check_keys
from holdfast.log.verify.report import Findings
from holdfast.log.verify.snapshot import Snapshot, Values
from holdfast.log.verify.tree import Tree

EPOCH = 1
RULES_VERSION = 1
NO_LEAF = bytes(32)
"""Stands where neither entry nor opening is left: what was there cannot be known, and every later root shows it."""

PROGRESS_EVERY = 10_000

Progress = Callable[[str, int, int], None]
"""Told what is being done, how far it is, and of how much."""


class Header(msgspec.Struct, frozen=True):
    """What invariant 10 needs of an event: see events.Recorded."""

    at: Instant
    by: str
    key: str
    event: msgspec.Raw


_header = msgspec.json.Decoder(Header).decode


def check_ledger(reading: Snapshot, signed: Signed, findings: Findings, progress: Progress) -> Tree:
    """Holds all of schema ledger against itself and its signatures; returns the tree over what was there."""
    heads = reading.rows("head")
    head = heads[0] if heads else None
    size = head[0] if head else 0
    if head is None:
        findings.add(8, "ledger.head", 1, "the row is missing: the log has no head")
    for other in heads[1:]:
        findings.add(8, "ledger.head", other[-1], "a log has one head")
    batches = Batches(reading.stream("outcomes"), findings)
    tree, marks, last_at = _walk(reading, size if head else None, signed, batches, findings, progress)
    batches.finish()
    check_keys(reading, findings)
    if head is not None:
        _check_head(head, tree, last_at, findings)
    check_checkpoints(reading, signed, marks, tree.size, findings)
    _check_tiles(reading, tree, findings)
    return tree


def _walk(
    reading: Snapshot, size: int | None, signed: Signed, batches: Batches, findings: Findings, progress: Progress
) -> tuple[Tree, Marks, Instant]:
    """Every entry in order. Raises nothing: what is missing or wrong is found, and the walk goes on."""
    tree, marks = Tree(), {0: (EMPTY_ROOT, Instant(0))}
    wanted = signed_sizes(reading, signed)
    last_at = Instant(0)
    for seq, entry, leaf, salt, body in reading.stream("entries"):
        if size is not None and seq >= size:
            _beyond(seq, entry, salt, findings)
            continue
        if seq != tree.size:
            _gap(tree, seq, findings)
        true_leaf = sha256(b"\0" + sha256(salt + body).digest()).digest() if body is not None else None
        if true_leaf is None or true_leaf != leaf or leaf_hash(entry) != leaf:
            true_leaf = _judge(seq, entry, leaf, true_leaf, findings)
        tree.append(true_leaf)
        if body is not None:
            last_at = _event(seq, body, last_at, batches, findings)
        if tree.size in wanted:
            marks[tree.size] = tree.root(), last_at
        if not seq % PROGRESS_EVERY:
            progress("the log", seq, size or 0)
    if size is not None and tree.size < size:
        _gap(tree, size, findings)
    findings.count(8, tree.size)
    return tree, marks, last_at


def _event(seq: int, body: bytes, last_at: Instant, batches: Batches, findings: Findings) -> Instant:
    try:
        header = _header(body)
    except msgspec.DecodeError:
        return last_at  # invariant 12 names it, from the same bytes
    if header.at < last_at:
        findings.add(8, "ledger.opening", seq, "its time is before that of the entry before it")
    batches.event(seq, header.at, header.by, header.key, body)
    return header.at


def _judge(seq: int, entry: bytes | None, leaf: bytes | None, opened: bytes | None, findings: Findings) -> bytes:
    """Says which of opening, entry and leaf does not fit the other two; the leaf that two of them agree on."""
    if entry is None or leaf is None:
        findings.add(8, "ledger.log", seq, "the row is missing; its opening is there")
        return opened or NO_LEAF
    if opened is None:
        findings.add(8, "ledger.opening", seq, "the row is missing; its entry is in the log")
        return leaf
    hashed = leaf_hash(entry)
    if opened == hashed:
        findings.add(8, "ledger.log", seq, "leaf is not the hash of entry, which its opening confirms")
        return opened
    if opened == leaf:
        findings.add(8, "ledger.log", seq, "entry does not hash to leaf, and its opening does")
        return opened
    findings.add(8, "ledger.opening", seq, "salt and body do not hash to the log's entry")
    if hashed != leaf:
        findings.add(8, "ledger.log", seq, "entry does not hash to leaf")
    return leaf


def _gap(tree: Tree, until: int, findings: Findings) -> None:
    first = tree.size
    what = str(first) if first + 1 == until else f"{first}…{until - 1}"
    for table in ("ledger.log", "ledger.opening"):
        findings.add(8, table, what, "missing: the log has a gap here")
    for _ in range(first, until):
        tree.append(NO_LEAF)


def _beyond(seq: int, entry: bytes | None, salt: bytes | None, findings: Findings) -> None:
    if entry is not None:
        findings.add(8, "ledger.log", seq, "the row lies beyond the log's head")
    if salt is not None:
        findings.add(8, "ledger.opening", seq, "the row lies beyond the log's head")


def _check_head(head: Values, tree: Tree, last_at: Instant, findings: Findings) -> None:
    findings.count(8, 1)
    expected = (tree.size, tree.frontier().edge, last_at, EPOCH, RULES_VERSION, 1)
    columns = ("size", "edge", "at", "epoch", "rules_version", "id")
    for column, wanted, found in zip(columns, expected, head, strict=True):
        if wanted != found:
            shown = "differs from the tree's" if column == "edge" else f"{wanted} → {found}"
            findings.add(8, "ledger.head", 1, f"{column}: {shown}")


def _check_tiles(reading: Snapshot, tree: Tree, findings: Findings) -> None:
    missing = set(tree.tiles)
    findings.count(8, len(missing))
    for level, index, hashes in reading.stream("tiles"):
        wanted = tree.tiles.get((level, index))
        if wanted is None or (level, index) not in missing:
            findings.add(8, "ledger.tile", f"({level}, {index})", "the log has no such complete tile")
            continue
        missing.remove((level, index))
        if wanted != hashes:
            place = next(n for n in range(0, len(wanted), 32) if wanted[n : n + 32] != hashes[n : n + 32]) // 32
            findings.add(8, "ledger.tile", f"({level}, {index})", f"hashes: differ from the log's, first at {place}")
    for level, index in sorted(missing):
        findings.add(8, "ledger.tile", f"({level}, {index})", "missing")
