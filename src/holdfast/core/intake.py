"""Intake: this node's commands in the order in which they came, from their arrival until each is settled.

incoming → (journal) → received → (apply) → settled. Three threads meet here: the socket's puts in, the journal's
makes durable, the settling one takes batches.
"""

import threading
from collections import Counter, deque
from collections.abc import Sequence

from msgspec import Struct

from holdfast.core.envelope import Envelope
from holdfast.domain.instants import Instant


class Waiter(Struct, eq=False):
    """Who waits for an answer: a connection of the socket and the number of the request on it."""

    connection: object
    n: int
    deadline: float
    answered: bool = False


class Ticket(Struct, eq=False):
    """One command of this node. sequence: its place in the journal, once it is durable there.

    sent: a transaction under way has it. doubtful: one that may have committed had it, and no answer came. From either
    on only an outcome can end it: it cannot be taken back.
    """

    envelope: Envelope
    raw: bytes
    urgent: bool
    sequence: int | None = None
    sent: bool = False
    doubtful: bool = False
    withdrawn: bool = False
    settled: bool = False
    waiters: list[Waiter] = []


class Intake:
    """The queues. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)
        self._kept = threading.Condition(self._lock)
        self._incoming: deque[Ticket] = deque()
        self._received: deque[Ticket] = deque()
        self._by_id: dict[str, Ticket] = {}
        self._by_actor: Counter[str] = Counter()
        self._closed = False

    def find(self, command: str) -> Ticket | None:
        """The command, while it is not settled."""
        with self._lock:
            return self._by_id.get(command)

    def waiting_of(self, actor: str) -> int:
        """How many commands of this actor are not settled."""
        return self._by_actor[actor]

    def put(self, ticket: Ticket) -> None:
        """A command that came in; nobody else has its id here."""
        with self._came:
            self._enter(ticket)
            self._incoming.append(ticket)
            self._came.notify()

    def restore(self, tickets: Sequence[Ticket]) -> None:
        """What the journal held at the start: received long ago, and first in order. Any of it may have committed."""
        with self._kept:
            for ticket in tickets:
                ticket.doubtful = True
                self._enter(ticket)
                self._received.append(ticket)
            self._kept.notify()

    def take_incoming(self) -> list[Ticket]:
        """All that came, as one batch for the journal; waits for the first. Empty: closed."""
        with self._came:
            self._came.wait_for(lambda: self._incoming or self._closed)
            taken = list(self._incoming)
            self._incoming.clear()
            return taken

    def keep(self, tickets: Sequence[Ticket], sequences: Sequence[int]) -> None:
        """They are durable, in this order."""
        with self._kept:
            for ticket, sequence in zip(tickets, sequences, strict=True):
                ticket.sequence = sequence
                self._received.append(ticket)
            self._kept.notify()

    def drop(self, tickets: Sequence[Ticket]) -> None:
        """They could not be made durable, or they are settled: they are no longer this node's to carry."""
        with self._lock:
            for ticket in tickets:
                ticket.settled = True
                self._by_id.pop(ticket.envelope.id, None)
                self._by_actor[ticket.envelope.actor] -= 1
                if self._by_actor[ticket.envelope.actor] <= 0:
                    del self._by_actor[ticket.envelope.actor]

    def next_batch(self, most: int) -> list[Ticket]:
        """The oldest, at most so many, marked as sent; they stay first until `settle`. Empty: closed."""
        with self._kept:
            self._kept.wait_for(lambda: self._received or self._closed)
            if self._closed:
                return []
            batch = [self._received[at] for at in range(min(most, len(self._received)))]
            for ticket in batch:
                ticket.sent = True
            return batch

    def send(self, batch: Sequence[Ticket]) -> set[str]:
        """Marks the batch as sent again; the ids of those that were taken back before."""
        with self._lock:
            for ticket in batch:
                ticket.sent = True
            return {ticket.envelope.id for ticket in batch if ticket.withdrawn}

    def unsend(self, batch: Sequence[Ticket]) -> None:
        """The batch certainly did not commit: until it is sent again its commands can be withdrawn."""
        with self._lock:
            for ticket in batch:
                ticket.sent = False

    def doubt(self, batch: Sequence[Ticket]) -> None:
        """The batch may have committed: even if it is not sent again for long, it is too late to withdraw."""
        with self._lock:
            for ticket in batch:
                ticket.sent, ticket.doubtful = False, True

    def settle(self, batch: Sequence[Ticket]) -> None:
        """The batch, which is first, has its outcomes."""
        with self._lock:
            for ticket in batch:
                assert self._received.popleft() is ticket, "batches are settled in their order"
        self.drop(batch)

    def withdraw(self, ticket: Ticket) -> bool:
        """Marks a durable command as taken back, unless it is on its way or may have arrived."""
        with self._lock:
            if ticket.sent or ticket.doubtful or ticket.settled or ticket.sequence is None:
                return False
            ticket.withdrawn = True
            return True

    def unwithdraw(self, ticket: Ticket) -> None:
        """It could not be noted durably: unless it went out as withdrawn, it counts as before."""
        with self._lock:
            if not ticket.sent:
                ticket.withdrawn = False

    def backlog(self) -> tuple[int, Instant | None]:
        """How many wait, and when the oldest was received."""
        with self._lock:
            oldest = self._received[0].envelope.received_at if self._received else None
            return len(self._by_id), oldest

    def close(self) -> None:
        """Lets both threads go. What is not settled stays in the journal."""
        with self._lock:
            self._closed = True
            self._came.notify_all()
            self._kept.notify_all()

    def _enter(self, ticket: Ticket) -> None:
        self._by_id[ticket.envelope.id] = ticket
        self._by_actor[ticket.envelope.actor] += 1
