"""The node's pages and API as wiring serves them, over a real database and the relay's socket."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
from litestar import get
from litestar.testing import TestClient

from holdfast.api.app import create_api
from holdfast.api.context import ApiContext
from holdfast.continuity.client import RelayClient
from holdfast.continuity.clock import now
from holdfast.continuity.protocol import Ask, Frames, Health, Healthy, Request, frame
from holdfast.db.passwords import Passwords, Role
from holdfast.db.read_pool import ReadPool
from holdfast.reads.reader import Reader
from holdfast.secrets import Secrets
from holdfast.settings import Settings
from holdfast.web.pages import routes
from support.database import Database

T = TypeVar("T")

WELL = Health("settling", "", 0, 0, 1000, 7, 12, None)
SECRETS = Secrets(b"h" * 32, b"c" * 32, b"n" * 32, b"j" * 32, Passwords.generate())


class _Answering(asyncio.Protocol):
    """One connection to the relay's socket."""

    def __init__(self, relay: "RelaySocket") -> None:
        self._relay = relay
        self._frames = Frames()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._relay.connections.append(transport)

    def data_received(self, data: bytes) -> None:
        for payload in self._frames.feed(data):
            asked = msgspec.msgpack.decode(payload, type=Request)
            assert isinstance(asked, Ask)
            if self.transport is not None and not self._relay.frozen:
                self.transport.write(frame(Healthy(asked.n, self._relay.health)))


class RelaySocket:
    """A relay's socket that says how it is. frozen: takes connections and says nothing."""

    def __init__(self, path: Path) -> None:
        self.health = WELL
        self.frozen = False
        self.connections: list[asyncio.Transport] = []
        self._path = path
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> "RelaySocket":
        self._thread.start()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._server = self._run(self._loop.create_unix_server(lambda: _Answering(self), str(self._path)))
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def close(self) -> None:
        """The relay dies: its socket and every connection are gone."""
        self._run(self._close())

    async def _close(self) -> None:
        self._server.close()
        for connection in self.connections:
            connection.abort()
        self._path.unlink(missing_ok=True)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


class Pages:
    """A client, and what it is served from."""

    def __init__(self, client: "TestClient[Any]", relay: RelaySocket, data: Path) -> None:
        self.client = client
        self.relay = relay
        self.data = data

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def states(self) -> dict[str, str]:
        """Each component's state, as of a new look."""
        return {part["id"]: part["state"] for part in self.get("/status.json").json()["components"]}


@get("/broken", include_in_schema=False)
async def broken() -> str:
    """A page with a mistake in it."""
    raise RuntimeError("secret cause")


@contextlib.contextmanager
def serving(database: Database, data: Path) -> Iterator[Pages]:
    """Pages and API over this database, in this data folder."""
    settings = Settings(data=data)
    pool = ReadPool(database.url(Role.READER), 4)
    reader, relay = Reader(pool, 5.0), RelayClient(settings.relay_socket)
    beside = routes(settings, SECRETS, relay, reader, now)
    beside[0].register(broken)

    app: Any = create_api(
        ApiContext(settings, SECRETS, relay, reader, now), beside, on_shutdown=[pool.close, relay.close]
    )
    with RelaySocket(settings.relay_socket) as socket, TestClient(app, raise_server_exceptions=False) as client:
        yield Pages(client, socket, data)
