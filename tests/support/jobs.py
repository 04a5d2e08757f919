"""What the jobs work with, on a real cell; the node's clock and the core's are the test's."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from holdfast.core.envelope import Busy, Envelope, Received, Reply, Waiting
from holdfast.db.read_pool import ReadPool
from holdfast.domain.instants import Instant
from holdfast.domain.rows import MemberId
from holdfast.jobs.reconcilers import Tools
from holdfast.reads.reader import Reader
from support.cells import Cell
from support.paper import MONDAY, SECRET

T = TypeVar("T")


class CellMarket:
    """Applies each command on the core when it comes, or answers what the test says instead."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.instead: Reply | None = None
        self.sent: list[Envelope] = []
        self._one = threading.Lock()

    async def submit(self, envelope: Envelope, deadline_s: float) -> Reply:
        assert deadline_s > 0
        self.sent.append(envelope)
        return self.instead or await asyncio.to_thread(self._apply, envelope)

    def _apply(self, envelope: Envelope) -> Reply:
        with self._one:
            return self.cell.apply(envelope).settled[0]

    async def waiting(self, command: str, actor: MemberId) -> Waiting | None:
        raise AssertionError("jobs ask for nothing that waits")

    async def withdraw(self, command: str, actor: MemberId) -> bool:
        raise AssertionError("jobs take nothing back")

    async def allow(self, bucket: str, per_minute: int) -> int:
        raise AssertionError("jobs have no limits")


class Jobs:
    """node_ahead_us: by how much the node's clock is ahead of the core's."""

    def __init__(self, cell: Cell, reader_url: str) -> None:
        self.cell = cell
        self.market = CellMarket(cell)
        self.node_ahead_us = 0
        self._reader_url = reader_url

    def clock(self) -> Instant:
        return Instant(self.cell.now + self.node_ahead_us)

    def run(self, work: Callable[[Tools], Awaitable[T]]) -> T:
        """Work in an event loop of its own, with a connection of its own."""

        async def whole() -> T:
            pool = ReadPool(self._reader_url, 1)
            try:
                return await work(Tools(self.market, Reader(pool, 5.0), SECRET, self.clock))
            finally:
                await pool.close()

        return asyncio.run(whole())

    def state(self, booking: str) -> str:
        ((state,),) = self.cell.all("SELECT state FROM cell.booking WHERE id = %s", booking)
        return str(state)


RECEIVED = Received("11111111-1111-8111-8111-111111111111", "receipt", MONDAY, MONDAY)
AWAY = Busy("relay_away", 1)
