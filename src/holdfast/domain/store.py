"""The rows that decide may ask about and evolve changes: one store for a batch, a replay and a test."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, TypeVar

from holdfast.domain.hours import Openings
from holdfast.domain.instants import DAY_US, Instant
from holdfast.domain.rows import (
    TABLES,
    BookingId,
    Calendar,
    CalendarException,
    CalendarId,
    Category,
    Claim,
    Review,
    TableRow,
)
from holdfast.domain.vault import VAULT_TABLES

R = TypeVar("R", bound=TableRow)
Key = Any
"""A row's primary key: its one column, or a tuple of them."""

_STARTS_AT = attrgetter("starts_at")

KEY_OF: dict[type[TableRow], Callable[[Any], Key]] = {table: attrgetter(*table.KEY) for table in TABLES}
KEY_OF.update({table: attrgetter(table.__struct_fields__[0]) for table in VAULT_TABLES})


class FactMissing(Exception):
    """A fact that nobody fetched was asked for. Absence is never assumed: fetch it and decide again.

    what: a table, or the name of a group ("claims", "exceptions", "reviews"); key: which of it.
    """

    def __init__(self, what: type[TableRow] | str, key: Key) -> None:
        super().__init__(f"{what if isinstance(what, str) else what.TABLE} {key}")
        self.what = what
        self.key = key


