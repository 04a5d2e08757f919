"""What verify found: invariants by their number, rows by their table and key."""

from collections import Counter

from msgspec import Struct

INVARIANTS = {
    1: "no two claims of a calendar overlap",
    2: "live bookings have exactly their claims",
    3: "states follow from histories",
    4: "prices and refunds are those of the terms",
    5: "reviews belong to completed bookings, one a side",
    6: "ratings equal a recount",
    8: "the log is gapless, hashed and signed",
    9: "cell and vault equal what the log makes of them",
    10: "commands, outcomes and events belong together",
    11: "nothing may change the log",
    12: "entries are salted; events hold nothing personal",
}
"""Those that exist so far, in the design's numbers. 7 is about money, and comes with it."""

ALL = frozenset(INVARIANTS)


class Finding(Struct, frozen=True, order=True):
    """One thing that is wrong: the invariant's number, the table, the row's primary key, and a sentence."""

    invariant: int
    table: str
    key: str
    sentence: str


class Findings:
    """What a part of verify has checked and found. `only`: the invariants to look at; a test leaves one out."""

    def __init__(self, only: frozenset[int] = ALL) -> None:
        self.only = only
        self.checked: Counter[int] = Counter()
        self.list: list[Finding] = []

    def add(self, invariant: int, table: str, key: object, sentence: str) -> None:
        if invariant in self.only:
            self.list.append(Finding(invariant, table, str(key), sentence))

    def count(self, invariant: int, checked: int) -> None:
        """Notes how many things were held against an invariant."""
        if invariant in self.only:
            self.checked[invariant] += checked

    def take(self, other: "Findings") -> None:
        """Adds another part's."""
        self.checked.update(other.checked)
        self.list += other.list


class Report(Struct, frozen=True):
    """The result. checked counts rows or entries by invariant; root is hex, of the whole log as it was read.

    key: "given" where the caller knew the log's public key, "log" where only the log's own genesis names it.
    """

    cell: str
    size: int
    root: str
    key: str
    checked: dict[int, int]
    findings: list[Finding]
    seconds: float

    @property
    def clean(self) -> bool:
        return not self.findings
