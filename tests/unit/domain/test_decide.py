"""What accepted commands say: their events, refunds, prices and seals; and that deciding changes nothing."""

from typing import Any

import pytest

from holdfast.domain import commands as c
from holdfast.domain import events as e
from holdfast.domain.decide import BY_MEMBERS, BY_OPERATORS, BY_SUSPENDED, BY_SYSTEM, decide
from holdfast.domain.facts import Accepted, Facts
from holdfast.domain.ids import IdSource
from holdfast.domain.instants import DAY_US, HOUR_US, Instant
from holdfast.domain.rows import SYSTEM, Booking, BookingState, ListingId, Member, MemberId, Place, ReviewId, Side
from holdfast.domain.vault import seal
from support.paper import SECRET, PaperMarket, at, place, sign_up, terms, words


@pytest.fixture
def m() -> PaperMarket:
    return PaperMarket()


def decided(m: PaperMarket, actor: str, command: c.AnyCommand, received_at: Instant | None = None) -> Accepted:
    facts = Facts(
        m.rows, IdSource(SECRET, actor, "key", bytes(32)), MemberId(actor), None, None if actor == SYSTEM else 1,
        m.now if received_at is None else received_at, m.now,
    )  # fmt: skip
    decision = decide(command, facts)
    assert isinstance(decision, Accepted), decision
    return decision


def events(m: PaperMarket, actor: str, command: c.AnyCommand, **more: Any) -> list[Any]:
    return list(decided(m, actor, command, **more).events)


def test_every_command_has_one_rule_for_each_who_may_send_it() -> None:
    kinds = {*BY_SYSTEM, *BY_OPERATORS, *BY_MEMBERS, *BY_SUSPENDED, c.SignUp}
    assert kinds == set(c.AnyCommand.__args__)  # type: ignore[attr-defined]  # a union of the commands
    assert not (BY_MEMBERS.keys() & BY_OPERATORS.keys())
    assert not (BY_MEMBERS.keys() & BY_SUSPENDED.keys())


def test_deciding_changes_no_fact_and_says_the_same_again(m: PaperMarket) -> None:
    booking = m.booked(m.cast.by_request, 1, 10, note="Third floor")
    before = {table: dict(rows) for table, rows in m.rows.tables.items()}
    wishes: list[tuple[str, c.AnyCommand]] = [
        (m.cast.customer, place(m.cast.instant, 1, 12, note="Hello")), sign_up("Nina"),
        (m.cast.provider, c.AcceptBooking(booking)), (m.cast.provider, c.DeclineBooking(booking, "Ill")),
        (m.cast.customer, c.CancelBooking(booking, None, "No")), (m.cast.provider, c.WithdrawListing(m.cast.instant)),
        (m.cast.operator, c.SuspendMember(MemberId(m.cast.customer), "Rude")),
    ]  # fmt: skip
    for actor, command in wishes:
        assert decided(m, actor, command) == decided(m, actor, command)
    assert m.rows.tables == before


def test_every_personal_field_is_sealed_in_the_event_that_brings_it(m: PaperMarket) -> None:
    booking = m.booked(m.cast.by_request, 1, 10)
    for actor, command in [
        sign_up("Nina"), (m.cast.provider, c.MakeCalendar("Room", "UTC", [], [])),
        (m.cast.customer, place(m.cast.instant, 1, 12, address="Rua 7")),
        (m.cast.provider, c.DeclineBooking(booking, "Ill")),
        (m.cast.provider, c.ChangeListing(m.cast.instant, None, words(title="Cut"), None)),
    ]:  # fmt: skip
        decision = decided(m, actor, command)
        assert decision.vault
        assert [seal(row) for row in decision.vault] == [
            one for event in decision.events for one in event.sealed_rows()
        ]


def test_what_needs_no_text_puts_nothing_in_the_vault(m: PaperMarket) -> None:
    assert decided(m, m.cast.customer, place(m.cast.instant, 1, 12)).vault == []
    booking = m.booked(m.cast.instant, 1, 10)
    assert decided(m, m.cast.customer, c.CancelBooking(booking, None, "")).vault == []


