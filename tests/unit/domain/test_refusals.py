"""Every refusal, in the order of the enum; and of two that both hold the earlier one is given."""

import pytest

from holdfast.domain import commands as c
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import SYSTEM, BookingId, CalendarId, CategoryId, ListingId, MemberId, Place, ReviewId
from support.attempts import (
    LATER,
    TODAY,
    Case,
    about,
    about_customer,
    after,
    at_their_place,
    bad_terms,
    by,
    cancelled_and_started,
    changing,
    closing,
    cycle,
    drafting,
    hours,
    key_reused,
    late_cancel,
    offered,
    offered_odd_minutes,
    placing,
    publishing,
    reopening,
    replying,
    reviewing,
    revoked,
    suspend_provider,
    suspended,
    suspending_oneself,
    take,
    then,
    too_late,
    wait,
    with_terms,
    withdraw,
)  # fmt: skip
from support.paper import CELL, NOBODY, PaperMarket, at, place, sign_up, words

R = Refusal

TABLE: list[tuple[Refusal, Case]] = [
    (R.key_reused, key_reused),
    (R.too_late, too_late),
    (R.too_late, then(placing(0, 10), 0, 9.5)),
    (R.too_late, after(wait(0, 23), then(about(c.AcceptBooking, "provider", listing="by_request"), 1, 10))),
    (R.session_ended, lambda m: m.envelope(m.cast.customer, place(m.cast.instant, 1, 10), epoch=2)),
    (R.session_ended, lambda m: m.envelope(m.cast.customer, place(m.cast.instant, 1, 10), epoch=None)),
    (R.session_ended, lambda m: m.envelope(NOBODY, place(m.cast.instant, 1, 10))),
    (R.session_ended, revoked),
    (R.member_suspended, suspended),
    (R.not_allowed, by("customer", c.SuspendMember(MemberId(NOBODY), ""))),
    (R.not_allowed, by("operator", c.AppointOperator(MemberId(NOBODY)))),
    (R.not_allowed, by("operator", c.ExpireBooking(BookingId(NOBODY)))),
    (R.not_allowed, by("system", c.CancelBooking(BookingId(NOBODY), None, ""))),
    (R.cell_founded, by("system", c.FoundCell(CELL, "EUR", "UTC", "key", None))),
    (R.email_taken, lambda m: m.envelope(*sign_up("Carla"))),
    (R.member_unknown, by("system", c.AppointOperator(MemberId(NOBODY)))),
    (R.member_unknown, by("operator", c.SuspendMember(MemberId(NOBODY), ""))),
    (R.member_unknown, by("operator", c.RestoreMember(MemberId(NOBODY)))),
    (R.listing_unknown, by("customer", place(NOBODY, 1, 10))),
    (R.listing_unknown, placing(listing="draft")),
    (R.listing_unknown, publishing(role="rival")),
    (R.listing_unknown, by("provider", c.WithdrawListing(ListingId(NOBODY)))),
    (R.listing_unknown, changing("draft", "rival")),
    (R.booking_unknown, by("customer", c.CancelBooking(BookingId(NOBODY), None, ""))),
    (R.booking_unknown, about(c.CancelBooking, "other", None, "")),
    (R.booking_unknown, about(c.CancelBooking, "rival", None, "")),
    (R.booking_unknown, about(c.AcceptBooking, "other")),
    (R.booking_unknown, about(c.CompleteBooking, "rival")),
    (R.booking_unknown, about(c.AcceptBooking, "operator")),
    (R.booking_unknown, about(c.WriteReview, "other", 5, "")),
    (R.booking_unknown, by("system", c.RevealReviews(BookingId(NOBODY)))),
    (R.booking_unknown, by("system", c.ExpireBooking(BookingId(NOBODY)))),
    (R.review_unknown, by("provider", c.WriteReply(ReviewId(NOBODY), "Thanks"))),
    (R.review_unknown, replying("provider", shown=False)),
    (R.not_yours, changing(role="rival")),
    (R.not_yours, publishing("instant", "rival")),
    (R.not_yours, about(c.AcceptBooking, "customer", listing="by_request")),
    (R.not_yours, about(c.DeclineBooking, "customer", "", listing="by_request")),
    (R.not_yours, about(c.MarkNoShow, "customer")),
    (R.not_yours, replying("customer")),
    (R.not_yours, replying("other")),
    (R.category_unknown, drafting(category=NOBODY)),
    (R.category_unknown, by("operator", c.AddCategory(CategoryId(NOBODY), "nails", "", 1))),
    (R.category_unknown, by("operator", c.ChangeCategory(CategoryId(NOBODY), None, "nails", "", 1))),
    (R.category_cycle, cycle),
    (R.category_slug_taken, by("operator", c.AddCategory(None, "hair", "", 1))),
    (R.calendar_unknown, by("provider", c.SetHours(CalendarId(NOBODY), [], []))),
    (R.calendar_unknown, hours("rival", [0], [60])),
    (R.calendar_unknown, closing("rival", TODAY, TODAY)),
    (R.calendar_unknown, reopening("rival")),
    (R.calendar_unknown, drafting("rival")),
    (R.exception_unknown, reopening()),
    (R.time_zone_unknown, by("provider", c.MakeCalendar("Chair", "Mars/Olympus", [], []))),
    (R.time_zone_unknown, by("customer", c.SignUp("new@example.test", "New", "Factory", "$argon2id$"))),
    (R.hours_invalid, hours("provider", [60], [30])),
    (R.hours_invalid, by("provider", c.MakeCalendar("Chair", "UTC", [0], []))),
    (R.exception_invalid, closing("provider", LATER, TODAY)),
    (R.terms_invalid, drafting(price_minor=-1)),
    (R.terms_invalid, drafting(tier_percents=[50, 100])),
    (R.terms_invalid, drafting(calendars=[])),
    (R.listing_published, publishing("instant")),
    (R.listing_not_published, lambda m: m.envelope(m.cast.provider, c.WithdrawListing(m.cast.draft))),
    (R.listing_not_published, after(withdraw, placing())),
    (R.listing_not_published, after(suspend_provider, placing())),
    (R.listing_incomplete, publishing(title="")),
    (R.listing_incomplete, publishing(description="")),
    (R.listing_incomplete, changing(words=words(title=""))),
    (R.place_incomplete, publishing(area="")),
    (R.place_incomplete, changing(words=words(lat_e6=None, lng_e6=None))),
    (R.own_account, suspending_oneself),
    (R.member_suspended_already, after(suspended, about_customer(c.SuspendMember, ""))),
    (R.member_not_suspended, about_customer(c.RestoreMember)),
    (R.own_listing, placing(role="provider")),
    (R.offer_invalid, offered(1, 12)),
    (R.offer_invalid, offered(minutes=90)),
    (R.offer_invalid, offered(terms_version=2)),
    (R.offer_expired, offered(expires_at=at(0, -1))),
    (R.address_needed, at_their_place()),
    (R.duration_not_offered, placing(minutes=61)),
    (R.duration_not_offered, placing(minutes=0)),
    (R.duration_not_offered, placing(minutes=-60)),
    (R.duration_not_offered, placing(minutes=2**40)),
    (R.notice_too_short, after(wait(0, 9.5), placing(0, 10))),
    (R.too_far_ahead, placing(61)),
    (R.too_far_ahead, placing(3_000_000)),
    (R.outside_hours, placing(1, 7.5)),
    (R.outside_hours, placing(1, 10.25)),
    (R.outside_hours, after(lambda m: m.settle(closing("provider", LATER, LATER)(m)), placing())),
    (R.slot_taken, after(take, placing())),
    (R.slot_taken, after(take, placing(1, 10.5))),
    (R.booking_not_requested, about(c.AcceptBooking, "provider")),
    (R.booking_not_requested, about(c.DeclineBooking, "provider", "No")),
    (R.booking_not_requested, about(c.ExpireBooking, "system")),
    (R.booking_not_live, lambda m: m.envelope(m.cast.customer, c.CancelBooking(m.completed(), None, ""))),
    (R.booking_not_confirmed, about(c.CompleteBooking, "provider", listing="by_request")),
    (R.booking_not_confirmed, about(c.MarkNoShow, "provider", listing="by_request")),
    (R.booking_not_started, about(c.CompleteBooking, "provider")),
    (R.booking_not_started, about(c.MarkNoShow, "provider")),
    (R.booking_started, late_cancel),
    (R.refund_changed, about(c.CancelBooking, "customer", 2501, "")),
    (R.booking_not_completed, about(c.WriteReview, "customer", 5, "")),
    (R.review_exists, reviewing("customer", "customer")),
    (R.review_closed, reviewing("customer", days=15)),
    (R.reply_exists, replying("provider", twice=True)),
    (R.not_due, about(c.ExpireBooking, "system", listing="by_request")),
    (R.not_due, lambda m: m.envelope(SYSTEM, c.RevealReviews(m.completed()))),
]


