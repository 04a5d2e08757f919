"""A read is answered by its deadline, or it is said that reads are unavailable."""

import asyncio
import os
import signal
import time

import psycopg
import pytest

from holdfast.db.passwords import Role
from holdfast.db.read_pool import ReadPool, ReadsUnavailable
from support.database import Database

SOON_S = 0.2
LATER_S = 30


def later() -> float:
    return time.monotonic() + LATER_S


def test_a_read_from_a_frozen_server_is_unavailable_and_the_next_one_works(database: Database) -> None:
    async def scenario() -> None:
        pool = ReadPool(database.url(Role.READER), 2)
        async with pool.connection(later()) as connection:
            pid = connection.info.backend_pid
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(ReadsUnavailable):
                async with pool.connection(time.monotonic() + SOON_S) as connection:
                    await connection.execute("SELECT 1")
            async with pool.connection(later()) as connection:
                assert connection.info.backend_pid != pid
                assert await (await connection.execute("SELECT 1")).fetchone() == (1,)
        finally:
            os.kill(pid, signal.SIGCONT)
            await pool.close()

    asyncio.run(scenario())


def test_while_the_postmaster_is_frozen_reads_are_unavailable_and_afterwards_they_work(database: Database) -> None:
    postmaster = int((database.server.folder / "postmaster.pid").read_text().split("\n", 1)[0])

    async def scenario() -> None:
        pool = ReadPool(database.url(Role.READER), 1)
        os.kill(postmaster, signal.SIGSTOP)
        try:
            with pytest.raises(ReadsUnavailable):
                async with pool.connection(time.monotonic() + SOON_S):
                    pass
        finally:
            os.kill(postmaster, signal.SIGCONT)
        async with pool.connection(later()) as connection:
            await connection.execute("SELECT 1")
        await pool.close()

    asyncio.run(scenario())


def test_a_connection_that_the_server_ended_is_replaced_before_anybody_notices(database: Database) -> None:
    async def scenario() -> None:
        pool = ReadPool(database.url(Role.READER), 2)
        async with pool.connection(later()) as connection:
            pid = connection.info.backend_pid
            watched = connection.pgconn.socket
        with psycopg.connect(database.superuser_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        gone = asyncio.Event()
        asyncio.get_running_loop().add_reader(watched, gone.set)
        await asyncio.wait_for(gone.wait(), LATER_S)
        asyncio.get_running_loop().remove_reader(watched)
        async with pool.connection(later()) as connection:
            assert await (await connection.execute("SELECT 1")).fetchone() == (1,)
        await pool.close()

    asyncio.run(scenario())


def test_who_finds_every_connection_taken_waits_no_longer_than_its_deadline(database: Database) -> None:
    async def scenario() -> None:
        pool = ReadPool(database.url(Role.READER), 1)
        async with pool.connection(later()):
            with pytest.raises(ReadsUnavailable):
                async with pool.connection(time.monotonic() + SOON_S):
                    pass
        async with pool.connection(later()) as connection:
            await connection.execute("SELECT 1")
        await pool.close()

    asyncio.run(scenario())


def test_a_cancelled_request_gives_its_place_back_at_once(database: Database) -> None:
    async def scenario() -> None:
        pool = ReadPool(database.url(Role.READER), 1)
        asked = asyncio.Event()

        async def read() -> None:
            async with pool.connection(later()) as connection:
                asked.set()
                await connection.execute("SELECT pg_sleep(60)")

        request = asyncio.create_task(read())
        await asked.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        async with pool.connection(time.monotonic() + LATER_S) as connection:
            await connection.execute("SELECT 1")
        await pool.close()

    asyncio.run(scenario())


def test_a_mistake_in_a_query_is_not_called_unavailable_and_spoils_nothing(database: Database) -> None:
    async def scenario() -> None:
        pool = ReadPool(database.url(Role.READER), 1)
        with pytest.raises(psycopg.errors.UndefinedTable):
            async with pool.connection(later()) as connection:
                await connection.execute("SELECT * FROM nowhere")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            async with pool.connection(later()) as connection:
                await connection.execute("CREATE TEMPORARY TABLE mine ()")
        await pool.close()

    asyncio.run(scenario())


def test_without_a_server_reads_are_unavailable() -> None:
    async def scenario() -> None:
        pool = ReadPool("postgresql://holdfast_reader@/holdfast?host=/nonexistent", 1)
        for _ in range(3):
            with pytest.raises(ReadsUnavailable):
                async with pool.connection(later()):
                    pass

    asyncio.run(scenario())
