"""The jobs' process: a round of every reconciler each interval, whatever the database and the relay are doing."""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from holdfast.core.envelope import Market
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.domain.instants import Instant
from holdfast.jobs.reconcilers import RECONCILERS, Tools, reconcile
from holdfast.reads.reader import Reader

_log = structlog.get_logger(__name__)


async def run_rounds(
    market: Market,
    reader: Reader,
    secret: bytes,
    clock: Callable[[], Instant],
    interval_s: float,
    stop: asyncio.Event,
) -> None:
    """Rounds until `stop` is set, one each interval_s. secret: the cell's. What cannot be done now is a log line."""
    rounds = asyncio.create_task(_rounds(Tools(market, reader, secret, clock), interval_s))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({rounds, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    # Cutting a round short loses nothing: what was sent is settled all the same, the rest is still due the next time.
    rounds.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await rounds


async def _rounds(tools: Tools, interval_s: float) -> None:
    while True:
        await run_round(tools)
        await asyncio.sleep(interval_s)


async def run_round(tools: Tools) -> None:
    """Every reconciler once."""
    for reconciler in RECONCILERS:
        try:
            counted = await reconcile(reconciler, tools)
        except ReadsUnavailable as error:
            _log.warning("cannot read what is due", job=reconciler.verb, reason=str(error))
            continue
        if counted:
            _log.info("round done", job=reconciler.verb, **counted)
