"""Which sequence numbers of the journal still wait, and in which segment: what the records add up to."""

from collections import Counter

from holdfast.continuity.records import Payload, Received, Settled


class JournalIndex:
    """Follows records in the order of the journal: the same function for what is found at start and what is written."""

    def __init__(self, first_sequence: int) -> None:
        self.next_sequence = first_sequence
        self._segment_of: dict[int, int] = {}
        self._waiting_in: Counter[int] = Counter()
        self._withdrawn: set[int] = set()

    def follow(self, payload: Payload, segment: int) -> None:
        """Take account of one record of the segment with this number.

        What settles a sequence number that does not wait, as after its segment was dropped, changes nothing.
        """
        if isinstance(payload, Received):
            assert payload.first == self.next_sequence, "sequence numbers have no gaps"
            self.next_sequence += len(payload.envelopes)
            self._segment_of.update(dict.fromkeys(range(payload.first, self.next_sequence), segment))
            self._waiting_in[segment] += len(payload.envelopes)
        elif isinstance(payload, Settled):
            for sequence, _ in payload.settlements:
                self._forget(sequence)
        elif self.waits(payload.sequence):
            self._withdrawn.add(payload.sequence)

    def waits(self, sequence: int) -> bool:
        """Whether it is not settled yet. What was withdrawn waits too, for the outcome that says so."""
        return sequence in self._segment_of

    def withdrawn(self, sequence: int) -> bool:
        """Whether it waits and was taken back."""
        return sequence in self._withdrawn

    def waiting_in(self, segment: int) -> int:
        """How many that wait are in the segment with this number."""
        return self._waiting_in[segment]

    def __len__(self) -> int:
        return len(self._segment_of)

    def _forget(self, sequence: int) -> None:
        segment = self._segment_of.pop(sequence, None)
        self._withdrawn.discard(sequence)
        if segment is not None:
            self._waiting_in[segment] -= 1
