"""The node's own look at its parts: bounded in time, and shared by everybody who asks at once."""

import asyncio
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol, TypeVar

import psycopg
from msgspec import Struct

from holdfast.continuity.clock import now
from holdfast.continuity.protocol import Health
from holdfast.core.envelope import RelayAway
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.domain.instants import Instant
from holdfast.log.checkpoint import parse_checkpoint
from holdfast.log.faults import LogError
from holdfast.reads.overview import cell
from holdfast.reads.reader import Reader
from holdfast.web.components import Component, Found, Signed, State, components_of
from holdfast.web.languages import phrase

T = TypeVar("T")

LOOK_S = 0.8
"""How long a part has to answer. With everything dead a status takes this long, and no more."""

FRESH_S = 2.0
"""How long one look serves everybody."""

_DESCRIPTIONS = {
    State.operational: ("none", phrase("All Systems Operational")),
    State.under_maintenance: ("maintenance", phrase("Service Under Maintenance")),
    State.degraded_performance: ("minor", phrase("Partially Degraded Service")),
    State.partial_outage: ("major", phrase("Partial System Outage")),
    State.major_outage: ("critical", phrase("Major System Outage")),
}


class Relay(Protocol):
    """What the board needs of the relay."""

    async def health(self) -> Health:
        """Raises RelayAway."""
        ...


class Status(Struct, frozen=True):
    """All components as of one look. The whole is as bad as its worst part."""

    components: list[Component]
    checked_at: Instant

    @property
    def indicator(self) -> str:
        """Statuspage's: none, maintenance, minor, major or critical."""
        return self._whole[0]

    @property
    def description(self) -> str:
        return self._whole[1]

    @property
    def _whole(self) -> tuple[str, str]:
        order = list(State)
        return _DESCRIPTIONS[max((component.state for component in self.components), key=order.index)]


class Board:
    """One for a process. checkpoint: the file that the relay keeps its newest one in."""

    def __init__(self, reader: Reader, relay: Relay, checkpoint: Path, journal_most_bytes: int) -> None:
        self._reader = reader
        self._relay = relay
        self._checkpoint = checkpoint
        self._journal_most_bytes = journal_most_bytes
        self._one_looks = asyncio.Lock()
        self._status: Status | None = None
        self._looked_at = 0.0
        self._asked_at = 0.0
        self._asking: asyncio.Task[None] | None = None
        self._settles = True

    def settles(self) -> bool:
        """Whether what is asked for is decided at once, as the relay said when last asked: a line on every page, which
        waits for nothing. Where the answer is old, it is asked again meanwhile."""
        if time.monotonic() - self._asked_at > FRESH_S and (self._asking is None or self._asking.done()):
            self._asked_at = time.monotonic()
            self._asking = asyncio.create_task(self._ask())
        return self._settles

    async def _ask(self) -> None:
        health = await _within(self._health(), None)
        self._settles = health is not None and health.state == "settling"

    async def status(self) -> Status:
        """As of two seconds ago at most. Answers within a second, and raises nothing, whatever is down."""
        async with self._one_looks:
            if self._status is None or time.monotonic() - self._looked_at > FRESH_S:
                self._status = await self._look()
                self._looked_at = time.monotonic()
            return self._status

    async def _look(self) -> Status:
        reads, health, signed = await asyncio.gather(
            _within(self._reads(), False),
            _within(self._health(), None),
            _within(asyncio.to_thread(_signed, self._checkpoint), None),
        )
        at = now()
        return Status(components_of(Found(reads, health, signed, self._journal_most_bytes, at)), at)

    async def _reads(self) -> bool:
        try:
            return await cell(self._reader) is not None
        except (ReadsUnavailable, psycopg.Error):  # a database without our tables does not serve either
            return False

    async def _health(self) -> Health | None:
        try:
            return await self._relay.health()
        except RelayAway:
            return None


async def _within(look: Awaitable[T], otherwise: T) -> T:
    try:
        async with asyncio.timeout(LOOK_S):
            return await look
    except TimeoutError:
        return otherwise


def _signed(file: Path) -> Signed | None:
    try:
        body, _, _ = file.read_text().partition("\n\n")
        at = Instant(file.stat().st_mtime_ns // 1000)
        return Signed(parse_checkpoint(f"{body}\n").size, at)
    except (OSError, ValueError, LogError):
        return None
