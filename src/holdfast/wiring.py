"""The only place that knows everything: makes a node's processes out of their parts.

Each process imports its own parts when it starts: a relay has no need of a web framework's memory.
"""

import asyncio
import contextlib
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import psycopg
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg.conninfo import make_conninfo

from holdfast.continuity.client import RelayClient
from holdfast.continuity.clock import now
from holdfast.core.apply import apply_batch
from holdfast.core.genesis import Identity, genesis
from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.embedded import DATABASE, EmbeddedServer
from holdfast.db.migrate import migrate
from holdfast.db.passwords import Role
from holdfast.db.read_pool import ReadPool
from holdfast.db.roles import ensure_database, ensure_roles
from holdfast.domain.instants import Instant
from holdfast.domain.rows import MemberId, TokenId
from holdfast.log.note import encode64, public_bytes
from holdfast.log.receipts import node_id_of
from holdfast.reads.reader import Reader
from holdfast.secrets import Secrets, load_or_create
from holdfast.settings import Refused, Settings, load

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.types import ASGIApp, ControllerRouterHandler

_log = structlog.get_logger(__name__)

READ_CONNECTIONS = 8
CORE_WAIT_S = 1.0
CORE_ANSWERS_S = 2
_MB = 1 << 20


class Databases:
    """The URLs under which this node reaches its database, by role."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        self._secrets = secrets
        self._own = settings.database_url
        self._embedded = EmbeddedServer(settings.data, secrets.database, settings.postgres_bin)

    def url(self, role: Role) -> str:
        """For one of the three roles."""
        if not self._own:
            return self._embedded.url(role)
        return make_conninfo(self._own, user=role.value, password=self._secrets.database.of(role))

    def admin_url(self) -> str:
        """For whoever makes roles and extensions."""
        return self._own or self._embedded.superuser_url()

    def prepare(self) -> None:
        """Makes roles and schema what this version needs. Idempotent."""
        if not self._own:
            ensure_database(self._embedded.superuser_url("postgres"), DATABASE)
        ensure_roles(self.admin_url(), self._secrets.database)
        migrate(self.url(Role.OWNER))


def prepare(settings: Settings, secrets: Secrets) -> Identity:
    """Database migrated, cell founded or seeded, node admitted: what a relay needs before its first command.

    Once a node knows its cell it starts without a core. Raises psycopg.Error where there is no database yet.
    """
    known = settings.data / "cell.json"
    databases = Databases(settings, secrets)
    try:
        if known.exists():
            _ask_whether_away(databases.url(Role.WRITER))
        databases.prepare()
        with writer_connection(databases.url(Role.WRITER)) as connection:
            if settings.demo:
                _seed(connection, secrets)
            identity = _identity(connection, settings, secrets)
    except psycopg.OperationalError as error:
        if not known.exists():
            raise
        _log.warning("the core is away: starting with what this node knows", reason=str(error))
        return msgspec.json.decode(known.read_bytes(), type=Identity)
    _write(known, msgspec.json.encode(identity))
    return identity


def _ask_whether_away(url: str) -> None:
    """Raises psycopg.OperationalError for a core that does not answer now: one that is frozen would hold up what
    follows for as long as it stays so, and with it all that the journal keeps."""
    deadline = time.monotonic() + CORE_ANSWERS_S
    with writer_connection(url, connect_timeout=CORE_ANSWERS_S) as connection, connection.until(deadline):
        connection.execute("SELECT true")


def _seed(connection: CoreConnection, secrets: Secrets) -> None:
    """A demo's past, as far as it is not there yet."""
    from holdfast.demo.progress import progress
    from holdfast.demo.seed import seed

    with progress() as report:
        seed(connection, secrets, report)


