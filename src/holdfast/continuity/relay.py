"""The relay of a node: owns intake, journal and the way to the core. One process a node."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from holdfast.continuity.checkpoints import Checkpoints
from holdfast.continuity.clock import now
from holdfast.continuity.journal import Journal
from holdfast.continuity.protocol import Health
from holdfast.continuity.receiving import Receiving
from holdfast.continuity.server import Connection, RelayServer
from holdfast.continuity.settling import Settling
from holdfast.core.envelope import Busy, Envelope, Settled
from holdfast.core.intake import Intake, Ticket
from holdfast.db.connect import CoreConnection
from holdfast.domain.commands import CancelBooking
from holdfast.log.checkpoint import origin_of
from holdfast.log.note import public_bytes
from holdfast.log.receipts import Receipt, issue_receipt, node_id_of

_ENVELOPES = msgspec.msgpack.Decoder(Envelope)
_log = structlog.get_logger(__name__)


class RelayConfig(Struct, frozen=True):
    """What a relay is made of. cell_id, the keys (32 bytes each), where its files and socket are, its bounds."""

    cell_id: str
    cell_hmac: bytes
    cell_key: bytes
    node_key: bytes
    journal_key: bytes
    data: Path
    socket: Path
    connect: Callable[[], CoreConnection]
    batch_most: int
    journal_most_bytes: int
    posts_per_minute: int
    quota: int


class Relay:
    """Starts with what the journal still holds, and goes on until it is told to stop."""

    def __init__(self, config: RelayConfig, loop: asyncio.AbstractEventLoop) -> None:
        self._config = config
        self._loop = loop
        self._intake = Intake()
        self._journal = Journal.open(
            config.data / "journal", config.journal_key, config.cell_id, config.journal_most_bytes
        )
        self._node_key = Ed25519PrivateKey.from_private_bytes(config.node_key)
        self._node_id = node_id_of(public_bytes(self._node_key))
        self._checkpoints = Checkpoints(
            config.connect,
            origin_of(config.cell_id),
            Ed25519PrivateKey.from_private_bytes(config.cell_key),
            self._node_id,
            config.data / "checkpoint",
        )
        self._settling = Settling(
            self._intake, self._journal, config.cell_hmac, config.connect, self._deliver, config.batch_most
        )
        self._receiving = Receiving(self._intake, self._journal, self._refuse)
        self.server = RelayServer(self._intake, self, posts_per_minute=config.posts_per_minute, quota=config.quota)
        self._threads = [
            threading.Thread(target=run, name=name)
            for name, run in (
                ("journal", self._receiving.run),
                ("settling", self._settling.run),
                ("checkpoints", self._checkpoints.run),
            )
        ]

    def start(self) -> None:
        """Takes up what was received before; then lets the threads go."""
        tickets = []
        for sequence, raw in self._journal.pending():
            envelope = _ENVELOPES.decode(raw)
            ticket = Ticket(envelope, raw, isinstance(envelope.command, CancelBooking), sequence)
            ticket.withdrawn = self._journal.withdrawn(sequence)
            tickets.append(ticket)
        if tickets:
            _log.info("taking up what the journal holds", commands=len(tickets))
        self._intake.restore(tickets)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Lets a batch that is under way finish; the rest stays in the journal for the next start."""
        self._settling.stop()
        self._checkpoints.stop()
        self._intake.close()
        for thread in self._threads:
            thread.join()
        self._journal.close()

    def receipt(self, envelope: Envelope) -> str:
        """The node's signed statement that it received the command."""
        receipt = Receipt(
            self._config.cell_id,
            self._node_id,
            envelope.id,
            envelope.fingerprint,
            envelope.received_at,
            envelope.valid_until,
            self._checkpoints.newest,
        )
        return issue_receipt(receipt, self._node_key)

    def keep_withdrawn(self, ticket: Ticket) -> None:
        """Notes durably that a command was taken back. Raises JournalError."""
        assert ticket.sequence is not None, "only what is durable can be withdrawn"
        self._journal.append_withdrawn(ticket.sequence)

    def health(self) -> Health:
        """How the relay is, for status and metrics."""
        waiting, oldest = self._intake.backlog()
        settling, failed = self._settling, self._journal.failed
        state, reason = ("journal_failed", failed) if failed else settling.how()
        return Health(
            state=state,
            reason=reason,
            waiting=waiting,
            oldest_us=max(0, now() - oldest) if oldest is not None else 0,
            journal_bytes=self._journal.size_bytes,
            settled=settling.settled,
            log_size=settling.log_size,
            settled_at=None if settling.settled_at is None else int(settling.settled_at * 1_000_000),
        )

    def _deliver(self, results: Sequence[tuple[Ticket, Settled]]) -> None:
        self._loop.call_soon_threadsafe(self.server.settled, results)

    def _refuse(self, tickets: Sequence[Ticket], why: Busy) -> None:
        self._loop.call_soon_threadsafe(self.server.refused, tickets, why)


async def run_relay(config: RelayConfig) -> None:
    """Runs a relay until SIGTERM or SIGINT. Raises JournalError where its journal cannot be opened."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    # A thread that dies of a bug must not leave half a relay behind: the supervisor starts a whole one.
    threading.excepthook = _die
    relay = Relay(config, loop)
    relay.start()
    config.socket.unlink(missing_ok=True)
    server = await loop.create_unix_server(lambda: Connection(relay.server), str(config.socket))
    config.socket.chmod(0o600)
    watching = asyncio.create_task(relay.server.watch_deadlines())
    try:
        await stopped.wait()
    finally:
        watching.cancel()
        server.close()
        await asyncio.to_thread(relay.stop)


def _die(failure: threading.ExceptHookArgs) -> None:
    _log.critical("a thread of the relay failed", exc_info=failure.exc_value)
    os._exit(1)
