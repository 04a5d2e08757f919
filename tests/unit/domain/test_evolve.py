"""What events make of rows, and that a store can tell, settle and take back what they changed."""

import msgspec
import pytest

from holdfast.core.batch import Batch
from holdfast.core.wants import Wants
from holdfast.domain import commands as c
from holdfast.domain.decide import decide
from holdfast.domain.events import BookingExpired, Recorded
from holdfast.domain.evolve import evolve
from holdfast.domain.facts import Accepted, Facts
from holdfast.domain.ids import IdSource
from holdfast.domain.rows import SYSTEM, TABLES, Booking, BookingId, Claim, Listing, Member, MemberId
from holdfast.domain.store import FactMissing, Rows
from support.paper import NOBODY, SECRET, PaperMarket, at, place


def test_a_replay_of_the_log_makes_the_same_rows() -> None:
    m = PaperMarket()
    booking = m.completed()
    m.made(m.cast.customer, c.WriteReview(booking, 4, "Good"))
    m.made(m.cast.provider, c.WriteReview(booking, 5, "On time"))
    m.made(m.cast.customer, c.CancelBooking(m.booked(m.cast.instant, 5, 10), None, "No"))
    replayed = Rows(complete=True)
    for seq, recorded in enumerate(m.log):
        evolve(replayed, msgspec.json.decode(msgspec.json.encode(recorded), type=Recorded), seq)
    assert {table: replayed.tables[table] for table in TABLES} == {table: m.rows.tables[table] for table in TABLES}


def test_ratings_add_up_by_side() -> None:
    m = PaperMarket()
    booking = m.completed()
    m.made(m.cast.customer, c.WriteReview(booking, 4, "Good"))
    assert m.rows.the(Listing, m.cast.instant).rating_count == 0, "a hidden review does not count"
    m.made(m.cast.provider, c.WriteReview(booking, 2, "Late"))
    listing = m.rows.the(Listing, m.cast.instant)
    assert (listing.rating_count, listing.rating_sum, listing.stars) == (1, 4, [0, 0, 0, 1, 0])
    ratings = [m.rows.the(Member, who).rating_sum for who in (m.cast.provider, m.cast.customer)]
    assert ratings == [4, 2]


def test_an_event_that_contradicts_the_rows_is_a_damaged_log() -> None:
    m = PaperMarket()
    with pytest.raises(AssertionError):
        evolve(m.rows, Recorded(m.now, SYSTEM, "k", BookingExpired(BookingId(NOBODY))), 99)


def test_absence_is_never_assumed() -> None:
    rows = Rows()
    with pytest.raises(FactMissing):
        rows.find(Member, NOBODY)
    with pytest.raises(FactMissing):
        rows.claims(NOBODY, at(1, 10), at(1, 11))  # type: ignore[arg-type]  # a calendar's id
    with pytest.raises(FactMissing):
        rows.reviews(NOBODY)  # type: ignore[arg-type]  # a booking's id
    with pytest.raises(FactMissing):
        rows.exceptions(NOBODY)  # type: ignore[arg-type]  # a calendar's id
    rows.load_absent(Member, [NOBODY])
    assert rows.find(Member, NOBODY) is None


def partial(m: PaperMarket) -> Rows:
    """The market's rows as they would have been fetched: nothing is known beyond them."""
    rows = Rows()
    for table in m.rows.tables.values():
        rows.load(row for row in table.values() if row is not None)
    rows.load_group("exceptions", m.cast.calendar)
    for day in range(10):
        rows.load_claims(m.cast.calendar, at(day, 0), at(day, 24))  # type: ignore[arg-type]  # a calendar's id
    return rows


def run(m: PaperMarket, rows: Rows, actor: str, command: c.AnyCommand, key: str = "k") -> Accepted:
    facts = Facts(rows, IdSource(SECRET, actor, key, bytes(32)), MemberId(actor), None, 1, m.now, m.now)
    decision = decide(command, facts)
    assert isinstance(decision, Accepted)
    for n, event in enumerate(decision.events):
        evolve(rows, Recorded(m.now, MemberId(actor), key, event), 100 + n)
    return decision


