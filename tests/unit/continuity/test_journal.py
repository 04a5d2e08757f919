"""The node's journal: what was received is there after a restart, until it is settled or withdrawn."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.continuity.journal import Journal
from holdfast.continuity.journal_errors import JournalDamaged, JournalError, JournalFailed, JournalLocked

KEY = bytes(range(32))
CELL = "0198c5c5-0000-7000-8000-000000000001"
Open = Callable[..., Journal]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def open_journal(folder: Path) -> Iterator[Open]:
    """Opens the test's journal, again after closing it; closes what is left open."""
    opened: list[Journal] = []

    def reopen(max_bytes: int = 1 << 24, segment_bytes: int = 1 << 20, key: bytes = KEY, cell: str = CELL) -> Journal:
        for journal in opened:
            journal.close()
        opened.append(Journal.open(folder, key, cell, max_bytes, segment_bytes))
        return opened[-1]

    yield reopen
    for journal in opened:
        journal.close()


def segment_fd(folder: Path) -> int:
    """The descriptor by which this process writes to the newest segment."""
    newest = str(max(folder.glob("*.seg")))
    return next(int(fd.name) for fd in Path("/proc/self/fd").iterdir() if fd.exists() and str(fd.readlink()) == newest)


def test_what_was_received_waits_in_order_after_a_restart(open_journal: Open) -> None:
    journal = open_journal()
    assert list(journal.append_received([b"one", b"two"])) == [1, 2]
    assert list(journal.append_received([b"three"])) == [3]
    assert open_journal().pending() == [(1, b"one"), (2, b"two"), (3, b"three")]


def test_what_is_settled_waits_no_more_and_what_is_withdrawn_waits_for_its_outcome(open_journal: Open) -> None:
    journal = open_journal()
    journal.append_received([b"one", b"two", b"three", b"four"])
    journal.append_settled([(1, b"accepted"), (3, b"refused")])
    journal.append_withdrawn(2)
    assert journal.pending() == [(2, b"two"), (4, b"four")]
    journal = open_journal()
    assert journal.pending() == [(2, b"two"), (4, b"four")]
    assert (journal.withdrawn(2), journal.withdrawn(4), journal.withdrawn(1)) == (True, False, False)
    assert len(journal) == 2
    journal.append_settled([(2, b"withdrawn")])
    assert not journal.withdrawn(2)
    assert list(journal.settled_payloads()) == [b"accepted", b"refused", b"withdrawn"]


def test_what_is_settled_twice_is_settled_once(open_journal: Open) -> None:
    journal = open_journal()
    journal.append_received([b"one", b"two"])
    journal.append_settled([(1, b"accepted")])
    journal.append_settled([(1, b"accepted")], sync=True)
    assert open_journal().pending() == [(2, b"two")]


def test_sequence_numbers_go_on_after_a_restart(open_journal: Open) -> None:
    open_journal().append_received([b"one", b"two"])
    assert list(open_journal().append_received([b"three"])) == [3]
    open_journal().append_settled([(1, b""), (2, b""), (3, b"")])
    assert list(open_journal().append_received([b"four"])) == [4]


def test_segments_follow_each_other_without_a_loss(open_journal: Open, folder: Path) -> None:
    journal = open_journal(segment_bytes=1000)
    for number in range(40):
        journal.append_received([b"%d" % number * 50])
        journal.append_settled([(number + 1, b"outcome %d" % number)] if number % 2 else [])
    assert len(list(folder.glob("*.seg"))) > 5
    journal = open_journal(segment_bytes=1000)
    assert journal.pending() == [(number + 1, b"%d" % number * 50) for number in range(0, 40, 2)]
    assert list(journal.settled_payloads()) == [b"outcome %d" % number for number in range(1, 40, 2)]


