"""Connections to the core with an absolute deadline, past which a frozen server costs nobody another second."""

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import psycopg
from psycopg import waiting
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout
from psycopg.rows import TupleRow

from holdfast.db.adapt import ADAPTERS
from holdfast.db.binaries import refuse_old

T = TypeVar("T")

CONNECT_TIMEOUT_S = 5
KEEPALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""libpq's options for connections over TCP: a peer that vanished is noticed after 25 s, or 10 s with data unsent."""


class DeadlinePassed(psycopg.OperationalError):
    """The server had not answered when the deadline passed. The connection is closed; what it was doing is unknown."""


class CoreConnection(psycopg.Connection[TupleRow]):
    """A connection whose every wait ends at its deadline (time.monotonic() seconds), if one is set."""

    deadline: float | None = None

    @contextmanager
    def until(self, deadline: float) -> Iterator[Self]:
        """Give everything inside the same deadline. Raises DeadlinePassed from whatever waits past it."""
        outer, self.deadline = self.deadline, deadline
        try:
            yield self
        finally:
            self.deadline = outer

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """psycopg's hook for every exchange with the server, bounded by the deadline.

        An interrupt closes the connection at once, too: psycopg would ask a server that may be frozen to cancel.
        """
        left = remaining(self.deadline)
        bound = left if timeout is None else timeout if left is None else min(left, timeout)
        try:
            return waiting.wait(gen, self.pgconn.socket, interval=interval, timeout=bound)
        except _WaitTimeout:
            if left is None or (timeout is not None and timeout < left):
                raise
            self.pgconn.finish()
            raise DeadlinePassed("the database did not answer before the deadline") from None
        except KeyboardInterrupt:
            self.pgconn.finish()
            raise


def remaining(deadline: float | None) -> float | None:
    """Seconds until a deadline of time.monotonic(), at least 0; None for none."""
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def server_version(connection: psycopg.Connection[Any]) -> str:
    """Such as "18.6": what the server said of itself when it was connected to."""
    major, minor = divmod(connection.info.server_version, 10_000)
    return f"{major}.{minor}"


def writer_connection(url: str, *, autocommit: bool = False, **options: Any) -> CoreConnection:
    """A connection for the writer's role, with Holdfast's adapters; the caller begins and commits.

    `options` are libpq's, such as `hostaddr` or `application_name`; they win over those here. Raises
    psycopg.OperationalError within `connect_timeout` (5 s) when there is no server, and PostgresUnusable for one
    that is older than 18.
    """
    settings = {"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "holdfast", **KEEPALIVE, **options}
    try:
        connection = CoreConnection.connect(url, autocommit=True, context=ADAPTERS, **settings)
    except psycopg.errors.ConnectionTimeout as error:
        _let_go(error)
        raise
    try:
        refuse_old(server_version(connection))
        connection.autocommit = autocommit
    except BaseException:
        connection.close()
        raise
    return connection


def _let_go(error: psycopg.Error) -> None:
    """Close the socket of an attempt that timed out: psycopg's frames hold it in a cycle, and it a backend's place."""
    for failure in (error, error.__context__):
        if failure is not None:
            traceback.clear_frames(failure.__traceback__)
