"""The embedded server starts on what any earlier run has left, and nowhere else."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from holdfast.db.embedded import EmbeddedServer
from holdfast.db.orphans import running_on
from holdfast.db.passwords import Passwords
from support.database import data_folder, start, stop


@pytest.fixture
def data() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


def test_after_kill_9_of_everything_but_a_frozen_backend_a_new_server_starts_with_the_same_data(data: Path) -> None:
    server = EmbeddedServer(data, Passwords.generate())
    server.prepare()
    first = start(server)
    with psycopg.connect(server.superuser_url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    witness = psycopg.connect(server.superuser_url("postgres"))
    port = server.port()
    os.kill(witness.info.backend_pid, signal.SIGSTOP)
    first.kill()
    first.wait()
    assert (server.folder / "postmaster.pid").exists()

    again = EmbeddedServer(data, server.passwords)
    again.wait_for_orphans(time.monotonic() + 2)
    assert running_on(again.folder) == set()
    again.prepare()
    assert again.port() == port
    second = start(again)
    with psycopg.connect(again.superuser_url("postgres")) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
    stop(second)
    witness.close()


def test_a_server_that_outlived_its_supervisor_is_ended_before_the_next_one(data: Path) -> None:
    server = EmbeddedServer(data, Passwords.generate())
    server.prepare()
    orphan = start(server)
    EmbeddedServer(data, server.passwords).wait_for_orphans(time.monotonic() + 30)
    assert orphan.wait(10) == 0
    assert running_on(server.folder) == set()


def test_an_initdb_that_was_cut_short_is_done_again(data: Path) -> None:
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer(data, Passwords.generate())
    server.prepare()
    stop(start(server))


def test_below_a_folder_that_only_its_owner_may_enter_the_server_runs(data: Path) -> None:
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedServer(closed / "data", Passwords.generate())
    server.prepare()
    stop(start(server))
    assert closed.stat().st_mode & 0o007 in (0, 1), "nobody else may list it"


def test_where_the_path_is_too_long_for_a_socket_a_short_one_is_used(data: Path) -> None:
    server = EmbeddedServer(data / ("x" * 100), Passwords.generate())
    server.prepare()
    child = start(server)
    assert list(server.sockets.glob(".s.PGSQL.*"))
    stop(child)
    server.sockets.rmdir()


def test_the_server_checks_its_pages_and_sorts_the_same_everywhere(server: EmbeddedServer) -> None:
    with psycopg.connect(server.superuser_url("postgres")) as connection:
        row = connection.execute(
            "SELECT current_setting('data_checksums'), current_setting('server_encoding'), current_setting('timezone'),"
            " datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row == ("on", "UTF8", "UTC", "b", "C.UTF-8")


def test_without_the_password_nobody_gets_in(server: EmbeddedServer) -> None:
    for host in (str(server.sockets), "127.0.0.1"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host=host, port=server.port(), user="postgres", dbname="postgres", password="wrong")
