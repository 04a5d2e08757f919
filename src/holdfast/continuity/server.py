"""The relay's socket: takes what the HTTP workers send, and answers each when it is settled or its time is up."""

import asyncio
import heapq
import time
from collections.abc import Sequence
from typing import Protocol, cast

import msgspec
import structlog

from holdfast.continuity.journal_errors import JournalError
from holdfast.continuity.limits import Limits
from holdfast.continuity.protocol import (
    Allow,
    Answer,
    Ask,
    Count,
    Found,
    Frames,
    Health,
    Healthy,
    LookUp,
    Replied,
    Request,
    Submit,
    Withdraw,
    frame,
)
from holdfast.core.envelope import Busy, Envelope, Outcome, Received, Reply, Settled, Waiting
from holdfast.core.intake import Intake, Ticket, Waiter
from holdfast.domain.commands import CancelBooking, RestoreMember, SignUp, SuspendMember
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import SYSTEM

_REQUESTS = msgspec.msgpack.Decoder(Request)
_ENVELOPES = msgspec.msgpack.Decoder(Envelope)
_log = structlog.get_logger(__name__)

TICK_S = 0.02
"""How often deadlines are looked at."""

RETRY_WAITING_S = 30
RETRY_AWAY_S = 5

NOT_WHILE_AWAY = (SignUp, RestoreMember, SuspendMember)
"""What is not kept for later while the core is away: who sends it has to see what came of it."""


class Desk(Protocol):
    """What the socket needs of the relay."""

    def receipt(self, envelope: Envelope) -> str:
        """The node's signed statement that it received the command."""
        ...

    def keep_withdrawn(self, ticket: Ticket) -> None:
        """Notes durably that a command was taken back. Raises JournalError."""
        ...

    def health(self) -> Health: ...


