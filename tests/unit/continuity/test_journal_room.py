"""Fault 14, the journal's disk full: refused before an acknowledgement, clean when there is room. And its own bound."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from holdfast.continuity.journal import Journal
from holdfast.continuity.journal_errors import JournalFull

KEY = bytes(range(32))
CELL = "0198c5c5-0000-7000-8000-000000000001"
MAX_BYTES = 64_000
ENVELOPES = [b"x" * 100] * 5

# Fills the folder's disk up, makes room, and goes on; says what was acknowledged and what is pending afterwards.
FILL_AND_GO_ON = """
import sys
from pathlib import Path
from holdfast.continuity.journal import Journal
from holdfast.continuity.journal_errors import JournalFull

folder, make_room = Path(sys.argv[1]), sys.argv[2]
journal = Journal.open(folder, bytes(32), "cell", 1 << 30)
ballast = folder.parent / "ballast"
if make_room == "unlink":
    ballast.write_bytes(bytes(64 * 1024))
acknowledged = []

def receive(number):
    envelope = b"%d" % number * 1000
    acknowledged.extend((sequence, envelope) for sequence in journal.append_received([envelope]))

def fill(numbers):
    for number in numbers:
        size = journal.size_bytes
        try:
            receive(number)
        except JournalFull:
            assert journal.failed is None
            assert (folder / "00000001.seg").stat().st_size == journal.size_bytes == size
            return
    raise AssertionError("never full")

if make_room == "rlimit":
    import resource
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_001, hard))
fill(range(1000))
if make_room == "rlimit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
else:
    ballast.unlink()
receive(2000)
journal.append_settled([(1, b"outcome")])
journal.close()
journal = Journal.open(folder, bytes(32), "cell", 1 << 30)
assert journal.pending() == acknowledged[1:]
print(len(acknowledged))
"""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal", KEY, CELL, MAX_BYTES)
    yield journal
    journal.close()


def until_full(take: Callable[[], Iterable[int]]) -> list[int]:
    taken: list[int] = []
    try:
        while True:
            taken.extend(take())
    except JournalFull:
        return taken


def fill(journal: Journal, urgent: bool = False) -> list[int]:
    return until_full(lambda: journal.append_received(ENVELOPES, urgent=urgent))


def fill_and_settle(journal: Journal) -> list[int]:
    def take() -> range:
        sequences = journal.append_received(ENVELOPES)
        journal.append_settled([(sequence, b"outcome") for sequence in sequences])
        return sequences

    return until_full(take)


def test_a_file_that_may_not_grow_is_full_and_goes_on_when_it_may(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILL_AND_GO_ON, str(tmp_path / "journal"), "rlimit"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_a_full_disk_refuses_and_is_clean_when_there_is_room(tmp_path: Path) -> None:
    unshare = [shutil.which("unshare") or "unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
        unshare = unshare[:1] + unshare[-1:]  # without user namespaces, only root may mount
    script = 'mount -t tmpfs -o size=256k tmpfs "$1" && exec "$2" -c "$3" "$1/journal" unlink'
    command = [*unshare, "sh", "-c", script, "sh", str(tmp_path), sys.executable, FILL_AND_GO_ON]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_the_last_of_the_room_is_kept_for_what_is_urgent(journal: Journal) -> None:
    fill(journal)
    assert journal.size_bytes <= MAX_BYTES * 0.95
    assert fill(journal, urgent=True)
    assert MAX_BYTES * 0.95 < journal.size_bytes <= MAX_BYTES


def test_a_full_journal_still_takes_what_settles_it(journal: Journal) -> None:
    taken = fill(journal, urgent=True)
    journal.append_withdrawn(taken[0])
    journal.append_settled([(sequence, b"outcome") for sequence in taken])
    assert journal.pending() == []


def test_the_oldest_settled_segments_make_room(journal: Journal, tmp_path: Path) -> None:
    for _ in range(300):
        journal.append_settled([(sequence, b"outcome") for sequence in journal.append_received(ENVELOPES)])
    assert journal.size_bytes <= MAX_BYTES
    assert not (tmp_path / "journal" / "00000001.seg").exists()
    waiting = journal.append_received(ENVELOPES)
    journal.close()
    journal = Journal.open(tmp_path / "journal", KEY, CELL, MAX_BYTES)
    assert [sequence for sequence, _ in journal.pending()] == list(waiting)
    assert list(journal.append_received([b"next"])) == [waiting.stop]
    journal.close()


def test_a_segment_in_which_one_command_waits_is_kept(journal: Journal, tmp_path: Path) -> None:
    first = journal.append_received(ENVELOPES)
    journal.append_settled([(sequence, b"outcome") for sequence in first[1:]])
    assert fill_and_settle(journal)
    assert journal.pending() == [(first[0], ENVELOPES[0])]
    assert (tmp_path / "journal" / "00000001.seg").exists()
    journal.append_settled([(first[0], b"outcome")])
    journal.append_received(ENVELOPES)


def test_a_journal_that_must_keep_what_heals_is_full_instead(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal", KEY, CELL, MAX_BYTES, drop_settled=False)
    assert fill_and_settle(journal)
    assert (tmp_path / "journal" / "00000001.seg").exists()
    journal.close()
