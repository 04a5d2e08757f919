"""`holdfast serve`: runs a node, that is its database, relay, pages and jobs, and restarts what dies."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable

import typer

from holdfast.cli.processes import Child, end_leftovers, only_one
from holdfast.cli.supervisor import supervise
from holdfast.db.binaries import PostgresUnusable
from holdfast.db.embedded import EmbeddedServer, ServerNotReady
from holdfast.db.places import SocketFolderUnsafe
from holdfast.db.system_user import child_entry
from holdfast.secrets import Secrets, exists, load_or_create
from holdfast.settings import Refused, Settings, load

app = typer.Typer()

ORPHANS_WAIT_S = 10.0
LEFTOVERS_WAIT_S = 15.0
PROBE_S = 0.2
PATIENCE_S = 15.0
SEEDING_S = 300.0  # what the relay of a demo may take to fill its cell, the first time


@app.command("serve")
def serve() -> None:
    """Run this node until Ctrl-C: database, relay, pages and jobs."""
    settings = load(os.environ)
    run_node(settings, lambda: typer.echo(f"Holdfast serves {settings.public_url} - Ctrl-C stops it"))


def run_node(settings: Settings, when_ready: Callable[[], None]) -> None:
    """Supervise this node's processes until a signal; `when_ready` is called once, when all of them are up.

    They get the environment of this process, so the settings must be those of the environment. Raises Refused.
    """
    with only_one(settings.run):
        end_leftovers(settings.run, LEFTOVERS_WAIT_S)
        _refuse_taken_port(settings)
        supervise(node(settings, _keys(settings)), settings.run, when_ready)


def node(settings: Settings, secrets: Secrets) -> list[Child]:
    """The processes of a node, in the order of their start."""
    own_database = () if settings.database_url else (_postgres(settings, secrets),)
    patience_s = SEEDING_S if settings.demo else PATIENCE_S
    relay = Child(
        name="relay",
        argv=_part("relay"),
        ready=lambda: _accepts(socket.AF_UNIX, str(settings.relay_socket)),
        after=tuple(child.name for child in own_database),
    )
    web = Child(
        name="web",
        argv=_part("web"),
        ready=lambda: _accepts(_family(settings), (settings.host, settings.port)),
        after=("relay",),
        patience_s=patience_s,
    )
    jobs = Child(name="jobs", argv=_part("jobs"), after=("relay",), patience_s=patience_s)
    return [*own_database, relay, web, jobs]


def _part(name: str) -> list[str]:
    return [sys.executable, "-m", "holdfast", "run", name]


def _postgres(settings: Settings, secrets: Secrets) -> Child:
    server = EmbeddedServer(settings.data, secrets.database, settings.postgres_bin)
    other_user = child_entry()
    try:
        argv = server.argv()
    except PostgresUnusable as error:
        raise Refused(str(error)) from error
    return Child(
        name="postgres",
        argv=argv,
        before=lambda: _prepare(server),
        ready=lambda: _answers(server),
        stop_signal=signal.SIGINT,  # its "fast shutdown": SIGTERM would wait for every connection to end by itself
        user=other_user.pw_uid if other_user else None,
        group=other_user.pw_gid if other_user else None,
    )


def _prepare(server: EmbeddedServer) -> None:
    """A postmaster that was killed leaves backends, and no new one may start before they are gone."""
    server.wait_for_orphans(time.monotonic() + ORPHANS_WAIT_S)
    try:
        server.prepare()
    except (PostgresUnusable, SocketFolderUnsafe) as error:
        raise Refused(str(error)) from error


def _answers(server: EmbeddedServer) -> bool:
    try:
        server.ready(0)
    except ServerNotReady:
        return False
    return True


def _accepts(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(PROBE_S)
        return probe.connect_ex(address) == 0


def _keys(settings: Settings) -> Secrets:
    if (settings.data / "postgres").exists() and not exists(settings.secrets):
        raise Refused(
            f"{settings.data} holds a database, but its keys are gone: restore {settings.secrets} from your backup. "
            "New keys would not fit what the cell has signed and named"
        )
    return load_or_create(settings.secrets)


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket(_family(settings), socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that linger are no reason to refuse
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Refused(
                f"cannot serve on {settings.host} port {settings.port} ({error.strerror}): "
                "set another with HOLDFAST_HOST or HOLDFAST_PORT"
            ) from error


def _family(settings: Settings) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in settings.host else socket.AF_INET
