"""`holdfast serve` on a real database: refused where it would do harm, and a killed database comes back."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from holdfast.db.embedded import EmbeddedServer
from holdfast.secrets import load_or_create
from support.until import until

Serve = subprocess.Popen[str]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _command(data: Path, port: int) -> tuple[list[str], dict[str, str]]:
    environ = {"PATH": os.environ["PATH"], "HOLDFAST_DATA": str(data), "HOLDFAST_PORT": str(port)}
    return [sys.executable, "-m", "holdfast", "serve"], environ


def _refusal(data: Path, port: int) -> str:
    command, environ = _command(data, port)
    answer = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    return answer.stderr


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Serve, Path]]:
    command, environ = _command(tmp_path / "d", _free_port())
    process = subprocess.Popen(command, env=environ, text=True)
    yield process, tmp_path / "d"
    process.terminate()
    assert process.wait(60) == 0


def _postmaster(data: Path) -> int:
    file = data / "run" / "postgres.pid"
    return int(until(lambda: file.exists() and file.read_text(), "PostgreSQL is started", 60))


def _answers(server: EmbeddedServer) -> bool:
    try:
        with psycopg.connect(server.superuser_url("postgres"), connect_timeout=2) as connection:
            return connection.execute("SELECT true").fetchone() == (True,)
    except (psycopg.OperationalError, FileNotFoundError):
        return False


def test_a_killed_database_is_started_again_and_a_second_serve_is_refused(served: tuple[Serve, Path]) -> None:
    process, data = served
    first = _postmaster(data)
    server = EmbeddedServer(data, load_or_create(data / "secrets").database)
    until(lambda: _answers(server), "the database answers", 60)
    assert f"(process {process.pid})" in _refusal(data, _free_port())
    os.kill(first, signal.SIGKILL)
    until(lambda: (data / "run" / "postgres.pid").exists() and _postmaster(data) != first, "a new postmaster", 60)
    until(lambda: _answers(server), "the database answers again", 60)


def test_a_port_that_another_program_has_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port}" in (told := _refusal(tmp_path, port))
        assert "HOLDFAST_PORT" in told


def test_a_database_without_its_keys_is_refused_and_gets_no_new_ones(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    assert "keys are gone" in _refusal(tmp_path, _free_port())
    assert not (tmp_path / "secrets").exists()
