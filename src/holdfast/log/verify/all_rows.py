"""The rows of a whole cell in memory, for evolve alone: nobody decides on them, so they need no indexes."""

from typing import NoReturn

from holdfast.domain.instants import Instant
from holdfast.domain.rows import CalendarId, Claim, TableRow
from holdfast.domain.store import KEY_OF, Key, Rows


class AllRows(Rows):
    """A complete store that is three times as fast as one that decisions look into."""

    def __init__(self) -> None:
        super().__init__(complete=True)

    def put(self, row: TableRow) -> None:
        """Writes the row, new or in place of the one with its key."""
        table = type(row)
        self.tables[table][KEY_OF[table](row)] = row

    def drop(self, table: type[TableRow], key: Key) -> None:
        """Deletes the row."""
        self.tables[table].pop(key, None)

    def claims(self, calendar: CalendarId, start: Instant, end: Instant) -> list[Claim]:
        """The claim of exactly this stretch: evolve asks for what a booking claimed, which no other overlaps."""
        claim = self.find(Claim, (calendar, start, end))
        return [] if claim is None else [claim]

    def _group(self, group: str, of: str) -> NoReturn:
        raise AssertionError(f"a replay keeps no {group} of {of}: evolve has never asked for any")
