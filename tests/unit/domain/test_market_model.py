"""Random commands by several members on two listings that share a calendar, against a model of a few lines.

Invariants 1 to 6 of the design are checked after every step.
"""

from itertools import combinations, pairwise

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from holdfast.domain import commands as c
from holdfast.domain.events import Recorded
from holdfast.domain.evolve import evolve
from holdfast.domain.instants import HOUR_US, MINUTE_US, Instant
from holdfast.domain.prices import total_minor
from holdfast.domain.rows import (
    LIVE,
    SYSTEM,
    TABLES,
    Booking,
    BookingId,
    BookingState,
    BookingStep,
    Claim,
    Listing,
    Member,
    Review,
    Side,
    Terms,
)
from holdfast.domain.slots import claims_of
from holdfast.domain.store import Rows
from support.paper import PaperMarket, at, place, terms

NEXT = {
    None: {BookingState.requested, BookingState.confirmed},
    BookingState.requested: {
        BookingState.confirmed, BookingState.declined, BookingState.expired, BookingState.cancelled,
    },
    BookingState.confirmed: {BookingState.cancelled, BookingState.completed, BookingState.no_show},
}  # fmt: skip


class Plan(msgspec.Struct):
    """A booking as the model has it: the stretch with its buffers, until when it counts, and its state."""

    start: int
    end: int
    state: str
    until: int | None
    begins: int


WHO = st.sampled_from(["customer", "other", "provider", "rival", "operator"])
LISTING = st.sampled_from(["instant", "by_request"])
PICK = st.integers(0, 30)


