"""The jobs go on whatever happens to the database, and stop when they are told to."""

import asyncio
import threading
from collections.abc import MutableMapping, Sequence
from typing import Any

from structlog.testing import capture_logs

from holdfast.db.read_pool import ReadPool
from holdfast.jobs.reconcilers import Tools
from holdfast.jobs.rounds import run_rounds
from holdfast.reads.reader import Reader
from support.database import data_folder
from support.jobs import Jobs
from support.paper import at, place

DEADLINE_S = 20.0


async def run_until_logged(tools: Tools, interval_s: float, event: str, times: int) -> None:
    """Rounds until such a line was logged so often; then they must end."""
    told = asyncio.Event()
    with capture_logs() as lines:
        rounds = run_rounds(tools.market, tools.reader, tools.secret, tools.clock, interval_s, told)
        running = asyncio.create_task(rounds)
        async with asyncio.timeout(DEADLINE_S):
            while _count(lines, event) < times:
                await asyncio.to_thread(threading.Event().wait, 0.01)
            told.set()
            await running


def _count(lines: Sequence[MutableMapping[str, Any]], event: str) -> int:
    return sum(line["event"] == event for line in lines)


def test_rounds_do_what_is_due_and_stop_in_the_middle_of_a_pause(jobs: Jobs) -> None:
    booking = jobs.cell.made(jobs.cell.cast.customer, place(jobs.cell.cast.by_request, 3, 10))
    jobs.cell.now = at(0, 3)
    jobs.run(lambda tools: run_until_logged(tools, 3600.0, "round done", 1))
    assert jobs.state(booking) == "expired"


def test_rounds_outlive_a_database_that_is_gone(jobs: Jobs) -> None:
    async def without_database(tools: Tools) -> None:
        with data_folder() as nowhere:
            pool = ReadPool(f"postgresql://nobody@/nothing?host={nowhere}", 1)
            lost = Tools(tools.market, Reader(pool, 0.5), tools.secret, tools.clock)
            await run_until_logged(lost, 0.01, "cannot read what is due", 6)

    jobs.run(without_database)
    assert jobs.market.sent == []
