"""The API before a real database, in one process: each request is decided at once, at the history's own time."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from psycopg import AsyncCursor

from holdfast.api.app import create_api
from holdfast.api.context import ApiContext
from holdfast.api.log import LOG_HANDLERS
from holdfast.core.apply import apply_batch
from holdfast.core.envelope import Envelope, Received, RelayAway, Reply, Waiting
from holdfast.core.tokens import mint
from holdfast.db.passwords import Passwords, Role
from holdfast.db.read_pool import ReadConnection, ReadPool
from holdfast.domain.ids import derive
from holdfast.domain.instants import DAY_US, MINUTE_US, Instant
from holdfast.domain.rows import MemberId, TokenId
from holdfast.reads.reader import Reader
from holdfast.secrets import Secrets
from holdfast.settings import Settings
from support.database import Database
from support.history import SECRET, History


class HistoryMarket:
    """The one path without relay and journal. `core_away`: commands stay received, in memory; `sent`: too far to be
    taken back; `relay_away`: nothing is known of them."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.core_away = self.sent = self.relay_away = False
        self.kept: dict[str, Envelope] = {}
        self.taken_back: set[str] = set()

    async def submit(self, envelope: Envelope, deadline_s: float) -> Reply:
        if self.core_away:
            self.kept[envelope.id] = envelope
            return Received(envelope.id, "receipt", envelope.received_at, envelope.valid_until)
        history = self.history
        applied = apply_batch(history.connection, SECRET, [envelope], lambda _core, _last: history.now)
        return applied.settled[0]

    async def waiting(self, command: str, actor: MemberId) -> Waiting | None:
        if self.relay_away:
            raise RelayAway
        one = self.kept.get(command)
        if one is None or one.actor != actor:
            return None
        return Waiting(
            one.id, one.actor, one.key, one.received_at, one.valid_until, "receipt", command in self.taken_back
        )

    async def withdraw(self, command: str, actor: MemberId) -> bool:
        if await self.waiting(command, actor) is None or command in self.taken_back or self.sent:
            return False
        self.taken_back.add(command)
        return True

    async def allow(self, bucket: str, per_minute: int) -> int:
        return 0


class _CountingCursor(AsyncCursor[Any]):
    executed = 0

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        _CountingCursor.executed += 1
        return await super().execute(*arguments, **options)


class _CountingPool(ReadPool):
    async def _open(self) -> ReadConnection:
        connection = await super()._open()
        connection.cursor_factory = _CountingCursor
        return connection


class Face:
    """Sends requests and waits for their answers. `queries`: how many the last request asked of the database."""

    def __init__(self, runner: asyncio.Runner, client: httpx.AsyncClient, context: ApiContext, market: HistoryMarket):
        self.runner = runner
        self.client = client
        self.context = context
        self.market = market
        self.history = market.history
        self.queries = 0
        self.sent = 0

    def send(
        self, method: str, path: str, as_: str | None = None, key: str | None = None, **options: Any
    ) -> httpx.Response:
        """as_: a member's id; key: the Idempotency-Key, a new one without it. Paths are below /api/v1, or /log."""
        self.sent += 1
        self.history.now = Instant(self.history.now + MINUTE_US)
        headers = {"Idempotency-Key": key or f"face-{self.sent}"}
        if as_ is not None:
            headers["Authorization"] = f"Bearer {self.token(as_)}"
        path = path if path.startswith("/log") else f"/api/v1{path}"
        before = _CountingCursor.executed
        answer = self.runner.run(self.client.request(method, path, headers=headers, **options))
        self.queries = _CountingCursor.executed - before
        return answer

    def get(self, path: str, as_: str | None = None, **params: Any) -> httpx.Response:
        return self.send("GET", path, as_, params=params)

    def post(self, path: str, as_: str | None = None, key: str | None = None, **body: Any) -> httpx.Response:
        return self.send("POST", path, as_, key, json=body)

    def token(self, member: str) -> str:
        name = TokenId(derive(SECRET, "token", member))
        return mint(self.context.token_key, MemberId(member), 1, name, Instant(self.history.now + DAY_US))


@contextmanager
def facing(database: Database, history: History) -> Iterator[Face]:
    """The API on the test's database, its clock the history's."""
    secrets = Secrets(SECRET, bytes(32), bytes(32), bytes(32), Passwords.generate())
    market = HistoryMarket(history)
    with asyncio.Runner() as runner:
        pool = _CountingPool(database.url(Role.READER), 4)
        context = ApiContext(Settings(data=Path("unused")), secrets, market, Reader(pool, 30), lambda: history.now)
        app = create_api(context, LOG_HANDLERS)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://cell.test")
        try:
            yield Face(runner, client, context, market)
        finally:
            runner.run(client.aclose())
            runner.run(pool.close())


def expect_invalid(answer: httpx.Response, field: str) -> None:
    """The answer is the problem that this one field has."""
    assert answer.status_code == 422, (field, answer.text)
    assert answer.json()["code"] == "invalid_input"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