class MarketMachine(RuleBasedStateMachine):
    @initialize(before=st.sampled_from([0, 30]), after=st.sampled_from([0, 15, 60]))
    def open(self, before: int, after: int) -> None:
        self.market = PaperMarket()
        self.cast = self.market.cast
        self.buffers = {"instant": (before, after), "by_request": (after, before)}
        for name, (first, last) in self.buffers.items():
            given = terms(
                self.cast.calendar, instant=name == "instant", buffer_before_min=first, buffer_after_min=last,
                notice_min=0,
            )  # fmt: skip
            self.market.made(self.cast.provider, c.ChangeListing(getattr(self.cast, name), None, None, given))
        self.plans: dict[BookingId, Plan] = {}
        self.order: list[BookingId] = []

    # What people do

    @rule(who=WHO, listing=LISTING, hour=st.sampled_from([8, 8.5, 9, 10, 10.5, 11, 12]), more=st.sampled_from([0, 30]))
    def book(self, who: str, listing: str, hour: float, more: int) -> None:
        before, after = self.buffers[listing]
        start = at(1, hour)
        first, last = start - before * MINUTE_US, start + (60 + more + after) * MINUTE_US
        command = place(getattr(self.cast, listing), 1, hour, minutes=60 + more)
        outcome = self.market.send(getattr(self.cast, who), command)
        now = self.market.now
        live = [plan for plan in self.plans.values() if plan.state in LIVE]
        blocked = any(plan.start < last and first < plan.end for plan in live if plan.until is None or plan.until > now)
        if who == "provider":
            assert outcome.refusal == "own_listing"
        elif start < now:
            assert outcome.refusal == "notice_too_short"
        elif blocked:
            assert outcome.refusal == "slot_taken"
        else:
            assert outcome.refusal is None
            for plan in live:
                if plan.start < last and first < plan.end:
                    plan.state, plan.until = "expired", None
            booking = BookingId(outcome.subject or "")
            instant = listing == "instant"
            until = None if instant else min(now + 2 * HOUR_US, start)
            self.plans[booking] = Plan(first, last, "confirmed" if instant else "requested", until, start)
            self.order.append(booking)

    @rule(who=WHO, pick=PICK, accept=st.booleans())
    def answer(self, who: str, pick: int, accept: bool) -> None:
        if not self.order:
            return
        booking, plan = self._picked(pick)
        command = c.AcceptBooking(booking) if accept else c.DeclineBooking(booking, "No")
        outcome = self.market.send(getattr(self.cast, who), command)
        now = self.market.now
        in_time = plan.state == "requested" and plan.until is not None and now <= plan.until
        if who != "provider" or not in_time:
            assert outcome.refusal is not None
        elif accept and now >= plan.begins:
            assert outcome.refusal == "too_late"
        else:
            assert outcome.refusal is None
            plan.state, plan.until = "confirmed" if accept else "declined", None

    @rule(who=WHO, pick=PICK)
    def cancel(self, who: str, pick: int) -> None:
        if not self.order:
            return
        booking, plan = self._picked(pick)
        mine = self.market.rows.the(Booking, booking).customer == getattr(self.cast, who)
        outcome = self.market.send(getattr(self.cast, who), c.CancelBooking(booking, None, ""))
        may = who in ("provider", "operator") or (mine and self.market.now < plan.begins)
        # An operator who is the customer, too, cancels as the customer.
        if who == "operator" and mine:
            may = self.market.now < plan.begins
        if may and plan.state in LIVE:
            assert outcome.refusal is None
            plan.state, plan.until = "cancelled", None
        else:
            assert outcome.refusal is not None

    @rule(who=WHO, pick=PICK, came=st.booleans())
    def finish(self, who: str, pick: int, came: bool) -> None:
        if not self.order:
            return
        booking, plan = self._picked(pick)
        command = c.CompleteBooking(booking) if came else c.MarkNoShow(booking)
        outcome = self.market.send(getattr(self.cast, who), command)
        if who == "provider" and plan.state == "confirmed" and self.market.now >= plan.begins:
            assert outcome.refusal is None
            plan.state = "completed" if came else "no_show"
        else:
            assert outcome.refusal is not None

    @rule(pick=PICK)
    def sweep(self, pick: int) -> None:
        if not self.order:
            return
        booking, plan = self._picked(pick)
        outcome = self.market.send(SYSTEM, c.ExpireBooking(booking))
        if plan.state == "requested" and plan.until is not None and self.market.now >= plan.until:
            assert outcome.refusal is None
            plan.state, plan.until = "expired", None
        else:
            assert outcome.refusal is not None

    @rule(who=WHO, pick=PICK, stars=st.integers(1, 5))
    def review(self, who: str, pick: int, stars: int) -> None:
        if not self.order:
            return
        booking, plan = self._picked(pick)
        outcome = self.market.send(getattr(self.cast, who), c.WriteReview(booking, stars, "So"))
        if plan.state != "completed" or self.market.rows.the(Booking, booking).side_of(getattr(self.cast, who)) is None:
            assert outcome.refusal is not None

    @rule(price=st.integers(0, 9000))
    def reprice(self, price: int) -> None:
        before, after = self.buffers["instant"]
        given = terms(
            self.cast.calendar, price_minor=price, buffer_before_min=before, buffer_after_min=after, notice_min=0
        )
        self.market.made(self.cast.provider, c.ChangeListing(self.cast.instant, None, None, given))

    @rule(minutes=st.sampled_from([10, 60, 150, 600]))
    def wait(self, minutes: int) -> None:
        self.market.now = Instant(self.market.now + minutes * MINUTE_US)

    @rule()
    def replay(self) -> None:
        """Invariant 9: the log alone makes the same rows."""
        replayed = Rows(complete=True)
        for seq, recorded in enumerate(self.market.log):
            evolve(replayed, msgspec.json.decode(msgspec.json.encode(recorded), type=Recorded), seq)
        assert {table: replayed.tables[table] for table in TABLES} == {
            table: self.market.rows.tables[table] for table in TABLES
        }

    def _picked(self, pick: int) -> tuple[BookingId, Plan]:
        booking = self.order[pick % len(self.order)]
        return booking, self.plans[booking]

    # What must hold

    @invariant()
    def the_rows_are_the_models(self) -> None:
        bookings = self._all(Booking)
        assert {booking.id: str(booking.state) for booking in bookings} == {
            name: plan.state for name, plan in self.plans.items()
        }

    @invariant()
    def invariant_1_no_two_claims_overlap(self) -> None:
        for one, other in combinations(self._all(Claim), 2):
            assert one.calendar != other.calendar or one.ends_at <= other.starts_at or other.ends_at <= one.starts_at

    @invariant()
    def invariant_2_live_bookings_have_exactly_their_claims(self) -> None:
        expected = {
            (*stretch, booking.id, booking.answer_by)
            for booking in self._all(Booking)
            if booking.state in LIVE
            for stretch in claims_of(self._terms(booking), booking.starts_at, booking.ends_at)
        }
        assert expected == {
            (row.calendar, row.starts_at, row.ends_at, row.booking, row.expires_at) for row in self._all(Claim)
        }
        assert {(plan.start, plan.end) for plan in self.plans.values() if plan.state in LIVE} == {
            (row.starts_at, row.ends_at) for row in self._all(Claim)
        }

    @invariant()
    def invariant_3_history_allows_every_state(self) -> None:
        for booking in self._all(Booking):
            steps = [self.market.rows.the(BookingStep, (booking.id, n)) for n in range(booking.steps)]
            states = [None, *(step.state for step in steps)]
            assert all(after in NEXT[before] for before, after in pairwise(states))
            assert states[-1] == booking.state

    @invariant()
    def invariant_4_price_is_that_of_the_version_placed_on(self) -> None:
        for booking in self._all(Booking):
            minutes = (booking.ends_at - booking.starts_at) // MINUTE_US
            assert booking.total_minor == total_minor(self._terms(booking), minutes)
            assert booking.refund_minor is None or 0 <= booking.refund_minor <= booking.total_minor

    @invariant()
    def invariant_5_reviews_are_of_completed_bookings_one_a_side_by_that_side(self) -> None:
        seen = set()
        for review in self._all(Review):
            booking = self.market.rows.the(Booking, review.booking)
            assert booking.state is BookingState.completed
            assert booking.side_of(review.author) is review.side
            assert (booking.id, review.side) not in seen
            seen.add((booking.id, review.side))

    @invariant()
    def invariant_6_ratings_equal_their_recount(self) -> None:
        shown = [review for review in self._all(Review) if review.visible_since is not None]
        for listing in self._all(Listing):
            stars = [one.stars for one in shown if one.side is Side.customer and one.listing == listing.id]
            assert (listing.rating_count, listing.rating_sum) == (len(stars), sum(stars))
            assert listing.stars == [stars.count(n) for n in range(1, 6)]
        for member in self._all(Member):
            stars = [one.stars for one in shown if one.subject == member.id]
            assert (member.rating_count, member.rating_sum) == (len(stars), sum(stars))

    def _all(self, table: type) -> list:  # type: ignore[type-arg]  # rows of the table
        return list(self.market.rows.tables[table].values()) if hasattr(self, "market") else []

    def _terms(self, booking: Booking) -> Terms:
        return self.market.rows.the(Terms, (booking.listing, booking.terms_version))


MarketMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
test_the_market_is_its_model = MarketMachine.TestCase
