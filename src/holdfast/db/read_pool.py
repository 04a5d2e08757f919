"""The HTTP worker's connections for reading: few, kept open, and never waited for past a request's deadline.

psycopg's own pool is for servers that are there: it tries a lost one again after doubling pauses in the background,
and notices a dead connection by a round trip or not at all. Here a request that finds no living connection opens one,
within its deadline, so that the first read after an outage already succeeds.
"""

import asyncio
import select
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import waiting
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from holdfast.db.adapt import ADAPTERS
from holdfast.db.connect import CONNECT_TIMEOUT_S, KEEPALIVE, DeadlinePassed, remaining

T = TypeVar("T")


class ReadsUnavailable(Exception):
    """No answer from the reading database before the deadline, or no connection to it."""


class ReadConnection(psycopg.AsyncConnection[TupleRow]):
    """A connection whose every wait ends at its deadline (time.monotonic() seconds)."""

    deadline: float | None = None

    async def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:  # noqa: ASYNC109 - psycopg's signature
        """psycopg's hook for every exchange. A deadline or a cancelled request closes the connection at once."""
        left = remaining(self.deadline)
        bound = left if timeout is None else timeout if left is None else min(left, timeout)
        try:
            return await waiting.wait_async(gen, self.pgconn.socket, interval=interval, timeout=bound)
        except _WaitTimeout:
            self.pgconn.finish()
            raise DeadlinePassed("the database did not answer before the deadline") from None
        except (asyncio.CancelledError, KeyboardInterrupt):
            # psycopg would now ask the server to cancel, and wait seconds for one that is frozen. Reads may be cut off.
            self.pgconn.finish()
            raise

    def is_idle_and_alive(self) -> bool:
        """Whether it can be used again: between transactions, and the server said nothing, as it does at its end."""
        if self.closed or self.pgconn.transaction_status != TransactionStatus.IDLE:
            return False
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        return not poll.poll(0)


class ReadPool:
    """At most `size` connections of the reader's role, opened when first needed. Of one event loop."""

    def __init__(self, url: str, size: int) -> None:
        self._url = url
        self._idle: list[ReadConnection] = []
        self._places = asyncio.Semaphore(size)
        self._closed = False

    @asynccontextmanager
    async def connection(self, deadline: float) -> AsyncIterator[ReadConnection]:
        """A connection in autocommit, until the deadline (time.monotonic() seconds).

        Raises ReadsUnavailable when none is free or can be opened by then, or the server does not answer in time or
        goes away. The caller's own mistakes (psycopg.ProgrammingError, DataError) come through as they are.
        """
        connection = await self._take(deadline)
        try:
            yield connection
        except psycopg.OperationalError as error:
            raise ReadsUnavailable(str(error)) from error
        finally:
            await self._give_back(connection)

    async def close(self) -> None:
        """Close what is idle now, and what is lent out when it comes back."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()

    async def _take(self, deadline: float) -> ReadConnection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(loop.time() + max(0.0, deadline - time.monotonic())):
                await self._places.acquire()
                try:
                    connection = await self._living() or await self._open()
                except BaseException:
                    self._places.release()
                    raise
        except TimeoutError:
            raise ReadsUnavailable("no connection to the database before the deadline") from None
        except psycopg.OperationalError as error:
            raise ReadsUnavailable(str(error)) from error
        connection.deadline = deadline
        return connection

    async def _living(self) -> ReadConnection | None:
        # The one used last first: what a burst opened beyond need stays unused, and costs nothing.
        while self._idle:
            connection = self._idle.pop()
            if connection.is_idle_and_alive():
                return connection
            await connection.close()
        return None

    async def _open(self) -> ReadConnection:
        settings: dict[str, Any] = {
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "holdfast reads",
            **KEEPALIVE,
        }
        return await ReadConnection.connect(self._url, autocommit=True, context=ADAPTERS, **settings)

    async def _give_back(self, connection: ReadConnection) -> None:
        connection.deadline = None
        if self._closed or not connection.is_idle_and_alive():
            await connection.close()
        else:
            self._idle.append(connection)
        self._places.release()
