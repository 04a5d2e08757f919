"""Bookings a second through HTTP, beside pgbench in turns; what each process spends; one booking's latency."""

from collections.abc import Sequence

import psycopg
from msgspec import Struct

from bench import pgbench, requests
from bench.figures import Figures, Invalid, middle, percentile, spread
from bench.generator import Job, Shot, shoot
from bench.node import Node
from bench.plan import Plan
from bench.requests import Slots

CONNECTIONS = 256
FASTEST = 6000
"""More bookings a second than one run of the generator will ever need."""

_PLACED = "SELECT count(*), count(DISTINCT batch) FROM ledger.outcome WHERE refusal IS NULL AND batch >= %s"
_SIZE = "SELECT size FROM ledger.head"


class Run(Struct, frozen=True):
    """One run: bookings a second, µs of processor a booking by part, how many bookings a batch held."""

    rate: float
    cpu_us: dict[str, float]
    batch: float


def measure(node: Node, tokens: Sequence[str], slots: Slots, plan: Plan, figures: Figures) -> float:
    """Adds the figures; returns how many bookings a batch held."""
    pgbench.prepare(node)
    shoot(_job(node, tokens, slots, CONNECTIONS, plan.warm_s))
    body = pgbench.body_bytes(node)
    pgbench.run(node, 0, plan.warm_s, body)
    runs, peers = [], []
    for number in range(1, plan.repeats + 1):
        pgbench.checkpoint(node)
        runs.append(_run(node, tokens, slots, plan.run_s))
        pgbench.checkpoint(node)
        peers.append(pgbench.run(node, number, plan.run_s, body))
        figures.console.print(f"  run {number}: {runs[-1].rate:,.0f} bookings/s, pgbench {peers[-1].rate:,.0f}/s")
    _add(figures, plan, runs, peers, body)
    for connections in (1, 16):
        _latency(node, tokens, slots, connections, plan, figures)
    return middle([run.batch for run in runs])


def _add(figures: Figures, plan: Plan, runs: list[Run], peers: list[pgbench.Peer], body: int) -> None:
    rates, others = [run.rate for run in runs], [peer.rate for peer in peers]
    figures.add(
        "bookings_http_per_s",
        middle(rates),
        "bookings/s",
        f"{spread(rates)}; {plan.run_s:g} s each after {plan.warm_s:g} s of warm-up; {CONNECTIONS} connections, each "
        "with one POST /api/v1/bookings under way, on distinct free slots in random order, without offer or note; "
        "2,000 customers; journal, log, jobs on; only 201s count, and anything else would void the run; the load "
        "generator shares the machine. HOLDFAST_POST_LIMIT_PER_MINUTE is raised, all else is as it comes",
    )
    figures.add(
        "pgbench_per_s",
        middle(others),
        "transactions/s",
        f"{spread(others)}; {plan.run_s:g} s each, in turns with the runs above; bench/booking.sql, -M prepared, "
        f"{pgbench.CLIENTS} clients, same server and settings, same tables in a database of their own, openings of "
        f"{body} bytes; a CHECKPOINT before each run of either",
    )
    figures.add(
        "bookings_http_over_pgbench",
        middle(rates) / middle(others),
        "ratio",
        "bookings_http_per_s / pgbench_per_s",
    )
    _add_processor_time(figures, runs, peers)
    batches = [run.batch for run in runs]
    figures.add("bookings_a_batch", middle(batches), "bookings", f"{spread(batches)}; in the same runs")


def _add_processor_time(figures: Figures, runs: list[Run], peers: list[pgbench.Peer]) -> None:
    """What a booking costs each kind of process: on a machine that others use, too, it says more than the rates."""
    names = {"web": "HTTP workers", "relay": "relay", "postgres": "PostgreSQL", "generator": "the load generator"}
    for part, name in names.items():
        how = f"processor time of {name} (/proc, all processes of it) in the runs of bookings_http_per_s"
        figures.add(f"cpu_{part}_us", middle([run.cpu_us[part] for run in runs]), "µs/booking", how)
    how = "in the runs of pgbench_per_s"
    server, client = [peer.server_us for peer in peers], [peer.client_us for peer in peers]
    figures.add("cpu_pgbench_postgres_us", middle(server), "µs/transaction", f"processor time of PostgreSQL {how}")
    figures.add("cpu_pgbench_us", middle(client), "µs/transaction", f"processor time of pgbench itself {how}")


def _run(node: Node, tokens: Sequence[str], slots: Slots, seconds: float) -> Run:
    job = _job(node, tokens, slots, CONNECTIONS, seconds)
    first = _log_size(node)
    before = node.usage()
    shot = shoot(job)
    after = node.usage()
    shot.insist({"201"})
    if shot.sent == len(job.requests):
        raise Invalid("the generator ran out of requests")
    booked = shot.answers["201"]
    placed, batches = _placed(node, first)
    if placed != booked:
        raise Invalid(f"{booked} bookings were confirmed and {placed} are in the log")
    cpu_us = {part: (after[part].cpu_s - before[part].cpu_s) / booked * 1e6 for part in before}
    cpu_us["generator"] = shot.cpu_s / booked * 1e6
    return Run(_rate(shot), cpu_us, placed / batches)


def _rate(shot: Shot) -> float:
    return shot.in_time.get("201", 0) / shot.elapsed_s


def _job(node: Node, tokens: Sequence[str], slots: Slots, connections: int, seconds: float) -> Job:
    most = int(seconds * FASTEST) + connections
    return Job(node.settings.port, connections, seconds, requests.bookings(node, tokens, slots, most))


def _latency(node: Node, tokens: Sequence[str], slots: Slots, connections: int, plan: Plan, figures: Figures) -> None:
    shot = shoot(_job(node, tokens, slots, connections, plan.latency_s))
    shot.insist({"201"})
    for percent in (50, 99):
        figures.add(
            f"booking_{connections}_p{percent}_ms",
            percentile(shot.latencies_us, percent) / 1000,
            "ms",
            f"one booking through HTTP, {connections} connection{'s' if connections > 1 else ''} each with one request "
            f"under way; {len(shot.latencies_us)} bookings in {plan.latency_s:g} s, {_rate(shot):,.0f}/s",
        )


def _log_size(node: Node) -> int:
    with psycopg.connect(node.server.superuser_url()) as connection:
        row = connection.execute(_SIZE).fetchone()
        assert row is not None, "there is one head"
        return int(row[0])


def _placed(node: Node, first: int) -> tuple[int, int]:
    """How many commands were accepted since the log had that size, and in how many batches."""
    with psycopg.connect(node.server.superuser_url()) as connection:
        row = connection.execute(_PLACED, [first]).fetchone()
        assert row is not None, "an aggregate has one row"
        return int(row[0]), int(row[1])
