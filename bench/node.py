"""A node of the bench's own: its folder, its database alone or the whole of it, ended whatever happens."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from bench.figures import Invalid
from bench.processes import Usage, free_port, usage
from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.passwords import Role
from holdfast.secrets import Secrets, load_or_create
from holdfast.settings import PREFIX, Settings, load
from holdfast.wiring import Databases

READY_S = 120.0
STOP_S = 30.0
PARTS = ("web", "relay", "jobs", "postgres")
POSTS_A_MINUTE = "1000000"
"""The bench's customers book faster than people do."""


class Node(Struct, frozen=True):
    """A folder with its settings and keys; `environ` makes any holdfast command speak of this node."""

    environ: dict[str, str]
    settings: Settings
    secrets: Secrets

    @property
    def server(self) -> EmbeddedServer:
        return EmbeddedServer(self.settings.data, self.secrets.database, self.settings.postgres_bin)

    @property
    def log(self) -> Path:
        """What its processes wrote."""
        return self.settings.data / "bench.log"

    def writer(self) -> CoreConnection:
        """A connection as the relay has one."""
        connection = writer_connection(Databases(self.settings, self.secrets).url(Role.WRITER))
        connection.prepare_threshold = 1
        return connection

    def usage(self) -> dict[str, Usage]:
        """By part, of a node that runs."""
        files = {part: self.settings.run / f"{part}.pid" for part in PARTS}
        return {part: usage(int(file.read_text())) for part, file in files.items() if file.exists()}

    def holdfast(self, *arguments: str, timeout_s: float = 300.0) -> subprocess.CompletedProcess[str]:
        """Runs a command of this node's to its end."""
        command = [sys.executable, "-m", "holdfast", *arguments]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=timeout_s, check=False)


def new_node(folder: Path) -> Node:
    """Settings and keys of a node in this folder, on a port of its own. Nothing runs yet."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environ |= {
        "HOLDFAST_DATA": str(folder),
        "HOLDFAST_PORT": str(free_port()),
        "HOLDFAST_POST_LIMIT_PER_MINUTE": POSTS_A_MINUTE,
    }
    settings = load(environ)
    return Node(environ, settings, load_or_create(settings.secrets))


@contextmanager
def database(node: Node) -> Iterator[None]:
    """The node's embedded server alone, migrated; stopped at the end."""
    server = node.server
    server.prepare()
    process = subprocess.Popen(
        server.argv(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=server.child_user(),
        group=server.child_group(),
        extra_groups=None if server.child_user() is None else [],
        cwd="/",
        process_group=0,
    )
    try:
        server.ready(READY_S)
        Databases(node.settings, node.secrets).prepare()
        yield
    finally:
        process.send_signal(2)  # SIGINT: a fast shutdown, with a checkpoint
        process.wait(STOP_S)


@contextmanager
def running(node: Node, verb: str, path: str) -> Iterator[float]:
    """`holdfast VERB`, given once a GET of the path is answered 200: in how many seconds that was."""
    began = time.monotonic()
    with node.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "holdfast", verb],
            env=node.environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
        )
    try:
        _await_answer(node, process, path)
        yield time.monotonic() - began
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()  # its children are told by the kernel


def _await_answer(node: Node, process: subprocess.Popen[bytes], path: str) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(OSError, http.client.HTTPException):
            if get(node, path)[0] == 200:
                return
        time.sleep(0.05)
    tail = "\n".join(node.log.read_text(errors="replace").splitlines()[-8:])
    raise Invalid(f"{path} was not answered within {READY_S:.0f} s. The node said:\n{tail}")


def get(node: Node, path: str) -> tuple[int, bytes]:
    """Status and body of one GET."""
    connection = http.client.HTTPConnection("127.0.0.1", node.settings.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
