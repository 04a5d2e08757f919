"""What a process remembers of the cell and its listings, so that a booking needs no read of its own."""

import asyncio

from holdfast.api.once import Once
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.domain.instants import SECOND_US, Instant
from holdfast.domain.rows import ListingId
from holdfast.reads.overview import CellShown, cell
from holdfast.reads.reader import Reader
from holdfast.reads.slots import notice_us

NOTICE_US = 60 * SECOND_US
"""For how long a listing's notice is believed. It bounds how long a command counts, and decides nothing."""
AWAY_US = SECOND_US
"""For how long nobody tries to read it again while reads are away."""
READ_S = 0.2
"""A booking's answer has a deadline of its own, of which this may take no more."""
MOST_LISTINGS = 20_000


class Known:
    """One for a process, of one event loop."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._cell: CellShown | None = None
        self._notices: dict[ListingId, tuple[int, Instant]] = {}
        self._reading: Once[tuple[int, Instant]] = Once(READ_S)

    async def cell(self) -> CellShown:
        """The cell, which never changes: one query a process. Raises ReadsUnavailable, before it is founded too."""
        if self._cell is None:
            self._cell = await cell(self._reader)
            if self._cell is None:
                raise ReadsUnavailable("the cell is not founded yet")
        return self._cell

    async def counts_until(self, listing: ListingId, starts_at: Instant, now: Instant) -> Instant | None:
        """The start less the listing's notice, past which a booking that waits is too late; the start itself while
        reads are away. None where that is over already: then the refusal should name the notice. One query a listing
        and minute at most."""
        known = self._notices.get(listing)
        if known is None or known[1] < now:
            known = await self._reading.get(listing, lambda: self._read_notice(listing, now))
        latest = Instant(starts_at - known[0])
        return latest if latest > now else None

    async def _read_notice(self, listing: ListingId, now: Instant) -> tuple[int, Instant]:
        try:
            async with asyncio.timeout(READ_S):
                notice = await notice_us(self._reader, listing)
        except (ReadsUnavailable, TimeoutError):
            known = 0, Instant(now + AWAY_US)
        else:
            known = notice or 0, Instant(now + NOTICE_US)
        if len(self._notices) >= MOST_LISTINGS:
            self._notices.clear()
        self._notices[listing] = known
        return known
