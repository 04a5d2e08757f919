"""What the embedded server does to its folder without running."""

import os
from pathlib import Path

from holdfast.db.embedded import EmbeddedServer
from holdfast.db.passwords import Passwords, Role


def test_a_log_that_has_grown_is_moved_aside(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, Passwords.generate())
    server.log.parent.mkdir()
    server.log.write_bytes(b"first\n")
    server.bound_log()
    assert server.log.read_bytes() == b"first\n"
    os.truncate(server.log, 17 * 1024 * 1024)
    server.bound_log()
    assert server.log.stat().st_size == 0
    assert server.log.with_name("postgres.log.1").read_bytes().startswith(b"first\n")


def test_urls_name_the_role_its_password_and_where_the_server_listens(tmp_path: Path) -> None:
    passwords = Passwords("super", "own", "write", "read")
    (tmp_path / "postgres-port").write_text("5555\n")
    server = EmbeddedServer(tmp_path, passwords)
    assert server.superuser_url() == "postgresql://postgres:super@127.0.0.1:5555/holdfast"
    assert server.url(Role.READER).startswith("postgresql://holdfast_reader:read@/holdfast?host=%2F")
