"""A node as people run it: `holdfast serve` in a folder of its own, whose parts a test kills and freezes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg

from holdfast.db.embedded import EmbeddedServer
from holdfast.secrets import Secrets, load_or_create
from support.database import data_folder
from support.until import until

START_S = 120.0
CLIENT_TIMEOUT_S = 30.0
STOP_S = 40.0
TAIL_CHARS = 4000
NOT_PASSED_ON = ("HOLDFAST_", "PYTHONDONTWRITEBYTECODE")  # compiling every module at each start takes half a minute


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Node:
    """`holdfast serve` with HOLDFAST_* settings by their short names, such as deadline_ms="300"."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self._settings = {"data": str(data), "port": str(self.port), **settings}
        self._log = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=CLIENT_TIMEOUT_S, limits=limits)

    @property
    def secrets(self) -> Secrets:
        return load_or_create(self.data / "secrets")

    def environ(self) -> dict[str, str]:
        """This process's environment without settings, and the node's settings."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
        return plain | {f"HOLDFAST_{name.upper()}": value for name, value in self._settings.items()}

    def holdfast(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another `holdfast` command with this node's settings, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "holdfast", *arguments],
            env=self.environ(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, verb: str = "serve") -> None:
        """Starts the node, or a demo, and waits until it takes bookings."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "holdfast", verb],
                env=self.environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        self.until_up()

    def until_up(self) -> None:
        """Waits until the pages read from the database and every part is there."""
        until(self.is_up, f"the node is up; it says:\n{self.said()}", START_S)

    def is_up(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"serve ended:\n{self.said()}"
        try:
            return self.http.get("/api/v1/categories", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ends it as Ctrl-C does, and gives its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOP_S)

    def said(self) -> str:
        """The end of what it logged."""
        return self.all_said()[-TAIL_CHARS:] or "nothing"

    def all_said(self) -> str:
        """Everything that it logged and printed."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def pid(self, part: str) -> int:
        """The part's process, from its pid file; waits for one that is being started."""
        file = self.data / "run" / f"{part}.pid"
        return int(until(lambda: file.exists() and file.read_text().strip(), f"{part} is started", START_S))

    def kill(self, part: str) -> int:
        """Kills the part (-9). Gives the pid that it had."""
        pid = self.pid(part)
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_all(self) -> None:
        """Kills serve and everything below it (-9), as a power cut would."""
        assert self.process is not None
        for pid in descendants(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(STOP_S)

    @contextlib.contextmanager
    def frozen(self, part: str, *, alone: bool = False) -> Iterator[None]:
        """SIGSTOP to the part and, unless alone, all its descendants; SIGCONT at the end."""
        pids = {self.pid(part)} if alone else descendants(self.pid(part))
        send(pids, signal.SIGSTOP)
        try:
            yield
        finally:
            send(pids, signal.SIGCONT)

    def database_url(self) -> str:
        """The superuser's URL of its database, for looking at rows and for spoiling them."""
        return EmbeddedServer(self.data, self.secrets.database).superuser_url()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database_url(), autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def spoil(self, statement: str) -> None:
        """Changes rows as nobody should: as the superuser, past every role and rule."""
        with psycopg.connect(self.database_url(), autocommit=True) as connection:
            assert connection.execute(statement.encode()).rowcount > 0, statement

    def end(self) -> None:
        """Whatever state the test left it in: nothing of it runs afterwards."""
        self.http.close()
        if self.process is None or self.process.poll() is not None:
            return
        send(descendants(self.process.pid), signal.SIGCONT)
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.kill_all()


def send(pids: set[int], number: signal.Signals) -> None:
    """Signals each process that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def descendants(pid: int) -> set[int]:
    """The process and all below it, from /proc."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    found, border = {pid}, [pid]
    while border:
        border = [child for parent in border for child in parents.get(parent, [])]
        found.update(border)
    return found


def running(pids: set[int]) -> set[int]:
    """Those that have not ended; a zombie has."""
    left = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                left.add(pid)
    return left


@contextlib.contextmanager
def new_node(**settings: str) -> Iterator[Node]:
    """A node in a folder that is gone afterwards, not started yet. What it logged is shown if the test fails."""
    with data_folder() as folder:
        node = Node(folder / "d", **settings)
        try:
            yield node
        except BaseException:
            print(f"--- the node said:\n{node.said()}", file=sys.stderr)
            raise
        finally:
            node.end()
