"""The cell as a whole: what it is, and how much is in it."""

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.instants import Instant
from holdfast.reads.reader import Reader

SQL = load("reads_overview")


class CellShown(Struct, frozen=True):
    """public_key: the log's, as the genesis event names it, in base 64."""

    id: str
    currency: str
    zone: str
    public_key: str
    founded_at: Instant


class Counts(Struct, frozen=True):
    """log_size counts entries."""

    listings: int
    members: int
    bookings: int
    log_size: int


async def cell(reader: Reader) -> CellShown | None:
    """None in a database in which no cell was founded yet. One query."""
    return await reader.one(SQL.cell_shown, {}, CellShown)


async def counts(reader: Reader) -> Counts:
    """How much there is. One query."""
    found = await reader.one(SQL.cell_counts, {}, Counts)
    assert found is not None, "a query of counts has one row"
    return found
