"""The API over a real database: commands are applied where they arrive, on a clock that the test moves."""

import asyncio
import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from holdfast.api.app import around, create_litestar
from holdfast.api.context import ApiContext
from holdfast.core.apply import apply_batch
from holdfast.core.envelope import Envelope, Received, Reply, Sender, Settled, Waiting, envelop
from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.passwords import Passwords, Role
from holdfast.db.read_pool import ReadPool
from holdfast.domain import commands as c
from holdfast.domain.ids import command_id
from holdfast.domain.instants import Instant
from holdfast.domain.rows import SYSTEM, MemberId
from holdfast.reads.reader import Reader
from holdfast.secrets import Secrets
from holdfast.settings import Settings
from support.database import Database

CELL = "22222222-2222-4222-8222-222222222222"
SECRETS = Secrets(b"h" * 32, b"c" * 32, b"n" * 32, b"j" * 32, Passwords.generate())
MONDAY = Instant(1_793_577_600_000_000)
"""2 November 2026, 00:00 UTC."""
PASSWORD = "a fine password"


class Clock:
    """Time that stands still until it is set."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> Instant:
        return self.now


class ApplyingMarket:
    """Applies each command on the core at once. away: the core does not answer, and the command waits."""

    def __init__(self, connection: CoreConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._one = asyncio.Lock()
        self.away = False
        self.kept: dict[str, Envelope] = {}

    async def submit(self, envelope: Envelope, deadline_s: float) -> Reply:
        if self.away:
            self.kept[envelope.id] = envelope
            return Received(envelope.id, "receipt", envelope.received_at, envelope.valid_until)
        async with self._one:
            return await asyncio.to_thread(self.apply, envelope)

    async def waiting(self, command: str, actor: MemberId) -> Waiting | None:
        kept = self.kept.get(command)
        if kept is None or kept.actor != actor:
            return None
        return Waiting(kept.id, kept.actor, kept.key, kept.received_at, kept.valid_until, "receipt", withdrawn=False)

    async def withdraw(self, command: str, actor: MemberId) -> bool:
        kept = self.kept.get(command)
        return kept is not None and kept.actor == actor and self.kept.pop(command) is kept

    async def allow(self, bucket: str, per_minute: int) -> int:
        return 0

    def apply(self, envelope: Envelope) -> Settled:
        applied = apply_batch(
            self._connection, SECRETS.cell_hmac, [envelope], lambda _core, last: max(last, self._clock())
        )
        return applied.settled[0]


class Api:
    """A founded cell and a client of its API."""

    def __init__(self, app: Litestar, client: "TestClient[Any]", market: ApplyingMarket, clock: Clock) -> None:
        self.app = app
        self.client = client
        self.market = market
        self.clock = clock
        self.tokens: dict[str, str] = {}

    def command(self, command: c.AnyCommand) -> str:
        """The operator's command line: a command of `system` that must be accepted; its subject."""
        outcome = self.market.apply(
            envelop(SECRETS.cell_hmac, Sender(SYSTEM), str(uuid.uuid4()), command, self.clock())
        ).outcome
        assert outcome.subject is not None, outcome.refusal
        return outcome.subject

    def send(
        self, method: str, path: str, who: str | None = None, json: Any = None, key: str | None = None, **options: Any
    ) -> httpx.Response:
        """A request below /api/v1, by somebody who signed up here, under a new key if none is given."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), **options.pop("headers", {})}
        if who is not None:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        return self.client.request(method, f"/api/v1{path}", headers=headers, json=json, **options)

    def made(self, method: str, path: str, who: str | None = None, json: Any = None) -> Any:
        """The answer to a request that must succeed."""
        response = self.send(method, path, who, json)
        assert response.is_success, response.text
        return response.json()

    def command_id(self, member: str, key: str) -> str:
        """The id of a member's command."""
        return command_id(SECRETS.cell_hmac, member, key)

    def join(self, name: str) -> str:
        """Signs somebody up as NAME@example.test; the id of the member."""
        body = {"email": f"{name}@example.test", "password": PASSWORD, "name": name, "time_zone": "Europe/Lisbon"}
        joined = self.made("POST", "/members", json=body)
        self.tokens[name] = joined["token"]
        return str(joined["id"])


@contextlib.contextmanager
def serving(database: Database, **settings: Any) -> Iterator[Api]:
    """The API over this database, with an empty cell in euros and Lisbon's time."""
    clock = Clock()
    connection = writer_connection(database.url(Role.WRITER))
    market = ApplyingMarket(connection, clock)
    pool = ReadPool(database.url(Role.READER), 4)
    context = ApiContext(Settings(**settings), SECRETS, market, Reader(pool, 5.0), clock)
    app: Any = create_litestar(context, on_shutdown=[pool.close])
    with TestClient(around(app, context)) as client:
        api = Api(app, client, market, clock)
        api.command(c.FoundCell(CELL, "EUR", "Europe/Lisbon", "test key", None))
        yield api
    connection.close()
