"""`holdfast verify` as a process: its exit status says what it found."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from holdfast.db.connect import writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.migrate import migrate
from holdfast.db.passwords import Role
from holdfast.db.roles import ensure_database, ensure_roles
from holdfast.log.verify import Report
from holdfast.secrets import load_or_create
from support.database import data_folder, start, stop
from support.history import fill


def run(data: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "holdfast", "verify", *options],
        env={**os.environ, "HOLDFAST_DATA": str(data)}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_status_0_is_clean_1_has_findings_2_could_not_check() -> None:
    with data_folder() as data:
        secrets = load_or_create(data / "secrets")
        server = EmbeddedServer(data, secrets.database)
        server.prepare()
        child = start(server, "-c", "fsync=off")
        try:
            ensure_database(server.superuser_url("postgres"), "holdfast")
            ensure_roles(server.superuser_url(), server.passwords)
            migrate(server.url(Role.OWNER))
            clean = run(data)
            assert (clean.returncode, clean.stderr) == (0, "")
            assert "no two claims of a calendar overlap" in clean.stdout
            with writer_connection(server.url(Role.WRITER)) as writer:
                fill(writer)  # signed with another key than the one in this folder's secrets
            found = run(data, "--json", str(data / "report.json"))
            assert found.returncode == 1
            assert "ledger.opening 0: body: the cell's public_key is not the key of this cell's secrets" in found.stdout
            assert not msgspec.json.decode((data / "report.json").read_bytes(), type=Report).clean
        finally:
            stop(child)
        away = run(data)
        assert_away(away)


def test_a_database_that_never_ran_is_named_in_one_line() -> None:
    with data_folder() as data:
        load_or_create(data / "secrets")
        assert_away(run(data))


def assert_away(answer: "subprocess.CompletedProcess[str]") -> None:
    assert answer.returncode == 2
    (line,) = answer.stderr.splitlines()
    assert "could not be checked: the database does not answer" in line
    assert line.endswith("holdfast serve starts it")