class Rows:
    """Rows by table and key, with the groups that decisions need. complete: what is not here does not exist."""

    def __init__(self, *, complete: bool = False) -> None:
        self.complete = complete
        self.tables: dict[type[TableRow], dict[Key, TableRow | None]] = {
            table: {} for table in (*TABLES, *VAULT_TABLES)
        }
        self.before: dict[type[TableRow], dict[Key, TableRow | None]] = {}
        self._groups: dict[tuple[str, str], dict[Key, Any]] = {}
        self._loaded_groups: set[tuple[str, str]] = set()
        self._claims: dict[tuple[CalendarId, int], dict[Key, Claim]] = {}
        self._loaded_days: set[tuple[CalendarId, int]] = set()
        self._openings: dict[CalendarId, Openings] = {}

    def __len__(self) -> int:
        """How many rows and absences are known."""
        return sum(map(len, self.tables.values()))

    # What was fetched

    def load(self, rows: Iterable[TableRow]) -> None:
        """Takes rows as the database has them. A row that this store already knows stays as it is here."""
        for row in rows:
            table = self.tables[type(row)]
            key = KEY_OF[type(row)](row)
            if key not in table:
                table[key] = row
                self._join(row, key)

    def load_absent(self, table: type[TableRow], keys: Iterable[Key]) -> None:
        """Notes that these were looked for; those that did not come do not exist."""
        known = self.tables[table]
        for key in keys:
            known.setdefault(key, None)

    def load_group(self, group: str, of: str) -> None:
        """Notes that all rows of the group have come."""
        self._loaded_groups.add((group, of))

    def load_claims(self, calendar: CalendarId, start: Instant, end: Instant) -> None:
        """Notes that all claims of the calendar on the days (of UTC) that [start, end) touches have come."""
        self._loaded_days.update((calendar, day) for day in days_of(start, end))

    def knows(self, table: type[TableRow], key: Key) -> bool:
        return self.complete or key in self.tables[table]

    def knows_group(self, group: str, of: str) -> bool:
        return self.complete or (group, of) in self._loaded_groups

    def knows_claims(self, calendar: CalendarId, start: Instant, end: Instant) -> bool:
        return self.complete or all((calendar, day) in self._loaded_days for day in days_of(start, end))

    # What decide asks

    def find(self, table: type[R], key: Key) -> R | None:
        """The row, or None where it does not exist. Raises FactMissing where nobody looked."""
        rows = self.tables[table]
        row = rows.get(key)
        if row is None and not self.complete and key not in rows:
            raise FactMissing(table, key)
        return row  # type: ignore[return-value]  # each table's dict holds its own type

    def the(self, table: type[R], key: Key) -> R:
        """The row that must exist, because another row refers to it."""
        row = self.find(table, key)
        assert row is not None, f"{table.TABLE} {key} is referred to and absent"
        return row

    def claims(self, calendar: CalendarId, start: Instant, end: Instant) -> list[Claim]:
        """All claims of the calendar that overlap [start, end), by their start."""
        if not self.knows_claims(calendar, start, end):
            raise FactMissing("claims", (calendar, start, end))
        if start // DAY_US == (end - 1) // DAY_US and not self._claims.get((calendar, start // DAY_US)):
            return []  # what most bookings find
        found: dict[Key, Claim] = {}
        for day in days_of(start, end):
            for key, claim in self._claims.get((calendar, day), {}).items():
                if claim.starts_at < end and start < claim.ends_at:
                    found[key] = claim
        return sorted(found.values(), key=_STARTS_AT)

    def openings(self, calendar: CalendarId) -> Openings:
        """When the calendar is open, worked out once for as long as nobody changes it."""
        known = self._openings.get(calendar)
        if known is None:
            known = self._openings[calendar] = Openings(self.the(Calendar, calendar), self.exceptions(calendar))
        return known

    def exceptions(self, calendar: CalendarId) -> list[CalendarException]:
        """The exceptions of the calendar that can still matter."""
        return self._group("exceptions", calendar)

    def categories(self) -> list[Category]:
        """The whole tree, in no order."""
        return self._group("categories", "")

    def reviews(self, booking: BookingId) -> list[Review]:
        """Both, one or none, in the order in which they were written."""
        return sorted(self._group("reviews", booking), key=attrgetter("written_at"))

    def _group(self, group: str, of: str) -> list[Any]:
        if not self.knows_group(group, of):
            raise FactMissing(group, of)
        return list(self._groups.get((group, of), {}).values())

    # What evolve does

    def put(self, row: TableRow) -> None:
        """Writes the row, new or in place of the one with its key."""
        table, key = type(row), KEY_OF[type(row)](row)
        self._remember(table, key)
        self.tables[table][key] = row
        self._join(row, key)

    def drop(self, table: type[TableRow], key: Key) -> None:
        """Deletes the row."""
        self._remember(table, key)
        row = self.tables[table].get(key)
        if row is not None:
            self._part(row, key)
        if self.complete:
            self.tables[table].pop(key, None)
        else:
            self.tables[table][key] = None

    def changes(self, table: type[TableRow]) -> tuple[list[Key], list[TableRow]]:
        """Net effect on a table since this store was made: keys that went, rows that are new or different."""
        gone: list[Key] = []
        written: list[TableRow] = []
        for key, before in self.before.get(table, {}).items():
            now = self.tables[table].get(key)
            if now is None:
                if before is not None:
                    gone.append(key)
            elif now != before:
                written.append(now)
        return gone, written

    def was(self, row: TableRow) -> bool:
        """Whether the row's key stood before this store changed it."""
        return self.before.get(type(row), {}).get(KEY_OF[type(row)](row)) is not None

    def settle(self) -> None:
        """What was changed is committed: from here on it is what was known before."""
        self.before.clear()

    def undo(self) -> None:
        """Takes back every change since this store was made or settled; what was new is unknown again."""
        for table, changed in self.before.items():
            rows = self.tables[table]
            for key, before in changed.items():
                now = rows.pop(key, None)
                if now is not None:
                    self._part(now, key)
                if before is not None:
                    rows[key] = before
                    self._join(before, key)
        self.before.clear()

    def _remember(self, table: type[TableRow], key: Key) -> None:
        if not self.complete:
            self.before.setdefault(table, {}).setdefault(key, self.tables[table].get(key))

    def _join(self, row: TableRow, key: Key) -> None:
        if isinstance(row, Claim):
            for day in days_of(row.starts_at, row.ends_at):
                self._claims.setdefault((row.calendar, day), {})[key] = row
        elif (group := _group_of(row)) is not None:
            self._groups.setdefault(group, {})[key] = row
        self._close_openings(row)

    def _part(self, row: TableRow, key: Key) -> None:
        if isinstance(row, Claim):
            for day in days_of(row.starts_at, row.ends_at):
                self._claims.get((row.calendar, day), {}).pop(key, None)
        elif (group := _group_of(row)) is not None:
            self._groups.get(group, {}).pop(key, None)
        self._close_openings(row)

    def _close_openings(self, row: TableRow) -> None:
        if isinstance(row, Calendar):
            self._openings.pop(row.id, None)
        elif isinstance(row, CalendarException):
            self._openings.pop(row.calendar, None)


def days_of(start: Instant, end: Instant) -> range:
    """The days, counted from the epoch in UTC, that [start, end) touches."""
    return range(start // DAY_US, (end - 1) // DAY_US + 1)


def _group_of(row: TableRow) -> tuple[str, str] | None:
    if isinstance(row, CalendarException):
        return "exceptions", row.calendar
    if isinstance(row, Review):
        return "reviews", row.booking
    if isinstance(row, Category):
        return "categories", ""
    return None
