"""What a batch leaves in the tables: net effects, releases before claims, what expired in the way; or nothing."""

from typing import Any

import psycopg
import pytest

from holdfast.core.apply import OutcomeUnknown, apply_batch
from holdfast.db.connect import writer_connection
from holdfast.db.passwords import Role
from holdfast.domain import commands as c
from holdfast.domain.instants import Instant
from holdfast.domain.rows import BookingId, CategoryId, ListingId
from support.cells import Cell, check_log, made_by
from support.database import Database
from support.paper import SECRET, at, place, terms, words


def states(cell: Cell) -> list[str]:
    return [state for (state,) in cell.all("SELECT state FROM cell.booking ORDER BY placed_at, starts_at, id")]


def claims(cell: Cell) -> list[tuple[Any, ...]]:
    return cell.all("SELECT booking, lower(during), upper(during), expires_at FROM cell.claim ORDER BY during")


def test_a_booking_and_its_cancellation_in_one_batch_leave_a_cancelled_booking(cell: Cell) -> None:
    placing = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10))
    booking = BookingId(made_by(placing))
    cancelling = cell.envelope(cell.cast.customer, c.CancelBooking(booking, None, "Changed my mind"))
    applied = cell.apply(placing, cancelling)
    assert [settled.outcome.refusal for settled in applied.settled] == [None, None]
    assert states(cell) == ["cancelled"]
    assert claims(cell) == []
    assert cell.all("SELECT n, state FROM cell.booking_step ORDER BY n") == [(0, "confirmed"), (1, "cancelled")]
    check_log(cell)


def test_case_7_a_cancelled_time_can_be_booked_in_the_same_batch(cell: Cell) -> None:
    first = BookingId(cell.made(cell.cast.customer, place(cell.cast.instant, 1, 10)))
    second = cell.send(
        (cell.cast.customer, c.CancelBooking(first, None, "")), (cell.cast.other, place(cell.cast.instant, 1, 10))
    )[1]
    assert second.refusal is None
    assert claims(cell) == [(second.subject, at(1, 10), at(1, 11), None)]
    check_log(cell)


def test_a_time_given_back_and_taken_over_and_over_in_one_batch_ends_with_the_last(cell: Cell) -> None:
    envelopes = []
    for n in range(6):
        who = (cell.cast.customer, cell.cast.other)[n % 2]
        placing = cell.envelope(who, place(cell.cast.instant, 1, 10 if n < 4 else 10.5))
        envelopes += [placing, cell.envelope(who, c.CancelBooking(BookingId(made_by(placing)), None, ""))]
    applied = cell.apply(*envelopes[:-1])
    assert {settled.outcome.refusal for settled in applied.settled} == {None}
    assert claims(cell) == [(BookingId(made_by(envelopes[-2])), at(1, 10.5), at(1, 11.5), None)]
    check_log(cell)


def test_a_request_and_its_acceptance_in_one_batch_claim_without_expiry(cell: Cell) -> None:
    asking = cell.envelope(cell.cast.customer, place(cell.cast.by_request, 1, 10))
    applied = cell.apply(asking, cell.envelope(cell.cast.provider, c.AcceptBooking(BookingId(made_by(asking)))))
    assert [settled.outcome.refusal for settled in applied.settled] == [None, None]
    assert claims(cell) == [(BookingId(made_by(asking)), at(1, 10), at(1, 11), None)]


def test_what_was_drafted_published_and_booked_in_one_batch_stands(cell: Cell) -> None:
    cast = cell.cast
    making = cell.envelope(cast.rival, c.MakeCalendar("Room", "UTC", [480], [1200]))
    calendar = made_by(making)
    drafting = cell.envelope(cast.rival, c.DraftListing(CategoryId(cast.category), words(), terms(calendar)))
    listing = ListingId(made_by(drafting))
    publishing = cell.envelope(cast.rival, c.PublishListing(listing))
    placing = cell.envelope(cast.customer, place(listing, 7, 9))
    applied = cell.apply(making, drafting, publishing, placing)
    assert [settled.outcome.refusal for settled in applied.settled] == [None] * 4
    check_log(cell)


def test_an_expired_request_in_the_way_is_expired_by_the_booking_that_needs_its_time(cell: Cell) -> None:
    request = cell.made(cell.cast.customer, place(cell.cast.by_request, 1, 10))
    cell.now = at(0, 2)
    booked = cell.send((cell.cast.other, place(cell.cast.instant, 1, 10.5)))[0]
    assert (booked.refusal, booked.events) == (None, 2)
    assert dict(cell.all("SELECT id, state FROM cell.booking")) == {request: "expired", booked.subject: "confirmed"}
    assert [row[0] for row in claims(cell)] == [booked.subject]
    check_log(cell)


def test_a_request_whose_time_is_not_over_stays_in_the_way(cell: Cell) -> None:
    cell.made(cell.cast.customer, place(cell.cast.by_request, 1, 10))
    cell.now = Instant(at(0, 2) - 1)
    assert cell.refusals((cell.cast.other, place(cell.cast.instant, 1, 10.5))) == ["slot_taken"]