def test_what_was_put_and_dropped_again_is_no_change() -> None:
    m = PaperMarket()
    rows = partial(m)
    booking = BookingId(run(m, rows, m.cast.customer, place(m.cast.instant, 1, 10)).subject)
    assert len(rows.changes(Claim)[1]) == 1
    run(m, rows, m.cast.customer, c.CancelBooking(booking, None, ""), "k2")
    assert rows.changes(Claim) == ([], [])
    assert [row.state for row in rows.changes(Booking)[1]] == ["cancelled"]  # type: ignore[attr-defined]  # bookings


def test_a_claim_that_changes_hands_is_written_over_what_stood_there() -> None:
    m = PaperMarket()
    first = m.booked(m.cast.instant, 1, 10)
    rows = partial(m)
    run(m, rows, m.cast.customer, c.CancelBooking(first, None, ""))
    run(m, rows, m.cast.other, place(m.cast.instant, 1, 10), "k2")
    gone, written = rows.changes(Claim)
    assert gone == []
    assert [rows.was(row) for row in written] == [True]


def test_undoing_gives_the_rows_from_before() -> None:
    m = PaperMarket()
    first = m.booked(m.cast.by_request, 1, 10)
    rows, untouched = partial(m), partial(m)
    run(m, rows, m.cast.provider, c.AcceptBooking(first))
    run(m, rows, m.cast.customer, c.CancelBooking(first, None, ""), "k2")
    run(m, rows, m.cast.other, place(m.cast.instant, 1, 10.5), "k3")
    rows.undo()
    for table in TABLES:
        assert rows.changes(table) == ([], [])
        assert rows.tables[table] == untouched.tables[table]
    stretch = (m.cast.calendar, at(1, 0), at(1, 24))
    assert rows.claims(*stretch) == untouched.claims(*stretch)  # type: ignore[arg-type]  # a calendar's id


def test_what_is_settled_is_no_change_any_more() -> None:
    m = PaperMarket()
    rows = partial(m)
    booking = BookingId(run(m, rows, m.cast.customer, place(m.cast.instant, 1, 10)).subject)
    rows.settle()
    assert all(rows.changes(table) == ([], []) for table in TABLES)
    run(m, rows, m.cast.customer, c.CancelBooking(booking, None, ""), "k2")
    assert rows.changes(Claim) == ([(m.cast.calendar, at(1, 10), at(1, 11))], [])
    rows.undo()
    assert rows.the(Booking, booking).state == "confirmed"
    assert len(rows.claims(m.cast.calendar, at(1, 10), at(1, 11))) == 1  # type: ignore[arg-type]  # a calendar's id


def test_a_claim_over_midnight_is_found_on_both_days() -> None:
    m = PaperMarket()
    rows = partial(m)
    claim = Claim(m.cast.calendar, at(1, 23), at(2, 1), BookingId(NOBODY), None)  # type: ignore[arg-type]  # a calendar's id
    rows.put(claim)
    for start, end in ((at(1, 22), at(1, 23.5)), (at(2, 0), at(2, 2)), (at(1, 0), at(3, 0))):
        assert rows.claims(m.cast.calendar, start, end) == [claim]  # type: ignore[arg-type]  # a calendar's id
    rows.drop(Claim, (m.cast.calendar, at(1, 23), at(2, 1)))
    assert rows.claims(m.cast.calendar, at(1, 0), at(3, 0)) == []  # type: ignore[arg-type]  # a calendar's id


def test_starting_a_batch_again_forgets_its_decisions() -> None:
    m = PaperMarket()
    rows = partial(m)
    batch = Batch(SECRET, rows, Wants(rows), m.now, 100, {}, {})
    envelope = m.envelope(m.cast.customer, place(m.cast.instant, 1, 10))
    batch.run([envelope])
    first = batch.settled[0].outcome
    batch.start_again()
    assert (batch.settled, batch.events, batch.outcomes, batch.known) == ([], [], [], {})
    batch.run([envelope])
    assert batch.settled[0].outcome == first
    assert not batch.settled[0].replayed
