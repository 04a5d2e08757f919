"""A real PostgreSQL for tests: one server a pytest process, one database a test, copied from a migrated template."""

import contextlib
import ctypes
import itertools
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from holdfast.db.embedded import EmbeddedServer
from holdfast.db.migrate import migrate
from holdfast.db.passwords import Passwords, Role
from holdfast.db.roles import ensure_database, ensure_roles

TEMPLATE = "holdfast_template"
START_S = 60

_PR_SET_PDEATHSIG = 1
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """One database on a test's server."""

    server: EmbeddedServer
    name: str

    def url(self, role: Role) -> str:
        """Its URL for a role, by the Unix socket."""
        return self.server.url(role, self.name)

    @property
    def superuser_url(self) -> str:
        """Its URL for the superuser, by TCP."""
        return self.server.superuser_url(self.name)


def start(server: EmbeddedServer, *options: str) -> "subprocess.Popen[bytes]":
    """Start the server as a child that stops when this process ends, however it ends; return once it is ready."""
    libc = ctypes.CDLL(None)
    child = subprocess.Popen(
        [*server.argv(), *options],
        user=server.child_user(),
        group=server.child_group(),
        extra_groups=None if server.child_user() is None else [],
        cwd="/",
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT),
    )
    try:
        server.ready(START_S)
    except BaseException:
        stop(child)
        raise
    return child


def stop(child: "subprocess.Popen[bytes]") -> None:
    """Shut the server down fast; kill it if that takes too long."""
    child.send_signal(signal.SIGCONT)
    child.send_signal(signal.SIGINT)
    try:
        child.wait(30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@contextlib.contextmanager
def data_folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="holdfast-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running_server() -> Iterator[EmbeddedServer]:
    """A server of its own with a migrated template, stopped at the end. It does not fsync: it never survives a test."""
    with data_folder() as data:
        server = EmbeddedServer(data, Passwords.generate())
        server.prepare()
        child = start(server, "-c", "fsync=off", "-c", "shared_buffers=128MB")
        try:
            ensure_database(server.superuser_url("postgres"), TEMPLATE)
            ensure_roles(server.superuser_url(TEMPLATE), server.passwords)
            migrate(server.url(Role.OWNER, TEMPLATE))
            yield server
        finally:
            stop(child)
            server.wait_for_orphans(time.monotonic() + 10)


@contextlib.contextmanager
def new_database(server: EmbeddedServer, template: str = TEMPLATE) -> Iterator[Database]:
    """A copy of the template, dropped at the end with whoever is still connected to it."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server.superuser_url("postgres"), autocommit=True) as admin:
        names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        admin.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log").format(**names))
        try:
            if template != TEMPLATE:
                ensure_roles(server.superuser_url(name), server.passwords)
            yield Database(server, name)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))
