"""A connection's deadline holds, whatever has become of the server."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from holdfast.db.connect import CoreConnection, DeadlinePassed, writer_connection
from holdfast.db.passwords import Role
from support.database import Database

SOON_S = 0.2


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def postmaster_of(database: Database) -> int:
    return int((database.server.folder / "postmaster.pid").read_text().split("\n", 1)[0])


def test_a_frozen_backend_costs_nobody_a_second_past_the_deadline(writer: CoreConnection) -> None:
    writer.execute("SELECT 1")
    with frozen(writer.info.backend_pid):
        with pytest.raises(DeadlinePassed), writer.until(time.monotonic() + SOON_S):
            writer.execute("SELECT 2")
        assert writer.closed


def test_a_deadline_that_passes_in_a_pipeline_or_a_transaction_block_is_told_as_such(database: Database) -> None:
    for block in ("pipeline", "transaction"):
        connection = writer_connection(database.url(Role.WRITER))
        with (
            frozen(connection.info.backend_pid),
            pytest.raises(DeadlinePassed),
            connection.until(time.monotonic() + SOON_S),
            getattr(connection, block)(),
        ):
            connection.execute("SELECT 1").fetchone()
        assert connection.closed


def test_a_passed_deadline_ends_a_query_that_merely_takes_long(writer: CoreConnection) -> None:
    with pytest.raises(DeadlinePassed), writer.until(time.monotonic() + SOON_S):
        writer.execute("SELECT pg_sleep(60)")
    assert writer.closed


def test_a_deadline_that_was_met_leaves_the_connection_as_it_was(writer: CoreConnection) -> None:
    with writer.until(time.monotonic() + 60):
        assert writer.execute("SELECT 1").fetchone() == (1,)
    assert writer.deadline is None
    assert writer.execute("SELECT 2").fetchone() == (2,)


def test_connecting_to_a_frozen_postmaster_ends(database: Database) -> None:
    with frozen(postmaster_of(database)), pytest.raises(psycopg.OperationalError):
        writer_connection(database.url(Role.WRITER), connect_timeout=2)


def test_the_writer_cannot_keep_what_it_locked(database: Database) -> None:
    with writer_connection(database.url(Role.WRITER)) as connection:
        settings = "transaction_timeout", "idle_in_transaction_session_timeout", "statement_timeout", "lock_timeout"
        values = [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in settings]
        assert values == [("10s",), ("5s",), ("10s",), ("0",)]
        connection.rollback()
