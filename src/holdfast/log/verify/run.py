"""The whole of verify: what is read in which order, and what runs beside what."""

import contextlib
import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import msgspec

from holdfast.domain.events import CellFounded, Recorded
from holdfast.domain.store import Rows
from holdfast.log.checkpoint import origin_of
from holdfast.log.merkle import HASH_BYTES
from holdfast.log.note import decode64
from holdfast.log.verify.bookings import check_claims, check_histories, check_overlaps, check_prices
from holdfast.log.verify.checkpoints import Signed
from holdfast.log.verify.ledger import Progress, check_ledger
from holdfast.log.verify.replay import check_salts, replay
from holdfast.log.verify.report import ALL, Findings, Report
from holdfast.log.verify.reviews import check_ratings, check_reviews
from holdfast.log.verify.sealed import check_vault
from holdfast.log.verify.snapshot import Snapshot, snapshot
from holdfast.log.verify.tables import check_cell

APART_FROM = 50_000
"""From so many entries on, the log is hashed in a process of its own, beside the replay."""

RECOUNTS: dict[int, Callable[[Rows, Findings], None]] = {
    1: check_overlaps,
    2: check_claims,
    3: check_histories,
    4: check_prices,
    5: check_reviews,
    6: check_ratings,
}
"""By the invariant's number."""

NO_CELL = "00000000-0000-0000-0000-000000000000"
ENDLESS = 2**62


def verify(
    url: str,
    public_key: bytes | None = None,
    remembered: str | None = None,
    *,
    only: frozenset[int] = ALL,
    progress: Progress = lambda _what, _done, _of: None,
    apart_from: int = APART_FROM,
) -> Report:
    """Checks a live cell in one snapshot, reading as a role that may SELECT everything; writes nothing.

    public_key (32 bytes) is the log's, known from outside the database; without it the log's own word is taken.
    remembered: the newest checkpoint that the caller has seen, as a note. Raises psycopg.Error where the database
    cannot be read to its end.
    """
    began = time.monotonic()
    findings = Findings(only)
    with _without_collector(), snapshot(url) as reading:
        founded = _genesis(reading)
        signed = _signed(founded, public_key, remembered, findings)
        head = reading.rows("head")
        size = head[0][0] if head else ENDLESS
        with _hashing(url, reading, signed, only, progress, size >= apart_from and bool(head)) as hashed:
            _check_rows(reading, size, findings, progress)
            log_findings, log_size, root = hashed()
    findings.take(log_findings)
    return Report(
        cell=founded.cell if founded else NO_CELL,
        size=log_size,
        root=root,
        key="log" if public_key is None else "given",
        checked={number: findings.checked[number] for number in sorted(only)},
        findings=sorted(findings.list),
        seconds=round(time.monotonic() - began, 3),
    )


Hashed = tuple[Findings, int, str]
"""What the log's own part found, its size, its root in hex."""


@contextlib.contextmanager
def _hashing(
    url: str, reading: Snapshot, signed: Signed, only: frozenset[int], progress: Progress, apart: bool
) -> Iterator[Callable[[], Hashed]]:
    """Gives a function that waits for the log's part, which has run meanwhile if it is to run apart."""
    if not apart:
        yield lambda: _hash(reading, signed, only, progress)
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        future: Future[Hashed] = pool.submit(_hash_apart, url, reading.export(), signed, only)
        yield future.result


def _hash_apart(url: str, of: str, signed: Signed, only: frozenset[int]) -> Hashed:
    with _without_collector(), snapshot(url, of) as reading:
        return _hash(reading, signed, only, lambda _what, _done, _of: None)


def _hash(reading: Snapshot, signed: Signed, only: frozenset[int], progress: Progress) -> Hashed:
    findings = Findings(only)
    tree = check_ledger(reading, signed, findings, progress)
    return findings, tree.size, tree.root().hex()


def _check_rows(reading: Snapshot, size: int, findings: Findings, progress: Progress) -> None:
    """Everything but the log's hashes. The tables come before the recounts, which are of the rows as found."""
    replayed = replay(reading, size, findings, progress)
    check_cell(reading, replayed.rows, findings, progress)
    check_vault(reading, replayed.seals, findings, progress)
    for number, check in RECOUNTS.items():
        progress("recounts", number, len(RECOUNTS))
        try:
            check(replayed.rows, findings)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            findings.add(
                number, "cell", "", f"cannot be recounted: rows changed by SQL are beyond every rule ({error})"
            )
    check_salts(reading, findings)
    for table, sentence in reading.rows("rights"):
        findings.add(11, f"ledger.{table}", "the table", sentence)
    findings.count(11, len(reading.rows("rights")))


def _genesis(reading: Snapshot) -> CellFounded | None:
    """The event that founded the cell, if the log still begins with it."""
    for (body,) in reading.rows("genesis"):
        with contextlib.suppress(msgspec.DecodeError):
            event = msgspec.json.decode(body, type=Recorded).event
            return event if isinstance(event, CellFounded) else None
    return None


def _signed(
    founded: CellFounded | None, public_key: bytes | None, remembered: str | None, findings: Findings
) -> Signed:
    """Whose signatures count. Says where the log names another key than the caller knows."""
    named = decode64(founded.public_key) if founded else None
    if named is not None and len(named) != HASH_BYTES:
        named = None
    if founded and public_key is not None and named != public_key:
        findings.add(8, "ledger.opening", 0, "body: the cell's public_key is not the key of this cell's secrets")
    return Signed(origin_of(founded.cell if founded else NO_CELL), public_key or named, remembered)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of rows in memory hold no cycles; Python's collector would walk them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
