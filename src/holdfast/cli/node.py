"""The node that a command line speaks of: its keys, its database, its relay. What is missing is said in one line."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg

from holdfast.continuity.client import RelayClient
from holdfast.continuity.clock import now
from holdfast.core.envelope import Busy, Received, Sender, envelop
from holdfast.db.passwords import Role
from holdfast.db.read_pool import ReadPool, ReadsUnavailable
from holdfast.domain.commands import AnyCommand
from holdfast.domain.rows import SYSTEM
from holdfast.reads.reader import Reader
from holdfast.secrets import Secrets, exists, load_or_create
from holdfast.settings import Refused, Settings
from holdfast.wiring import Databases

T = TypeVar("T")

READ_WITHIN_S = 30.0
SETTLED_WITHIN_S = 15.0


def keys_of(settings: Settings) -> Secrets:
    """The node's keys. Raises Refused where no node has ever run: nothing is made by asking."""
    if not exists(settings.secrets):
        raise Refused(
            f"no node has run in {settings.data} yet: start one with holdfast serve, or name another folder with "
            "HOLDFAST_DATA"
        )
    return load_or_create(settings.secrets)


def read(settings: Settings, secrets: Secrets, question: Callable[[Reader], Awaitable[T]]) -> T:
    """The answer of the node's database. Raises Refused where it gives none."""

    async def ask() -> T:
        pool = ReadPool(Databases(settings, secrets).url(Role.READER), 1)
        try:
            return await question(Reader(pool, READ_WITHIN_S))
        finally:
            await pool.close()

    try:
        return asyncio.run(ask())
    except (ReadsUnavailable, psycopg.Error, FileNotFoundError) as error:
        why = str(error).strip().partition("\n")[0]
        raise Refused(f"the database does not answer ({why}): holdfast serve starts it") from error


def command(settings: Settings, secrets: Secrets, key: str, wish: AnyCommand) -> str:
    """Sends a command of `system` through the running node's relay; its subject.

    Raises Refused with the refusal's name, or where no node runs or the core does not answer.
    """

    async def send() -> str:
        client = RelayClient(settings.relay_socket)
        envelope = envelop(secrets.cell_hmac, Sender(SYSTEM), key, wish, now())
        try:
            reply = await client.submit(envelope, SETTLED_WITHIN_S)
        finally:
            await client.close()
        if isinstance(reply, Busy):
            raise Refused(_busy(settings, reply.reason))
        if isinstance(reply, Received):
            raise Refused("received, not yet confirmed: the core does not answer; it is settled once the core is back")
        if reply.outcome.subject is None:
            raise Refused(f"refused: {reply.outcome.refusal}")
        return reply.outcome.subject

    return asyncio.run(send())


def _busy(settings: Settings, reason: str) -> str:
    if reason == "relay_away":
        return f"no node answers in {settings.data}: start it with holdfast serve, and try again"
    return f"the node does not take it now ({reason}): try again"