def _identity(connection: CoreConnection, settings: Settings, secrets: Secrets) -> Identity:
    """The cell in the database; in an empty one the cell that is founded there now."""
    row = connection.execute("SELECT id, currency, zone, public_key FROM cell.cell").fetchone()
    connection.rollback()
    public_key = encode64(public_bytes(Ed25519PrivateKey.from_private_bytes(secrets.cell_ed25519)))
    if row is not None:
        identity = Identity(*row)
        if identity.public_key != public_key:
            raise Refused(
                f"the database holds cell {identity.id}, whose log is signed with another key than the one in "
                f"{settings.secrets}: restore that folder from your backup, or name another database"
            )
        return identity
    identity = Identity(str(uuid.uuid4()), settings.currency, settings.zone, public_key)
    node_key = public_bytes(Ed25519PrivateKey.from_private_bytes(secrets.node_ed25519))
    envelopes = genesis(secrets.cell_hmac, identity, node_id_of(node_key), encode64(node_key), now())
    apply_batch(connection, secrets.cell_hmac, envelopes)
    return identity


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def relay() -> None:
    """The relay's process: waits for a database the first time, and never again."""
    import uvloop

    from holdfast.continuity.relay import RelayConfig, run_relay

    settings = load(os.environ)
    secrets = load_or_create(settings.secrets)
    identity = _prepared(settings, secrets)
    config = RelayConfig(
        cell_id=identity.id,
        cell_hmac=secrets.cell_hmac,
        cell_key=secrets.cell_ed25519,
        node_key=secrets.node_ed25519,
        journal_key=secrets.node_journal,
        data=settings.data,
        socket=settings.relay_socket,
        connect=partial(writer_connection, Databases(settings, secrets).url(Role.WRITER)),
        batch_most=settings.batch_max,
        journal_most_bytes=settings.journal_max_mb * _MB,
        posts_per_minute=settings.post_limit_per_minute,
        quota=settings.journal_quota_per_member,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_relay(config))


def _prepared(settings: Settings, secrets: Secrets) -> Identity:
    while True:
        try:
            identity = prepare(settings, secrets)
            warn_of_unkept(identity, os.environ)
            return identity
        except psycopg.OperationalError as error:
            _log.warning("waiting for the database", reason=str(error))
            time.sleep(CORE_WAIT_S)


def warn_of_unkept(identity: Identity, environ: Mapping[str, str]) -> None:
    """Says which settings mean nothing here: a cell keeps the currency and the zone that it was founded with."""
    for name, kept in (("HOLDFAST_CURRENCY", identity.currency), ("HOLDFAST_ZONE", identity.zone)):
        if environ.get(name, kept) != kept:
            _log.warning(f"{name} changes nothing: the cell was founded with another", cell=kept, setting=environ[name])


def web() -> None:
    """The HTTP processes."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops

    settings = load(os.environ)
    Granian(
        "holdfast.wiring:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        factory=True,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        log_access=False,
        backlog=4096,
        workers_kill_timeout=5,
    ).serve()


def application() -> "ASGIApp":
    """The ASGI application of one HTTP process; Granian calls it in each."""
    from granian.utils.proxies import wrap_asgi_with_proxy_headers

    from holdfast.api.app import create_api
    from holdfast.api.context import ApiContext
    from holdfast.api.log import LOG_HANDLERS
    from holdfast.web.pages import routes as pages

    settings = load(os.environ)
    secrets = load_or_create(settings.secrets)
    pool = ReadPool(Databases(settings, secrets).url(Role.READER), READ_CONNECTIONS)
    client = RelayClient(settings.relay_socket)
    reader = Reader(pool, settings.deadline_ms / 1000)
    context = ApiContext(settings, secrets, client, reader, now)

    @contextlib.asynccontextmanager
    async def lifespan(app: "Litestar") -> AsyncIterator[None]:
        yield
        await client.close()
        await pool.close()

    beside: list[ControllerRouterHandler] = [*LOG_HANDLERS, *pages(settings, secrets, client, reader, now)]
    app = create_api(context, beside, lifespan=[lifespan])
    if not settings.trusted_proxies:
        return app
    behind_proxies: ASGIApp = wrap_asgi_with_proxy_headers(app, settings.trusted_proxies)
    return behind_proxies


def jobs() -> None:
    """The process of the reconcilers."""
    settings = load(os.environ)
    asyncio.run(_run_jobs(settings, load_or_create(settings.secrets)))


async def _run_jobs(settings: Settings, secrets: Secrets) -> None:
    from holdfast.jobs.rounds import run_rounds

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pool = ReadPool(Databases(settings, secrets).url(Role.READER), size=1)
    reader = Reader(pool, settings.deadline_ms / 1000)
    market = RelayClient(settings.relay_socket)
    await run_rounds(market, reader, secrets.cell_hmac, now, settings.jobs_interval_s, stop)
    await market.close()
    await pool.close()


def token_minter(secrets: Secrets) -> Callable[[MemberId, int, TokenId, Instant], str]:
    """Makes bearer tokens as sign-in does: of a member, as of an epoch, under an id, until an instant."""
    from holdfast.core.tokens import mint

    return partial(mint, secrets.subkey("token"))
