"""Fault 15, a journal torn at any byte of its tail: only what was never acknowledged may go. Damage is named."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.continuity.journal import Journal
from holdfast.continuity.journal_errors import JournalDamaged
from holdfast.continuity.segments import HEADER_BYTES

KEY = bytes(range(32))
CELL = "0198c5c5-0000-7000-8000-000000000001"
BATCHES = [[b"%d" % number * size, b"second of %d" % number] for number, size in enumerate((10, 700, 90, 1500, 40))]


def open_journal(folder: Path, verify: bool = True) -> Journal:
    return Journal.open(folder, KEY, CELL, 1 << 24, 1 << 20, verify=verify)


def pending_of(folder: Path, verify: bool = True) -> list[bytes]:
    journal = open_journal(folder, verify)
    try:
        return [envelope for _, envelope in journal.pending()]
    finally:
        journal.close()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """A journal of five received batches, and the offsets between which their records lie."""
    folder = tmp_path_factory.mktemp("original") / "journal"
    journal = open_journal(folder)
    ends = [HEADER_BYTES]
    for batch in BATCHES:
        journal.append_received(batch)
        ends.append(journal.size_bytes)
    journal.close()
    return folder, ends


@pytest.fixture
def copy(original: tuple[Path, list[int]], tmp_path: Path) -> Path:
    """The segment of a copy of that journal, to be harmed."""
    shutil.copytree(original[0], tmp_path / "journal")
    return tmp_path / "journal" / "00000001.seg"


def test_a_journal_cut_at_any_byte_loses_only_the_records_that_are_cut(
    original: tuple[Path, list[int]], copy: Path
) -> None:
    whole, ends = copy.read_bytes(), original[1]
    for cut in range(ends[2], len(whole)):
        copy.write_bytes(whole[:cut])
        kept = sum(end <= cut for end in ends[1:])
        expected = [envelope for batch in BATCHES[:kept] for envelope in batch]
        assert pending_of(copy.parent) == expected, cut
        assert copy.stat().st_size == ends[kept]


def test_after_a_cut_the_journal_goes_on(original: tuple[Path, list[int]], copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: original[1][-1] - 1])
    journal = open_journal(copy.parent)
    assert list(journal.append_received([b"after"])) == [9]
    journal.close()
    assert pending_of(copy.parent) == [envelope for batch in BATCHES[:4] for envelope in batch] + [b"after"]


def test_a_sector_of_the_last_record_that_never_reached_the_disk_is_a_torn_tail(
    original: tuple[Path, list[int]], copy: Path
) -> None:
    journal = open_journal(copy.parent)
    journal.append_received([b"x" * 3000])
    journal.close()
    whole, start = copy.read_bytes(), original[1][-1]
    for sector in range(start // 512, len(whole) // 512 + 1):
        lost_from, lost_to = max(sector * 512, start), min((sector + 1) * 512, len(whole))
        copy.write_bytes(whole[:lost_from] + bytes(lost_to - lost_from) + whole[lost_to:])
        assert pending_of(copy.parent) == [envelope for batch in BATCHES for envelope in batch]


def test_a_sector_lost_before_acknowledged_records_is_damage(original: tuple[Path, list[int]], copy: Path) -> None:
    whole, start = copy.read_bytes(), original[1][1]
    lost = (start // 512 + 1) * 512
    copy.write_bytes(whole[:lost] + bytes(512) + whole[lost + 512 :])
    with pytest.raises(JournalDamaged, match="acknowledged") as damaged:
        open_journal(copy.parent)
    assert (damaged.value.path, damaged.value.offset) == (copy, start)
    assert copy.stat().st_size == len(whole)


@given(data=st.data())
@settings(max_examples=400, deadline=None)
def test_every_flipped_bit_is_found_and_named_and_nothing_is_cut(
    original: tuple[Path, list[int]], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder, ends = tmp_path_factory.getbasetemp() / "flipped", original[1]
    shutil.copytree(original[0], folder, dirs_exist_ok=True)
    segment = folder / "00000001.seg"
    content = bytearray(segment.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    segment.write_bytes(content)
    with pytest.raises(JournalDamaged) as damaged:
        open_journal(folder)
    assert damaged.value.path == segment
    assert damaged.value.offset == max((end for end in ends if end <= at), default=0)
    assert segment.read_bytes() == content


def test_without_its_checks_the_journal_gives_back_what_was_never_received(copy: Path) -> None:
    """The negative control: the same flipped bit, with the guard and without it."""
    content = bytearray(copy.read_bytes())
    content[HEADER_BYTES + 40] ^= 1
    copy.write_bytes(content)
    with pytest.raises(JournalDamaged, match="checksum"):
        open_journal(copy.parent)
    changed = pending_of(copy.parent, verify=False)
    assert len(changed) == 10
    assert changed[0] != BATCHES[0][0]
    assert changed[1:] == [envelope for batch in BATCHES for envelope in batch][1:]


def test_a_record_cannot_be_moved_within_its_segment(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.append_received([b"same size a"])
    middle = journal.size_bytes
    journal.append_received([b"same size b"])
    journal.close()
    segment = tmp_path / "00000001.seg"
    whole = segment.read_bytes()
    segment.write_bytes(whole[:HEADER_BYTES] + whole[middle:] + whole[HEADER_BYTES:middle])
    with pytest.raises(JournalDamaged, match="not written here"):
        open_journal(tmp_path)


@pytest.fixture
def three_segments(tmp_path: Path) -> list[Path]:
    journal = Journal.open(tmp_path, KEY, CELL, 1 << 20, 500)
    while len(list(tmp_path.glob("*.seg"))) < 3:
        journal.append_received([b"x" * 100])
    journal.close()
    return sorted(tmp_path.glob("*.seg"))


def test_a_torn_record_in_an_earlier_segment_is_damage(three_segments: list[Path]) -> None:
    first = three_segments[0]
    first.write_bytes(first.read_bytes()[:-1])
    with pytest.raises(JournalDamaged) as damaged:
        open_journal(first.parent)
    assert damaged.value.path == first


def test_whole_records_cut_off_an_earlier_segment_are_missed(three_segments: list[Path]) -> None:
    first = three_segments[0]
    first.write_bytes(first.read_bytes()[:HEADER_BYTES])
    with pytest.raises(JournalDamaged, match="records are missing") as damaged:
        open_journal(first.parent)
    assert damaged.value.path == three_segments[1]


def test_a_missing_or_renamed_segment_is_named(three_segments: list[Path]) -> None:
    three_segments[1].rename(three_segments[1].with_suffix(".away"))
    with pytest.raises(JournalDamaged, match="segment 2 is missing"):
        open_journal(three_segments[0].parent)
    three_segments[2].rename(three_segments[1])
    with pytest.raises(JournalDamaged, match="not what its name says"):
        open_journal(three_segments[0].parent)


def test_a_segment_whose_creation_was_cut_short_is_no_segment(three_segments: list[Path]) -> None:
    folder = three_segments[0].parent
    (folder / "00000004.new").write_bytes(b"HOLDF")
    open_journal(folder).close()
    assert not list(folder.glob("*.new"))