def test_an_instant_listing_is_confirmed_at_once_and_a_request_waits(m: PaperMarket) -> None:
    (placed,) = events(m, m.cast.customer, place(m.cast.instant, 1, 10))
    assert (placed.state, placed.answer_by) == (BookingState.confirmed, None)
    (asked,) = events(m, m.cast.customer, place(m.cast.by_request, 1, 10))
    assert (asked.state, asked.answer_by) == (BookingState.requested, at(0, 2))


def test_a_request_is_answered_by_its_start_at_the_latest(m: PaperMarket) -> None:
    m.now = at(0, 8)
    (asked,) = events(m, m.cast.customer, place(m.cast.by_request, 0, 9))
    assert asked.answer_by == at(0, 9)


def test_an_answer_in_the_last_instant_counts(m: PaperMarket) -> None:
    booking = m.booked(m.cast.by_request, 1, 10)
    m.now = at(0, 2)
    assert m.send(m.cast.provider, c.AcceptBooking(booking)).refusal is None


def test_a_request_is_out_of_the_way_from_the_instant_of_its_expiry(m: PaperMarket) -> None:
    booking = m.booked(m.cast.by_request, 1, 10)
    m.now = Instant(at(0, 2) - 1)
    assert m.send(m.cast.other, place(m.cast.instant, 1, 10)).refusal == "slot_taken"
    m.now = at(0, 2)
    expired, placed = events(m, m.cast.other, place(m.cast.instant, 1, 10))
    assert (expired, placed.state) == (e.BookingExpired(booking), BookingState.confirmed)


def test_a_holds_clock_starts_when_it_is_decided(m: PaperMarket) -> None:
    received, m.now = m.now, at(0, 5)
    (asked,) = events(m, m.cast.customer, place(m.cast.by_request, 1, 10), received_at=received)
    assert asked.answer_by == at(0, 7)


def test_invariant_4_price_and_terms_are_those_of_the_version_placed_on(m: PaperMarket) -> None:
    booking = m.booked(m.cast.instant, 3, 10, minutes=90)
    dearer = terms(m.cast.calendar, price_minor=9900, tier_hours=[], tier_percents=[])
    m.made(m.cast.provider, c.ChangeListing(m.cast.instant, None, None, dearer))
    row = m.rows.the(Booking, booking)
    assert (row.total_minor, row.terms_version) == (7500, 1)
    m.now = at(2, 5)
    (cancelled,) = events(m, m.cast.customer, c.CancelBooking(booking, None, ""))
    assert cancelled.refund_minor == 3750, "the tiers of version 1, not the full refund of version 2"


@pytest.mark.parametrize(
    ("received", "refund"),
    [(at(1, 10), 5000), (Instant(at(1, 10) + 1), 2500), (at(2, 10), 2500), (Instant(at(2, 10) + 1), 0)],
)
def test_a_customers_refund_follows_the_tier_in_which_they_asked(
    m: PaperMarket, received: Instant, refund: int
) -> None:
    booking = m.booked(m.cast.instant, 3, 10)
    m.now = at(3, 12)
    (cancelled,) = events(m, m.cast.customer, c.CancelBooking(booking, refund, ""), received_at=received)
    assert (cancelled.refund_minor, cancelled.side) == (refund, Side.customer)


@pytest.mark.parametrize(("role", "side"), [("provider", Side.provider), ("operator", None)])
def test_others_who_cancel_give_everything_back(m: PaperMarket, role: str, side: Side | None) -> None:
    booking = m.booked(m.cast.instant, 3, 10)
    m.now = at(3, 9)
    (cancelled,) = events(m, getattr(m.cast, role), c.CancelBooking(booking, None, ""))
    assert (cancelled.refund_minor, cancelled.side) == (5000, side)


def test_a_request_that_was_never_confirmed_costs_nothing(m: PaperMarket) -> None:
    booking = m.booked(m.cast.by_request, 0, 9)
    m.now = at(0, 1)
    (cancelled,) = events(m, m.cast.customer, c.CancelBooking(booking, 5000, ""))
    assert cancelled.refund_minor == 5000


