"""The node's journal: commands as received, and, once settled, what became of them, on the node's own disk.

A command is acknowledged only once its record is durable. Settled segments are kept, for healing a core that lost
them, until the bound is reached: then the oldest are dropped, if the setting allows it, before anything is refused.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from holdfast.continuity.journal_errors import JournalFailed, JournalFull, refusal_of
from holdfast.continuity.journal_recovery import lock_folder, recover
from holdfast.continuity.records import Payload, Received, Settled, Withdrawn
from holdfast.continuity.segments import Place, Segment, create_segment

SEGMENT_BYTES = 64 << 20
KEY_BYTES = 32
_MIN_SEGMENTS = 16
_URGENT_SHARE = 20
_CLOSED = "the journal is closed"


class Journal:
    """One node's journal, open in one process. Threads may append: while one waits for the disk, others write."""

    def __init__(self, place: Place, lock_fd: int, max_bytes: int, segment_bytes: int, drop_settled: bool) -> None:
        """For `Journal.open`, which says what is raised."""
        self._segments, self._index = recover(place)
        self._place, self._lock_fd = place, lock_fd
        self._max_bytes, self._drop_settled = max_bytes, drop_settled
        # A journal of few segments could not drop a little.
        self._segment_bytes = min(segment_bytes, max_bytes // _MIN_SEGMENTS)
        self._failure: str | None = None
        self._write_lock, self._sync_lock = threading.Lock(), threading.Lock()

    @classmethod
    def open(
        cls,
        folder: Path,
        key: bytes,
        cell_id: str,
        max_bytes: int,
        segment_bytes: int = SEGMENT_BYTES,
        drop_settled: bool = True,
        verify: bool = True,
    ) -> Self:
        """Open the journal in a folder, made if need be, and take off a torn tail that was never acknowledged.

        `max_bytes` bounds what is taken in, the last twentieth of it for urgent commands; settlements may exceed it.
        `verify=False` is for negative controls alone: damaged records come back as if they were whole.
        Raises JournalLocked, JournalDamaged (nothing is changed then), JournalFailed, JournalFull; OSError where the
        folder cannot be made.
        """
        assert len(key) == KEY_BYTES, "AES-256"
        lock_fd = lock_folder(folder)
        try:
            return cls(Place(folder, key, cell_id, verify), lock_fd, max_bytes, segment_bytes, drop_settled)
        except BaseException as error:
            os.close(lock_fd)
            if isinstance(error, OSError):
                raise refusal_of(error) from error
            raise

    @property
    def failed(self) -> str | None:
        """Why this journal takes nothing more; None while it works."""
        return self._failure

    @property
    def size_bytes(self) -> int:
        """What its segments take on disk."""
        return sum(segment.end for segment in self._segments)

    def __len__(self) -> int:
        """How many sequence numbers wait: the node's backlog."""
        return len(self._index)

    def pending(self) -> list[tuple[int, bytes]]:
        """Sequence number and envelope of all that is not settled, in order; `withdrawn` tells what was taken back."""
        with self._write_lock:
            return [
                (sequence, envelope)
                for segment in self._segments
                if self._index.waiting_in(segment.number)
                for record in segment.records()
                if isinstance(record.payload, Received)
                for sequence, envelope in enumerate(record.payload.envelopes, record.payload.first)
                if self._index.waits(sequence)
            ]

    def withdrawn(self, sequence: int) -> bool:
        """Whether a command that waits was taken back by its sender: its outcome will say so."""
        with self._write_lock:
            return self._index.withdrawn(sequence)

    def settled_payloads(self) -> Iterator[bytes]:
        """What became of each settled command, in order, to heal a core; meanwhile nothing may be received."""
        with self._write_lock:
            segments = list(self._segments)
        for segment in segments:
            for record in segment.records():
                if isinstance(record.payload, Settled):
                    yield from (payload for _, payload in record.payload.settlements)

    def append_received(self, envelopes: list[bytes], urgent: bool = False) -> range:
        """Make a batch durable with one write and one fdatasync; its sequence numbers. Then it may be acknowledged.

        Urgent is what may use the room that is kept: cancellations. Raises JournalFull, having written nothing, or
        JournalFailed, after which it is unknown whether the batch will be found at the next start.
        """
        with self._write_lock:
            received = Received(self._index.next_sequence, envelopes)
            self._make_room(received.most_bytes, urgent)
            segment, end = self._append(received)
        self._sync(segment, end)
        return range(received.first, received.first + len(envelopes))

    def append_settled(self, settlements: list[tuple[int, bytes]], sync: bool = False) -> None:
        """Note what became of commands. Durable with the next received batch: one that is lost is only applied again.

        Raises JournalFull, where the disk is, and JournalFailed.
        """
        with self._write_lock:
            segment, end = self._append(Settled(settlements))
        if sync:
            self._sync(segment, end)

    def append_withdrawn(self, sequence: int) -> None:
        """Note, durably, that a command was taken back. Raises JournalFull, where the disk is, and JournalFailed."""
        with self._write_lock:
            segment, end = self._append(Withdrawn(sequence))
        self._sync(segment, end)

    def close(self) -> None:
        """Bring all to the disk and let others open the journal. Raises JournalFailed."""
        with self._write_lock:
            if self._failure == _CLOSED:
                return
            segment = self._segments[-1]
            try:
                if self._failure is None:
                    self._sync(segment, segment.end)
            finally:
                self._failure = _CLOSED
                with self._sync_lock:
                    segment.close()
                os.close(self._lock_fd)

    def _append(self, payload: Payload) -> tuple[Segment, int]:
        self._insist_on_working()
        try:
            if self._segments[-1].end >= self._segment_bytes:
                self._rotate()
            segment = self._segments[-1]
            segment.append(payload)
        except OSError as error:
            raise self._refuse(error) from error
        self._index.follow(payload, segment.number)
        return segment, segment.end

    def _rotate(self) -> None:
        full = self._segments[-1]
        self._sync(full, full.end)
        self._segments.append(create_segment(self._place, full.number + 1, self._index.next_sequence, full.end))
        with self._sync_lock:
            full.close()

    def _sync(self, segment: Segment, end: int) -> None:
        with self._sync_lock:
            # A rotation, or another thread's sync, may have been there first.
            if segment.durable >= end:
                return
            self._insist_on_working()
            try:
                segment.sync()
            except OSError as error:
                self._failure = f"fdatasync: {error}"
                raise JournalFailed(self._failure) from error

    def _make_room(self, size: int, urgent: bool) -> None:
        self._insist_on_working()
        limit = self._max_bytes if urgent else self._max_bytes - self._max_bytes // _URGENT_SHARE
        while self.size_bytes + size > limit:
            oldest = self._segments[0]
            if not self._drop_settled or len(self._segments) == 1 or self._index.waiting_in(oldest.number):
                raise JournalFull(f"{self.size_bytes} of {limit} bytes are taken, {len(self)} commands wait")
            # What settled it may be in the newest segment, and must outlive it.
            self._sync(self._segments[-1], self._segments[-1].end)
            try:
                oldest.remove()
            except OSError as error:
                raise self._refuse(error) from error
            del self._segments[0]

    def _insist_on_working(self) -> None:
        if self._failure is not None:
            raise JournalFailed(self._failure)

    def _refuse(self, error: OSError) -> JournalFull | JournalFailed:
        refusal = refusal_of(error)
        if isinstance(refusal, JournalFailed):
            self._failure = str(refusal)
        return refusal