BY_INTAKE = (R.withdrawn, R.set_aside)
"""Refusals that no rule gives: a sender's withdrawal, and data or rules that broke."""

PAIRS: list[tuple[Refusal, Case]] = [
    # Named refusal: the earlier of at least two that hold.
    (R.key_reused, lambda m: key_reused(m, late=True)),
    (R.too_late, lambda m: too_late(m, ended=True)),
    (R.session_ended, lambda m: revoked(m, suspended=True)),
    (R.member_suspended, lambda m: suspended(m, c.AddCategory(None, "hair", "", 1))),
    (R.not_allowed, by("customer", c.AddCategory(None, "hair", "", 1))),
    (R.listing_unknown, changing("draft", "rival", category=NOBODY)),
    (R.not_yours, changing("instant", "rival", category=NOBODY, words=words(title=""))),
    (R.not_yours, about(c.AcceptBooking, "customer")),
    (R.not_yours, replying("customer", twice=True)),
    (R.email_taken, lambda m: m.envelope(NOBODY, c.SignUp("carla@example.test", "C", "Mars/Olympus", "$argon2id$"))),
    (R.category_unknown, drafting("rival", category=NOBODY, price_minor=-1)),
    (R.category_unknown, by("operator", c.AddCategory(CategoryId(NOBODY), "hair", "", 1))),
    (R.category_cycle, lambda m: cycle(m, slug="nails")),
    (R.calendar_unknown, drafting("rival", price_minor=-1)),
    (R.calendar_unknown, hours("rival", [60], [30])),
    (R.calendar_unknown, closing("rival", LATER, TODAY)),
    (R.time_zone_unknown, by("provider", c.MakeCalendar("Chair", "Mars/Olympus", [0], []))),
    (R.terms_invalid, bad_terms),
    (R.listing_incomplete, publishing(title="", area="")),
    (R.listing_incomplete, changing(words=words(title="", area=""))),
    (R.listing_not_published, after(withdraw, placing(role="provider"))),
    (R.own_listing, offered(1, 12, role="provider")),
    (R.offer_invalid, offered(1, 12, expires_at=at(0, -1))),
    (R.offer_invalid, offered(terms_version=2, expires_at=at(0, -1))),
    (R.offer_expired, offered_odd_minutes),
    (R.duration_not_offered, after(wait(1, 10), placing(1, 10, minutes=61))),
    (R.notice_too_short, after(wait(1, 10), placing(1, 9.25))),
    (R.too_far_ahead, placing(61, 3)),
    (R.address_needed, with_terms(placing(1, 3, minutes=61), place=Place.customer)),
    (R.outside_hours, after(take, placing(1, 10.25))),
    (R.booking_not_live, cancelled_and_started),
    (R.booking_started, lambda m: late_cancel(m, refund_minor=2501)),
    (R.booking_not_confirmed, about(c.CompleteBooking, "provider", listing="by_request")),
    (R.booking_not_started, about(c.CompleteBooking, "system")),
    (R.booking_not_completed, about(c.WriteReview, "provider", 5, "")),
    (R.review_exists, reviewing("customer", "customer", days=15)),
    (R.review_exists, reviewing("provider", "customer", "customer")),
]