@given(
    st.lists(
        st.lists(st.binary(max_size=300), min_size=1, max_size=5)
        | st.lists(st.integers(0, 20), max_size=4).map(tuple)
        | st.integers(0, 20)
        | st.none(),
        max_size=25,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_gives_the_same_pending_before_and_after_restarts(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[bytes] | tuple[int, ...] | int | None]
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    journal = Journal.open(folder, KEY, CELL, 1 << 20, 1000)
    waiting: dict[int, bytes] = {}
    for step in history:
        if isinstance(step, list):
            waiting.update(zip(journal.append_received(step), step, strict=True))
        elif isinstance(step, tuple):
            journal.append_settled([(sequence, b"settled") for sequence in step])
            waiting = {sequence: envelope for sequence, envelope in waiting.items() if sequence not in step}
        elif step is not None:
            journal.append_withdrawn(step)
            assert journal.withdrawn(step) == (step in waiting)
        else:
            journal.close()
            journal = Journal.open(folder, KEY, CELL, 1 << 20, 1000)
        assert journal.pending() == list(waiting.items())
    journal.close()


def test_threads_that_receive_and_settle_at_once_lose_nothing(open_journal: Open) -> None:
    journal = open_journal(segment_bytes=4000)
    failures: list[Exception] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 50):
                sequences = journal.append_received([b"%d" % number] * 3)
                journal.append_settled([(sequences[0], b"outcome")])
                journal.append_withdrawn(sequences[1])
                journal.append_settled([(sequences[1], b"withdrawn")])
        except (JournalError, AssertionError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    pending = open_journal(segment_bytes=4000).pending()
    assert sorted(int(envelope) for _, envelope in pending) == [
        first + number for first in (0, 1000, 2000) for number in range(50)
    ]


def test_only_the_owner_can_read_the_journal(open_journal: Open, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    open_journal().append_received([b"one"])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_nothing_of_an_envelope_is_on_disk_in_clear(open_journal: Open, folder: Path) -> None:
    journal = open_journal()
    journal.append_received([b"Rua das Flores 12, Porto"])
    journal.append_settled([(1, b"Rua das Flores 12, Porto")], sync=True)
    assert all(b"Flores" not in path.read_bytes() for path in folder.iterdir())


def test_a_journal_is_open_in_one_place_only(open_journal: Open, folder: Path) -> None:
    open_journal()
    with pytest.raises(JournalLocked):
        Journal.open(folder, KEY, CELL, 1 << 20)


def test_another_key_or_cell_does_not_open_it(open_journal: Open) -> None:
    open_journal().append_received([b"one"])
    with pytest.raises(JournalDamaged, match="not written here by this cell with this key"):
        open_journal(key=bytes(32))
    with pytest.raises(JournalDamaged, match="belongs to another cell"):
        open_journal(cell="another")
    assert open_journal().pending() == [(1, b"one")]


def test_a_closed_journal_takes_nothing(open_journal: Open) -> None:
    journal = open_journal()
    journal.close()
    journal.close()
    with pytest.raises(JournalFailed, match="closed"):
        journal.append_received([b"one"])


def test_after_a_failed_fsync_nothing_is_taken_though_a_second_one_would_succeed(
    open_journal: Open, folder: Path
) -> None:
    journal = open_journal()
    journal.append_received([b"one"])
    fd = segment_fd(folder)
    whole = os.dup(fd)
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, fd)  # takes every write; fdatasync gives EINVAL
    with pytest.raises(JournalFailed, match="fdatasync"):
        journal.append_received([b"two"])
    os.dup2(whole, fd)
    for refused in (
        lambda: journal.append_received([b"three"]),
        lambda: journal.append_settled([(1, b"")]),
        lambda: journal.append_withdrawn(1),
    ):
        with pytest.raises(JournalFailed):
            refused()
    assert journal.failed is not None
    os.close(whole)
    os.close(null)
    assert open_journal().pending() == [(1, b"one")]


def test_a_failed_write_stops_intake(open_journal: Open, folder: Path) -> None:
    journal = open_journal()
    journal.append_received([b"one"])
    pipe_read, pipe_write = os.pipe()
    os.dup2(pipe_write, segment_fd(folder))  # no place to write at in a pipe: ESPIPE
    with pytest.raises(JournalFailed):
        journal.append_received([b"two"])
    assert journal.failed is not None
    os.close(pipe_read)
    os.close(pipe_write)
    assert open_journal().pending() == [(1, b"one")]