def test_more_expired_requests_than_rounds_are_expired_in_one_batch(cell: Cell) -> None:
    """Each has to be read before it can be expired: all of them in the same rounds."""
    starts = [(day, hour) for day in range(1, 10) for hour in range(8, 20)][:100]
    asked = [(cell.cast.customer, place(cell.cast.by_request, *start)) for start in starts]
    assert set(cell.refusals(*asked)) == {None}
    cell.now = at(0, 3)
    booked = [(cell.cast.other, place(cell.cast.instant, *start)) for start in starts]
    assert set(cell.refusals(*booked)) == {None}
    assert sorted(states(cell)) == ["confirmed"] * 100 + ["expired"] * 100
    check_log(cell)


def test_an_offer_of_older_terms_is_honoured_at_its_price(cell: Cell) -> None:
    listing = cell.cast.instant
    dearer = terms(cell.cast.calendar, price_minor=9900, tier_hours=[], tier_percents=[])
    cell.made(cell.cast.provider, c.ChangeListing(listing, None, None, dearer))
    offer = c.OfferTaken(listing, 1, at(1, 10), 60, 5000, at(0, 1))
    cell.made(cell.cast.customer, place(listing, 1, 10, offer=offer))
    cell.made(cell.cast.customer, place(listing, 1, 12))
    assert cell.all("SELECT terms_version, total_minor FROM cell.booking ORDER BY starts_at") == [(1, 5000), (2, 9900)]
    assert cell.all("SELECT terms_version, amount_minor FROM cell.booking_line ORDER BY amount_minor") == [
        (1, 5000), (2, 9900),
    ]  # fmt: skip


def test_case_4_the_whole_stretch_and_its_buffers_are_checked(cell: Cell) -> None:
    wide = terms(cell.cast.calendar, buffer_before_min=30, buffer_after_min=30, duration_max_min=240)
    cell.made(cell.cast.provider, c.ChangeListing(cell.cast.instant, None, None, wide))
    cell.made(cell.cast.customer, place(cell.cast.by_request, 1, 12))
    tries = [(8, 180), (9, 180), (10.5, 60), (11, 60), (12.5, 60), (13, 60), (13.5, 60)]
    wishes = [(cell.cast.other, place(cell.cast.instant, 1, hour, minutes=minutes)) for hour, minutes in tries]
    expected = [None, "slot_taken", "slot_taken", "slot_taken", "slot_taken", "slot_taken", None]
    assert cell.refusals(*wishes) == expected


def test_case_6_a_start_in_anothers_buffer_is_refused_whichever_came_first(cell: Cell) -> None:
    buffered = terms(cell.cast.calendar, buffer_after_min=30)
    cell.made(cell.cast.provider, c.ChangeListing(cell.cast.instant, None, None, buffered))
    cell.made(cell.cast.customer, place(cell.cast.instant, 1, 10))
    assert cell.refusals((cell.cast.other, place(cell.cast.by_request, 1, 11))) == ["slot_taken"]
    cell.made(cell.cast.other, place(cell.cast.by_request, 1, 14))
    assert cell.refusals((cell.cast.customer, place(cell.cast.instant, 1, 13))) == ["slot_taken"]


def test_case_25_only_a_completed_booking_can_be_reviewed(cell: Cell) -> None:
    booking = BookingId(cell.made(cell.cast.customer, place(cell.cast.instant, 1, 10)))
    review = (cell.cast.customer, c.WriteReview(booking, 5, "Lovely"))
    assert cell.refusals(review, (cell.cast.other, c.WriteReview(booking, 1, "Never"))) == [
        "booking_not_completed", "booking_unknown",
    ]  # fmt: skip
    cell.now = at(1, 11)
    cell.made(cell.cast.provider, c.CompleteBooking(booking))
    assert cell.refusals(review, (cell.cast.rival, c.WriteReview(booking, 1, "Never"))) == [None, "booking_unknown"]


def test_a_batch_that_is_cut_off_leaves_nothing(cell: Cell, database: Database) -> None:
    cut = writer_connection(database.url(Role.WRITER))
    envelope = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10, note="Third floor"))
    before = {table: cell.count(table) for table in EVERYTHING}

    def sever(core: Instant, last: Instant) -> Instant:
        with psycopg.connect(database.superuser_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [cut.info.backend_pid])
        return cell.clock(core, last)

    with pytest.raises((psycopg.OperationalError, OutcomeUnknown)):
        apply_batch(cut, SECRET, [envelope], sever)
    cut.close()
    assert {table: cell.count(table) for table in EVERYTHING} == before
    assert not cell.apply(envelope).settled[0].replayed
    check_log(cell)


EVERYTHING = (
    "ledger.log", "ledger.opening", "ledger.outcome", "ledger.tile", "cell.booking", "cell.booking_line",
    "cell.booking_step", "cell.claim", "vault.booking_text",
)  # fmt: skip
