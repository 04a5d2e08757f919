"""pgbench beside it: the same rows of one booking, on the same server, in a database of its own."""

import os
import re
import resource
import subprocess
from pathlib import Path

import psycopg
from msgspec import Struct

from bench.figures import Invalid
from bench.node import Node
from holdfast.db.binaries import bin_folder
from holdfast.db.migrate import migrate
from holdfast.db.passwords import Role
from holdfast.db.roles import ensure_database, ensure_roles

CLIENTS = 32
CALENDARS = 300
SLOTS = 8_000_100
"""A multiple of the calendars."""
A_RUN = 1_000_000
"""How far apart the runs' numbers begin."""
DATABASE = "pgbench"
SCRIPT = Path(__file__).with_name("booking.sql")

_TERMS = """
INSERT INTO cell.listing_terms
SELECT md5('listing' || n)::uuid, 1, ARRAY[md5('calendar' || n)::uuid], 'provider', 2500, 'visit', 30, 30, 30, 0, 0, 60,
    365, 120, true, '{48,24}', '{100,50}', now()
FROM generate_series(0, %s) AS n
"""
_BODY = "SELECT avg(length(body)) FROM (SELECT body FROM ledger.opening ORDER BY seq DESC LIMIT 1000) AS newest"


def prepare(node: Node) -> None:
    """Makes the database, with the tables of a cell and the listings that bookings refer to."""
    server = node.server
    ensure_database(server.superuser_url("postgres"), DATABASE)
    ensure_roles(server.superuser_url(DATABASE), node.secrets.database)
    migrate(server.url(Role.OWNER, DATABASE))
    with psycopg.connect(server.superuser_url(DATABASE)) as connection:
        connection.execute(_TERMS, [CALENDARS - 1])


def body_bytes(node: Node) -> int:
    """How long an opening's bytes are on average, of the newest that Holdfast wrote."""
    with psycopg.connect(node.server.superuser_url()) as connection:
        row = connection.execute(_BODY).fetchone()
        assert row is not None, "an aggregate has one row"
        return int(row[0])


def checkpoint(node: Node) -> None:
    """Writes all dirty pages now, so that no run pays for the one before."""
    with psycopg.connect(node.server.superuser_url(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")


class Peer(Struct, frozen=True):
    """One run: transactions a second, and µs of processor a transaction, the server's and the client's."""

    rate: float
    server_us: float
    client_us: float


def run(node: Node, number: int, seconds: float, body: int) -> Peer:
    """One run. Raises Invalid where a transaction failed."""
    server = node.server
    variables = {
        "i": 0,
        "base": number * A_RUN,
        "calendars": CALENDARS,
        "size": SLOTS,
        "body": "b" * body,
        "hash": r"\x" + "5a" * 32,
        "salt": r"\x" + "5a" * 16,
    }
    command = [str(bin_folder(node.settings.postgres_bin) / "pgbench"), "--no-vacuum", "--protocol=prepared"]
    command += [f"--client={CLIENTS}", "--jobs=2", f"--time={max(1, round(seconds))}", f"--file={SCRIPT}"]
    command += [f"--define={name}={value}" for name, value in variables.items()]
    environ = os.environ | {
        "PGHOST": str(server.sockets),
        "PGPORT": str(server.port()),
        "PGUSER": Role.WRITER.value,
        "PGPASSWORD": server.passwords.of(Role.WRITER),
        "PGDATABASE": DATABASE,
    }
    server_s, client_s = node.usage()["postgres"].cpu_s, _children_s()
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=seconds + 60, check=False)
    rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or rate is None or "failed transactions: 0 (" not in done.stdout:
        raise Invalid(f"pgbench: {(done.stderr or done.stdout)[-500:]}")
    count = int(re.findall(r"transactions actually processed: (\d+)", done.stdout)[0])
    return Peer(
        float(rate[1]),
        (node.usage()["postgres"].cpu_s - server_s) / count * 1e6,
        (_children_s() - client_s) / count * 1e6,
    )


def _children_s() -> float:
    """Processor time of our own children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
