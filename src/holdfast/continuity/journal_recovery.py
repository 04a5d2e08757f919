"""What happens before a journal takes anything: lock the folder, read every record, take off a torn tail."""

import fcntl
import os
from pathlib import Path

from holdfast.continuity.journal_errors import JournalDamaged, JournalLocked
from holdfast.continuity.journal_index import JournalIndex
from holdfast.continuity.segments import HEADER_BYTES, Place, Segment, create_segment, load_segments


def lock_folder(folder: Path) -> int:
    """Make the folder (0700) if need be and lock it; the descriptor holds the lock. Raises JournalLocked, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise JournalLocked(f"{folder} is open in another process") from None
    return descriptor


def recover(place: Place) -> tuple[list[Segment], JournalIndex]:
    """The segments, the last of them open for appending, and what their records add up to.

    Nothing is changed before all is read. Raises JournalDamaged, OSError.
    """
    segments = load_segments(place)
    if not segments:
        return [create_segment(place, number=1, first_sequence=1, previous_end=0)], JournalIndex(1)
    index = JournalIndex(segments[0].first_sequence)
    end_before = segments[0].previous_end
    for segment in segments:
        if (segment.previous_end, segment.first_sequence) != (end_before, index.next_sequence):
            raise JournalDamaged(segment.path, HEADER_BYTES, "records are missing at the end of the segment before")
        for record in segment.recover(is_last=segment is segments[-1]):
            index.follow(record.payload, segment.number)
        end_before = segment.end
    segments[-1].open_for_append()
    segments[-1].cut_torn_tail()
    return segments, index