class RelayServer:
    """Requests in, answers out. All of it runs on the event loop's thread."""

    def __init__(self, intake: Intake, desk: Desk, *, posts_per_minute: int, quota: int) -> None:
        self._intake = intake
        self._desk = desk
        self._posts_per_minute = posts_per_minute
        self._quota = quota
        self._limits = Limits()
        self._due: list[tuple[float, int, Ticket, Waiter]] = []
        self._order = 0

    def answer(self, connection: "Connection", payload: bytes) -> None:
        """Deals with one request; its answer goes out now or later."""
        request = _REQUESTS.decode(payload)
        if isinstance(request, Submit):
            self._submit(connection, request)
        elif isinstance(request, LookUp):
            connection.send(Found(request.n, self._look_up(request)))
        elif isinstance(request, Withdraw):
            asyncio.get_running_loop().run_in_executor(None, self._withdraw, connection, request)
        elif isinstance(request, Allow):
            connection.send(Count(request.n, self._limits.spend(request.bucket, request.per_minute)))
        else:
            assert isinstance(request, Ask), "every request has its answer here"
            connection.send(Healthy(request.n, self._desk.health()))

    def settled(self, results: Sequence[tuple[Ticket, Settled]]) -> None:
        """Tells those who wait what became of their commands."""
        for ticket, settled in results:
            self._tell(ticket, settled)

    def refused(self, tickets: Sequence[Ticket], why: Busy) -> None:
        """Tells those who wait that nothing was kept."""
        for ticket in tickets:
            self._tell(ticket, why)

    async def watch_deadlines(self) -> None:
        """Answers whoever's time is up with a receipt, for as long as the relay runs."""
        while True:
            await asyncio.sleep(TICK_S)
            self._answer_due(time.monotonic())

    def _submit(self, connection: "Connection", request: Submit) -> None:
        envelope = _ENVELOPES.decode(request.envelope)
        waiter = Waiter(connection, request.n, time.monotonic() + request.deadline_ms / 1000)
        ticket = self._intake.find(envelope.id)
        if ticket is not None:
            self._join(ticket, waiter, envelope)
            return
        if (busy := self._too_much(envelope)) is not None:
            connection.send(Replied(request.n, busy))
            return
        ticket = Ticket(envelope, request.envelope, isinstance(envelope.command, CancelBooking), waiters=[waiter])
        self._await(ticket, waiter)
        self._intake.put(ticket)

    def _join(self, ticket: Ticket, waiter: Waiter, envelope: Envelope) -> None:
        """The key came again while it waits: the same body gets the same answer, another one is refused."""
        if ticket.envelope.fingerprint == envelope.fingerprint:
            ticket.waiters.append(waiter)
            self._await(ticket, waiter)
            return
        reused = Outcome(
            envelope.id,
            envelope.actor,
            envelope.key,
            envelope.fingerprint.hex(),
            Refusal.key_reused.value,
            None,
            None,
            0,
            envelope.received_at,
            envelope.received_at,
        )
        self._reply(waiter, Settled(reused, replayed=True))

    def _too_much(self, envelope: Envelope) -> Busy | None:
        if envelope.actor == SYSTEM:
            return None
        if isinstance(envelope.command, NOT_WHILE_AWAY) and self._desk.health().state != "settling":
            return Busy("core_away", RETRY_AWAY_S)
        if self._intake.waiting_of(envelope.actor) >= self._quota:
            return Busy("too_many_waiting", RETRY_WAITING_S)
        wait_s = self._limits.spend(f"post:{envelope.actor}", self._posts_per_minute)
        return Busy("rate_limited", wait_s) if wait_s else None

    def _look_up(self, request: LookUp) -> Waiting | None:
        ticket = self._intake.find(request.command)
        if ticket is None or ticket.envelope.actor != request.actor or ticket.sequence is None:
            return None
        envelope = ticket.envelope
        return Waiting(
            envelope.id,
            envelope.actor,
            envelope.key,
            envelope.received_at,
            envelope.valid_until,
            self._desk.receipt(envelope),
            ticket.withdrawn,
        )

    def _withdraw(self, connection: "Connection", request: Withdraw) -> None:
        """On a thread of its own: it waits for the disk."""
        ticket = self._intake.find(request.command)
        done = ticket is not None and ticket.envelope.actor == request.actor and self._intake.withdraw(ticket)
        if done and ticket is not None:
            try:
                self._desk.keep_withdrawn(ticket)
            except JournalError:
                self._intake.unwithdraw(ticket)
                raise  # no answer: whether it is withdrawn is not known
        connection.loop.call_soon_threadsafe(connection.send, Count(request.n, int(done)))

    def _await(self, ticket: Ticket, waiter: Waiter) -> None:
        self._order += 1
        heapq.heappush(self._due, (waiter.deadline, self._order, ticket, waiter))

    def _answer_due(self, now: float) -> None:
        late = []
        while self._due and self._due[0][0] <= now:
            _, _, ticket, waiter = heapq.heappop(self._due)
            if waiter.answered:
                continue
            if ticket.sequence is None or ticket.settled:
                late.append((ticket, waiter))  # the disk has it, or its answer is on its way from another thread
            else:
                self._reply(waiter, self._received(ticket.envelope))
        for ticket, waiter in late:
            waiter.deadline = now + TICK_S
            self._await(ticket, waiter)

    def _received(self, envelope: Envelope) -> Received:
        return Received(envelope.id, self._desk.receipt(envelope), envelope.received_at, envelope.valid_until)

    def _tell(self, ticket: Ticket, reply: Reply) -> None:
        for waiter in ticket.waiters:
            if not waiter.answered:
                self._reply(waiter, reply)

    def _reply(self, waiter: Waiter, reply: Reply) -> None:
        waiter.answered = True
        assert isinstance(waiter.connection, Connection), "waiters come from this socket"
        waiter.connection.send(Replied(waiter.n, reply))


class Connection(asyncio.Protocol):
    """One HTTP worker. Answers of one turn of the event loop leave in one write."""

    def __init__(self, server: RelayServer) -> None:
        self._server = server
        self._frames = Frames()
        self._outbox: list[bytes] = []
        self._transport: asyncio.WriteTransport | None = None
        self.loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not every loop's transports derive from asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            for payload in self._frames.feed(data):
                self._server.answer(self, payload)
        except (ValueError, msgspec.MsgspecError) as error:
            _log.error("a worker speaks another language: closing", reason=str(error))
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def send(self, answer: Answer) -> None:
        """Answers, unless the worker is gone."""
        if not self._outbox:
            self.loop.call_soon(self._flush)
        self._outbox.append(frame(answer))

    def _flush(self) -> None:
        data, self._outbox = b"".join(self._outbox), []
        if self._transport is not None:
            self._transport.write(data)
