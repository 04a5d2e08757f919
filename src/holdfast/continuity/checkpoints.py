"""Signs checkpoints: only of what is durable, at most once a second, by the one holder of the cell's lease.

One signed before a commit that is then lost would be proof of equivocation; so it is read back from the database, in
a transaction of its own, what was committed.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.db import queries
from holdfast.db.connect import CoreConnection
from holdfast.log.checkpoint import Checkpoint, sign_checkpoint
from holdfast.log.merkle import Frontier

_SQL = queries.load("checkpoints")
_log = structlog.get_logger(__name__)

INTERVAL_S = 1.0
LEASE_S = 10


class Checkpoints:
    """A thread that signs for as long as this node holds the lease, and keeps the newest one on the node's disk."""

    def __init__(
        self, connect: Callable[[], CoreConnection], origin: str, key: Ed25519PrivateKey, holder: str, file: Path
    ) -> None:
        self._connect = connect
        self._origin = origin
        self._key = key
        self._holder = holder
        self._file = file
        self._connection: CoreConnection | None = None
        self._stop = threading.Event()
        self._failing = False
        self.newest: Checkpoint | None = None

    def run(self) -> None:
        """Returns after `stop`."""
        while not self._stop.wait(INTERVAL_S):
            try:
                self._sign()
                self._failing = False
            except psycopg.Error as error:
                if not self._failing:
                    _log.warning("no checkpoint is signed", reason=str(error))
                self._failing = True
                if self._connection is not None:
                    self._connection.close()
                    self._connection = None

    def stop(self) -> None:
        self._stop.set()

    def _sign(self) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
            self._connection.autocommit = True
        if self._connection.execute(_SQL.take_lease, [self._holder, LEASE_S]).fetchone() is None:
            return
        row = self._connection.execute(_SQL.durable_head).fetchone()
        assert row is not None, "the head is one row"
        size, edge, at, previous = row
        if size == 0 or (self.newest is not None and self.newest.size >= size):
            return
        checkpoint = Checkpoint(self._origin, size, Frontier(size, edge).root())
        note = sign_checkpoint(checkpoint, self._key, previous)
        self._connection.execute(_SQL.put_checkpoint, [size, checkpoint.root, note, at])
        self._remember(note)
        self.newest = checkpoint

    def _remember(self, note: str) -> None:
        """On the node's own disk, whole or not at all: what no core may ever contradict."""
        draft = self._file.with_suffix(".new")
        with draft.open("w") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)