def refused(case: Case) -> str | None:
    """The refusal that the market gives; the same twice, from facts made anew."""
    answers = set()
    for _ in range(2):
        market = PaperMarket()
        answers.add(market.settle(case(market))[0].refusal)
    (answer,) = answers
    return answer


@pytest.mark.parametrize(("refusal", "case"), TABLE, ids=[refusal.name for refusal, _ in TABLE])
def test_the_refusal_is(refusal: Refusal, case: Case) -> None:
    assert refused(case) == refusal


@pytest.mark.parametrize(("refusal", "case"), PAIRS, ids=[refusal.name for refusal, _ in PAIRS])
def test_of_two_refusals_that_hold_the_earlier_is_given(refusal: Refusal, case: Case) -> None:
    assert refused(case) == refusal


def test_the_table_goes_through_all_refusals_in_their_order() -> None:
    in_order = list(Refusal)
    assert {refusal for refusal, _ in TABLE} == set(Refusal) - set(BY_INTAKE)
    places = [in_order.index(refusal) for refusal, _ in TABLE]
    assert places == sorted(places)


@pytest.mark.parametrize("refusal", BY_INTAKE)
def test_what_intake_refuses_no_rule_sees(refusal: Refusal) -> None:
    market = PaperMarket()
    envelope = too_late(market)
    (outcome,) = market.settle(envelope, forced={envelope.id: refusal})
    assert outcome.refusal == refusal


@pytest.mark.parametrize("case", [case for _, case in TABLE], ids=[refusal.name for refusal, _ in TABLE])
def test_a_refused_command_changes_nothing(case: Case) -> None:
    market = PaperMarket()
    envelope = case(market)
    before = {table: dict(rows) for table, rows in market.rows.tables.items()}
    size = len(market.log)
    market.settle(envelope)
    assert market.rows.tables == before
    assert len(market.log) == size
