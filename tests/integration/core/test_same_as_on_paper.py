"""Random batches through the real path, with facts kept warm, end as the same commands do on paper, one by one."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from holdfast.core.apply import Warm
from holdfast.core.codec import build
from holdfast.core.envelope import Envelope, Outcome
from holdfast.domain import commands as c
from holdfast.domain.instants import MINUTE_US, Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import (
    SYSTEM,
    TABLES,
    BookingId,
    BookingStep,
    CalendarId,
    Claim,
    ExceptionId,
    MemberId,
    ReviewId,
    TableRow,
)
from holdfast.domain.store import KEY_OF
from support.cells import Cell, check_log
from support.paper import PaperMarket, place, terms

BATCHES = 40
FIRST_DAY = date(2026, 6, 1)


class Crowd:
    """Wishes at random, most of them about the same few hours."""

    def __init__(self, seed: int, cell: Cell) -> None:
        self.random = random.Random(seed)
        self.cast = cell.cast
        self.bookings: list[str] = []
        self.reviews: list[str] = []
        self.exceptions: list[str] = []

    def wish(self) -> tuple[str, c.AnyCommand]:
        pick = self.random.choice
        cast, booking = self.cast, BookingId(pick(self.bookings[-12:] or [""]))
        who = pick([cast.customer, cast.other, cast.rival, cast.provider, cast.operator])
        if not booking or self.random.random() < 0.4:
            listing = pick([cast.instant, cast.by_request])
            note = pick(["", "", "Third floor", "\0"]) if self.random.random() < 0.2 else ""
            hour = self.random.randrange(16, 30) / 2
            return who, place(listing, self.random.randrange(4), hour, minutes=pick([60, 90]), note=note)
        made: list[tuple[str, c.AnyCommand]] = [
            (who, c.CancelBooking(booking, None, pick(["", "No"]))), (cast.provider, c.AcceptBooking(booking)),
            (cast.provider, c.DeclineBooking(booking, "")), (cast.provider, c.CompleteBooking(booking)),
            (cast.provider, c.MarkNoShow(booking)), (SYSTEM, c.ExpireBooking(booking)),
            (who, c.WriteReview(booking, self.random.randint(1, 5), "So")), (SYSTEM, c.RevealReviews(booking)),
            (who, c.WriteReply(ReviewId(pick(self.reviews or [booking])), "Well")), (cast.provider, self._terms()),
            (cast.provider, self._closing()), (cast.provider, self._reopening()),
            (cast.operator, c.SuspendMember(MemberId(cast.rival), "")),
            (cast.operator, c.RestoreMember(MemberId(cast.rival))),
        ]  # fmt: skip
        return pick(made)

    def learn(self, command: c.AnyCommand, subject: str | None) -> None:
        made: dict[type, list[str]] = {
            c.PlaceBooking: self.bookings, c.WriteReview: self.reviews, c.AddException: self.exceptions,
        }  # fmt: skip
        if subject is not None and type(command) in made:
            made[type(command)].append(subject)

    def _terms(self) -> c.ChangeListing:
        buffers = {"buffer_before_min": self.random.choice([0, 30]), "buffer_after_min": self.random.choice([0, 15])}
        given = terms(self.cast.calendar, notice_min=0, price_minor=self.random.randrange(9000), **buffers)
        return c.ChangeListing(self.cast.instant, None, None, given)

    def _closing(self) -> c.AddException:
        day = FIRST_DAY + timedelta(days=self.random.randrange(4))
        return c.AddException(CalendarId(self.cast.calendar), day, day, [540], [1080])

    def _reopening(self) -> c.RemoveException:
        return c.RemoveException(
            CalendarId(self.cast.calendar), ExceptionId(self.random.choice(self.exceptions or [self.cast.calendar]))
        )


@pytest.mark.parametrize("seed", range(3))
def test_batches_on_a_core_end_as_one_by_one_on_paper(cell: Cell, seed: int) -> None:
    paper, crowd = PaperMarket(), Crowd(seed, cell)
    assert paper.cast == cell.cast, "both are founded by the same keys"
    cell.warm = Warm()
    seen: list[Envelope] = []
    for _ in range(BATCHES):
        cell.now = paper.now = Instant(cell.now + crowd.random.choice([1, 20, 100]) * MINUTE_US)
        batch = [cell.envelope(*crowd.wish()) for _ in range(crowd.random.choice([1, 3, 12]))]
        batch += crowd.random.sample(seen, min(len(seen), crowd.random.choice([0, 0, 2])))
        applied = [settled.outcome for settled in cell.apply(*batch).settled]
        # Paper has no data types to break: what the core sets aside is set aside there, if it held the NUL for it.
        aside = {
            envelope.id: Refusal.set_aside
            for envelope, outcome in zip(batch, applied, strict=True)
            if outcome.refusal == "set_aside" and getattr(envelope.command, "note", "") == "\0"
        }
        on_paper = [paper.settle(envelope, forced=aside)[0] for envelope in batch]
        assert [_said(outcome) for outcome in applied] == [_said(outcome) for outcome in on_paper]
        for envelope, outcome in zip(batch, applied, strict=True):
            crowd.learn(envelope.command, outcome.subject)
        seen += batch
    _check_rows(cell, paper)
    check_log(cell)
    assert len(crowd.bookings) > 10


def _said(outcome: Outcome) -> tuple[str | None, str | None, int, Instant]:
    return outcome.refusal, outcome.subject, outcome.events, outcome.decided_at


def _check_rows(cell: Cell, paper: PaperMarket) -> None:
    """Every table of the cell holds what paper says; a step's place in the log aside, where paper has no leaves."""
    for table in TABLES:
        names = ", ".join(table.__struct_fields__)
        if table is Claim:
            names = "calendar, lower(during), upper(during), booking, expires_at"
        stored = [_placeless(build(table, row)) for row in cell.all(f"SELECT {names} FROM {table.TABLE}")]
        expected = [_placeless(row) for row in paper.rows.tables[table].values() if row is not None]
        assert _by_key(stored) == _by_key(expected)


def _placeless(row: TableRow) -> TableRow:
    return replace(row, seq=0) if isinstance(row, BookingStep) else row


def _by_key(rows: list[TableRow]) -> dict[Any, TableRow]:
    return {KEY_OF[type(row)](row): row for row in rows}