def test_a_suspended_member_cancels_what_is_theirs(m: PaperMarket) -> None:
    booking = m.booked(m.cast.instant, 3, 10)
    m.made(m.cast.operator, c.SuspendMember(MemberId(m.cast.customer), ""))
    assert m.send(m.cast.customer, c.CancelBooking(booking, None, "")).refusal is None


def test_a_suspended_operator_cancels_nothing_of_others(m: PaperMarket) -> None:
    booking = m.booked(m.cast.instant, 3, 10)
    m.made(SYSTEM, c.SuspendMember(MemberId(m.cast.operator), ""))
    assert m.send(m.cast.operator, c.CancelBooking(booking, None, "")).refusal == "booking_unknown"


def test_the_job_completes_a_booking_a_day_after_its_end(m: PaperMarket) -> None:
    booking = m.booked(m.cast.instant, 1, 10)
    m.now = Instant(at(2, 11) - 1)
    assert m.send(SYSTEM, c.CompleteBooking(booking)).refusal == "not_due"
    m.now = at(2, 11)
    assert m.send(SYSTEM, c.CompleteBooking(booking)).refusal is None


def test_the_second_review_reveals_both(m: PaperMarket) -> None:
    booking = m.completed()
    first = m.made(m.cast.provider, c.WriteReview(booking, 3, "Well"))
    written, revealed = events(m, m.cast.customer, c.WriteReview(booking, 5, "Good"))
    assert isinstance(written, e.ReviewWritten)
    assert revealed == e.ReviewsRevealed(booking, [ReviewId(first), written.review])


def test_a_lone_review_is_revealed_after_a_fortnight(m: PaperMarket) -> None:
    booking = m.completed()
    review = m.made(m.cast.customer, c.WriteReview(booking, 5, "Good"))
    m.now = Instant(m.now + 14 * DAY_US - 1)
    assert m.send(SYSTEM, c.RevealReviews(booking)).refusal == "not_due"
    m.now = Instant(m.now + 1)
    assert events(m, SYSTEM, c.RevealReviews(booking)) == [e.ReviewsRevealed(booking, [ReviewId(review)])]


def test_a_review_received_in_time_is_written_however_late_it_is_decided(m: PaperMarket) -> None:
    booking = m.completed()
    received = Instant(m.now + 14 * DAY_US)
    m.now = Instant(m.now + 14 * DAY_US + HOUR_US)
    assert events(m, m.cast.customer, c.WriteReview(booking, 5, "Good"), received_at=received)


def test_what_changes_nothing_is_accepted_without_events(m: PaperMarket) -> None:
    assert events(m, SYSTEM, c.AppointOperator(MemberId(m.cast.operator))) == []
    m.made(SYSTEM, c.AdmitNode("n1", "key"))
    assert events(m, SYSTEM, c.AdmitNode("n1", "key")) == []
    assert events(m, m.cast.provider, c.ChangeListing(m.cast.instant, None, None, None)) == []


def test_who_works_online_needs_no_place(m: PaperMarket) -> None:
    nowhere = words(area="", address="", lat_e6=None, lng_e6=None)
    given = terms(m.cast.calendar, place=Place.online)
    m.made(m.cast.provider, c.ChangeListing(m.cast.draft, None, nowhere, given))
    assert m.send(m.cast.provider, c.PublishListing(m.cast.draft)).refusal is None


def test_a_restored_member_trades_again(m: PaperMarket) -> None:
    for command in (c.SuspendMember(MemberId(m.cast.provider), ""), c.RestoreMember(MemberId(m.cast.provider))):
        m.made(m.cast.operator, command)
    assert m.rows.the(Member, m.cast.provider).suspended_by is None
    assert m.send(m.cast.customer, place(m.cast.instant, 1, 10)).refusal is None


def test_a_withdrawn_listing_keeps_its_bookings(m: PaperMarket) -> None:
    booking = m.booked(m.cast.instant, 1, 10)
    m.made(m.cast.provider, c.WithdrawListing(ListingId(m.cast.instant)))
    m.now = at(1, 11)
    assert m.send(m.cast.provider, c.CompleteBooking(booking)).refusal is None
