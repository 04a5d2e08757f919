"""The PostgreSQL that Holdfast brings with it: its folder, its settings, and how to run and reach it."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from psycopg import pq

from holdfast.db.binaries import bin_folder
from holdfast.db.orphans import end_orphans
from holdfast.db.passwords import Passwords, Role
from holdfast.db.places import own_folder, remembered_port, socket_folder
from holdfast.db.server_settings import server_settings
from holdfast.db.system_user import child_entry, let_run, let_through

DATABASE = "holdfast"
SUPERUSER = "postgres"

_LOG_MAX_BYTES = 16 * 1024 * 1024
_INITDB_TIMEOUT_S = 120


class ServerNotReady(Exception):
    """The embedded server did not take connections in time; the text ends with its log's last lines."""


class EmbeddedServer:
    """One PostgreSQL on one data folder. It is the supervisor that starts and stops its process: see argv()."""

    def __init__(self, data: Path, passwords: Passwords, postgres_bin: Path | None = None) -> None:
        self.data = data.resolve()
        self.passwords = passwords
        self.folder = self.data / "postgres"
        self.log = self.data / "logs" / "postgres.log"
        self.sockets = socket_folder(self.data)
        self._given_bin = postgres_bin
        self._bin: Path | None = None
        self._child: pwd.struct_passwd | None = None
        self._port = 0

    def prepare(self) -> None:
        """Make or check the folder, choose the port, write the settings. Call it before each start, not while it runs.

        Raises PostgresUnusable (no PostgreSQL, or older than 18), SocketFolderUnsafe, subprocess.CalledProcessError.
        """
        self._bin = bin_folder(self._given_bin)
        self._child = child_entry()
        uid, gid = self._ids()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        own_folder(self.sockets, uid, gid)
        if self._child is not None:
            for path in (self._bin / "postgres", self.folder, self.log, self.sockets):
                let_through(path, uid)
            if self._given_bin is None:
                let_run(self._bin.parent)
        self.log.touch(mode=0o600)
        self._give(self.log)
        self.bound_log()
        if not self.folder.exists():
            self._initdb()
        self._port = remembered_port(self.data / "postgres-port")
        settings = self.folder / "holdfast.conf"
        settings.write_text(server_settings(self._port, self.sockets, self.log))
        self._give(settings)

    def argv(self) -> list[str]:
        """The command that runs the server in the foreground, as child_user(). SIGINT stops it; SIGTERM waits first."""
        return [str(self._programs() / "postgres"), "-D", str(self.folder)]

    def child_user(self) -> int | None:
        """The uid to run argv() as (subprocess.Popen's `user`); None: as oneself."""
        return self._child.pw_uid if self._child else None

    def child_group(self) -> int | None:
        """The gid to run argv() as (subprocess.Popen's `group`, with `extra_groups=[]`); None: as oneself."""
        return self._child.pw_gid if self._child else None

    def ready(self, timeout_s: float) -> None:
        """Return as soon as the server takes connections. Raises ServerNotReady when it has not in time."""
        deadline = time.monotonic() + timeout_s
        probe = f"host='{self.sockets}' port={self.port()} dbname=postgres user={SUPERUSER} connect_timeout=2".encode()
        while pq.PGconn.ping(probe) != pq.Ping.OK:
            if time.monotonic() > deadline:
                raise ServerNotReady(
                    f"PostgreSQL was not ready after {timeout_s:g} s. {self.log} ends:\n{self._tail()}"
                )
            time.sleep(0.02)

    def wait_for_orphans(self, deadline: float) -> None:
        """End what a killed supervisor or postmaster left running on this folder (time.monotonic() seconds)."""
        end_orphans(self.folder, deadline)

    def bound_log(self) -> None:
        """Move the log aside once it is larger than 16 MB. The server appends, so it may run meanwhile."""
        if self.log.exists() and self.log.stat().st_size > _LOG_MAX_BYTES:
            shutil.copy(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)

    def port(self) -> int:
        """The TCP port on 127.0.0.1, which the Unix socket's name carries too."""
        return self._port or int((self.data / "postgres-port").read_text())

    def url(self, role: Role, database: str = DATABASE) -> str:
        """The URL of a database for a role, by the Unix socket."""
        where = f"host={quote(str(self.sockets), safe='')}&port={self.port()}"
        return f"postgresql://{role}:{self.passwords.of(role)}@/{database}?{where}"

    def superuser_url(self, database: str = DATABASE) -> str:
        """The superuser's URL, by TCP on 127.0.0.1, which every tool understands."""
        return f"postgresql://{SUPERUSER}:{self.passwords.superuser}@127.0.0.1:{self.port()}/{database}"

    def _ids(self) -> tuple[int, int]:
        return (self._child.pw_uid, self._child.pw_gid) if self._child else (os.geteuid(), os.getegid())

    def _programs(self) -> Path:
        if self._bin is None:
            self._bin = bin_folder(self._given_bin)
        return self._bin

    def _give(self, path: Path) -> None:
        if self._child is not None:
            os.chown(path, *self._ids())

    def _initdb(self) -> None:
        """Make the cluster beside its place and move it there: one that was cut short is never taken for whole."""
        draft = self.data / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._give(draft)
        with tempfile.NamedTemporaryFile("w", suffix=".password") as secret:
            secret.write(self.passwords.superuser)
            secret.flush()
            self._give(Path(secret.name))
            command = [str(self._programs() / "initdb"), "--pgdata", str(draft), "--username", SUPERUSER]
            command += ["--pwfile", secret.name, "--auth", "scram-sha-256", "--encoding", "UTF8", "--data-checksums"]
            # The builtin provider needs no ICU and sorts the same on every machine and after every upgrade.
            command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
            self._run_as_child(command)
        with (draft / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude 'holdfast.conf'\n")
        draft.rename(self.folder)

    def _run_as_child(self, command: list[str]) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_INITDB_TIMEOUT_S, check=False, cwd="/",
            user=self.child_user(), group=self.child_group(), extra_groups=[] if self._child else None,
        )  # fmt: skip
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)

    def _tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else "(no log)"
