"""The HTTP worker's side of the relay's socket: the Market that pages, API, desk and jobs send commands to."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import msgspec

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
from holdfast.core.envelope import Busy, Envelope, RelayAway, Reply, Waiting
from holdfast.domain.rows import MemberId

A = TypeVar("A", Replied, Found, Count, Healthy)

_GRACE_S = 0.5
"""The relay answers by the caller's deadline; a relay that is frozen is given up this much later."""

_SIDE_DEADLINE_S = 1.0
_ANSWERS = msgspec.msgpack.Decoder(Answer)
_ENCODER = msgspec.msgpack.Encoder()


class RelayClient:
    """One connection to the relay, opened when needed and again when lost. Of one event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wire: _Wire | None = None
        self._opening = asyncio.Lock()

    async def submit(self, envelope: Envelope, deadline_s: float) -> Reply:
        """See core.envelope.Market. Busy("relay_away"): send it again under the same key, which cannot double it."""
        raw = _ENCODER.encode(envelope)
        try:
            answer = await self._ask(lambda n: Submit(n, raw, int(deadline_s * 1000)), Replied, deadline_s + _GRACE_S)
        except RelayAway:
            return Busy("relay_away", 1)
        return answer.reply

    async def waiting(self, command: str, actor: MemberId) -> Waiting | None:
        """See core.envelope.Market."""
        return (await self._ask(lambda n: LookUp(n, command, actor), Found, _SIDE_DEADLINE_S)).waiting

    async def withdraw(self, command: str, actor: MemberId) -> bool:
        """See core.envelope.Market."""
        answer = await self._ask(lambda n: Withdraw(n, command, actor), Count, _SIDE_DEADLINE_S)
        return answer.value == 1

    async def allow(self, bucket: str, per_minute: int) -> int:
        """See core.envelope.Market. Without a relay nothing is limited, and nothing is taken either."""
        try:
            answer = await self._ask(lambda n: Allow(n, bucket, per_minute), Count, _SIDE_DEADLINE_S)
        except RelayAway:
            return 0
        return answer.value

    async def health(self) -> Health:
        """How the relay is. Raises RelayAway."""
        return (await self._ask(Ask, Healthy, _SIDE_DEADLINE_S)).health

    async def close(self) -> None:
        """Ends the connection; whoever still waits on it learns that the relay is away."""
        if self._wire is not None:
            await self._wire.close()

    async def _ask(self, request: Callable[[int], Request], kind: type[A], deadline_s: float) -> A:
        wire = await self._connected()
        n, answered = wire.expect()
        wire.send(request(n))
        try:
            async with asyncio.timeout(deadline_s):
                answer = await answered
        except TimeoutError as error:
            raise RelayAway("the relay does not answer") from error
        finally:
            wire.forget(n)
        assert isinstance(answer, kind), "the relay answers each request in its kind"
        return answer

    async def _connected(self) -> "_Wire":
        if self._wire is not None and not self._wire.lost:
            return self._wire
        async with self._opening:
            if self._wire is None or self._wire.lost:
                loop = asyncio.get_running_loop()
                try:
                    _, self._wire = await loop.create_unix_connection(_Wire, str(self._path))
                except OSError as error:
                    raise RelayAway(str(error)) from error
            return self._wire


class _Wire(asyncio.Protocol):
    """Numbers requests, and hands each answer to whoever waits for it."""

    def __init__(self) -> None:
        self._frames = Frames()
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._transport: asyncio.WriteTransport | None = None
        self._next = 0
        self._outbox: list[bytes] = []
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not every loop's transports derive from asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        for payload in self._frames.feed(data):
            answer = _ANSWERS.decode(payload)
            waiting = self._waiting.get(answer.n)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self._ended.set_result(None)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(RelayAway("the relay went away"))

    async def close(self) -> None:
        """Returns when the socket is closed."""
        if self._transport is not None:
            self._transport.close()
            await self._ended

    def expect(self) -> tuple[int, asyncio.Future[Answer]]:
        """A number for a request, and what its answer will be."""
        self._next += 1
        self._waiting[self._next] = asyncio.get_running_loop().create_future()
        return self._next, self._waiting[self._next]

    def forget(self, n: int) -> None:
        self._waiting.pop(n, None)

    def send(self, request: Request) -> None:
        """All requests of one turn of the event loop leave in one write."""
        if not self._outbox:
            asyncio.get_running_loop().call_soon(self._flush)
        self._outbox.append(frame(request))

    def _flush(self) -> None:
        data, self._outbox = b"".join(self._outbox), []
        if self._transport is not None and not self.lost:
            self._transport.write(data)
