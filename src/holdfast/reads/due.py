"""Bookings for which something is due that nobody does but the jobs. Candidates: whether it is due, decide says."""

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.decisions.bookings import COMPLETED_AFTER_US
from holdfast.domain.decisions.reviews import REVIEW_WITHIN_US
from holdfast.domain.instants import Instant
from holdfast.domain.rows import BookingId
from holdfast.reads.reader import Reader

SQL = load("reads_due")

PAGE = 200


class Due(Struct, frozen=True):
    """What was due at `at` for a booking."""

    booking: BookingId
    at: Instant


FIRST = Due(BookingId("00000000-0000-0000-0000-000000000000"), Instant(0))
"""Before every other: a first page comes after it."""


async def to_expire(reader: Reader, before: Instant, after: Due) -> list[Due]:
    """A page of requests whose time to be answered was over before that instant. One query."""
    return await _page(reader, SQL.requests_unanswered, 0, before, after)


async def to_complete(reader: Reader, before: Instant, after: Due) -> list[Due]:
    """A page of visits that ended more than a day before that instant, and nobody said how they went. One query."""
    return await _page(reader, SQL.visits_over, COMPLETED_AFTER_US, before, after)


async def to_reveal(reader: Reader, before: Instant, after: Due) -> list[Due]:
    """A page of completed bookings whose reviews are hidden, and were to be until before that instant. One query."""
    return await _page(reader, SQL.reviews_hidden, REVIEW_WITHIN_US, before, after)


async def _page(reader: Reader, query: bytes, later_us: int, before: Instant, after: Due) -> list[Due]:
    """later_us: how long after the row's own instant it is due."""
    parameters = {
        "before": before - later_us,
        "after": after.at - later_us,
        "after_id": after.booking,
        "limit": PAGE,
    }
    return await reader.all(query, parameters, lambda booking, at: Due(booking, Instant(at + later_us)), binary=True)
