"""What is due is done once, whoever sends it how often, and never before decide says so."""

from collections import Counter

from holdfast.domain import commands as c
from holdfast.domain.decisions.bookings import COMPLETED_AFTER_US
from holdfast.domain.decisions.reviews import REVIEW_WITHIN_US
from holdfast.domain.instants import DAY_US, HOUR_US, MINUTE_US, SECOND_US, Instant
from holdfast.domain.rows import BookingId
from holdfast.jobs.reconcilers import MARGIN_US, RECONCILERS, Tools, reconcile
from holdfast.jobs.rounds import run_round
from holdfast.reads.due import FIRST, PAGE, to_expire
from support.jobs import AWAY, RECEIVED, Jobs
from support.paper import at, place

EXPIRE, COMPLETE, REVEAL = RECONCILERS


def requested(jobs: Jobs, day: int = 3, hour: float = 10) -> BookingId:
    """A request that counts for two hours from now."""
    return BookingId(jobs.cell.made(jobs.cell.cast.customer, place(jobs.cell.cast.by_request, day, hour)))


def reviewed(jobs: Jobs) -> BookingId:
    """A visit on day 1, completed at its end and reviewed by one side."""
    cell = jobs.cell
    booking = BookingId(cell.made(cell.cast.customer, place(cell.cast.instant, 1, 10)))
    cell.now = at(1, 11)
    cell.made(cell.cast.provider, c.CompleteBooking(booking))
    cell.made(cell.cast.customer, c.WriteReview(booking, 5, "Good"))
    return booking


def expire(jobs: Jobs) -> Counter[str]:
    return jobs.run(lambda tools: reconcile(EXPIRE, tools))


def test_a_request_that_nobody_answered_expires_once(jobs: Jobs) -> None:
    booking = requested(jobs)
    due = at(0, 2)
    jobs.cell.now = Instant(due + MARGIN_US)
    assert expire(jobs) == {}
    jobs.cell.now = Instant(due + MARGIN_US + 1)
    assert expire(jobs) == {"accepted": 1}
    assert jobs.state(booking) == "expired"
    assert [sent.key for sent in jobs.market.sent] == [f"{booking}:expire:{due}"]
    assert expire(jobs) == {}


def test_a_visit_is_completed_a_day_after_its_end(jobs: Jobs) -> None:
    booking = jobs.cell.made(jobs.cell.cast.customer, place(jobs.cell.cast.instant, 1, 10))
    due = Instant(at(1, 11) + COMPLETED_AFTER_US)
    for now, counted, state in ((due, {}, "confirmed"), (due + MINUTE_US // 2, {"accepted": 1}, "completed")):
        jobs.cell.now = Instant(now)
        assert jobs.run(lambda tools: reconcile(COMPLETE, tools)) == counted
        assert jobs.state(booking) == state
    assert [sent.key for sent in jobs.market.sent] == [f"{booking}:complete:{due}"]


def test_a_lonely_review_is_shown_a_fortnight_after_the_visit(jobs: Jobs) -> None:
    booking = reviewed(jobs)
    due = Instant(at(1, 11) + REVIEW_WITHIN_US)
    jobs.cell.now = due
    assert jobs.run(lambda tools: reconcile(REVEAL, tools)) == {}
    jobs.cell.now = Instant(due + MINUTE_US // 2)
    assert jobs.run(lambda tools: reconcile(REVEAL, tools)) == {"accepted": 1}
    assert jobs.cell.all("SELECT count(visible_since) FROM cell.review") == [(1,)]
    assert [sent.key for sent in jobs.market.sent] == [f"{booking}:reveal:{due}"]
    assert jobs.run(lambda tools: reconcile(REVEAL, tools)) == {}


def test_a_round_does_all_that_is_due_and_a_second_one_nothing(jobs: Jobs) -> None:
    reviewed(jobs)
    requested(jobs, day=3)
    jobs.cell.made(jobs.cell.cast.customer, place(jobs.cell.cast.instant, 4, 10))
    jobs.cell.now = at(20, 0)
    jobs.run(run_round)
    assert sorted(sent.key.split(":")[1] for sent in jobs.market.sent) == ["complete", "expire", "reveal"]
    jobs.run(run_round)
    assert len(jobs.market.sent) == 3


def test_what_came_too_early_by_the_cores_clock_is_done_all_the_same(jobs: Jobs) -> None:
    """The node's clock is an hour ahead: its first commands are refused, and their keys are spent."""
    booking = requested(jobs)
    jobs.node_ahead_us = HOUR_US
    due = at(0, 2)
    refused, minutes = 0, 0
    jobs.cell.now = Instant(due - HOUR_US + MARGIN_US)
    while jobs.state(booking) == "requested":
        refused += expire(jobs)["not_due"]
        jobs.cell.now = Instant(jobs.cell.now + MINUTE_US)
        minutes += 1
    assert jobs.state(booking) == "expired"
    assert refused == 6, "no more refusals in the log than the logarithm of what the clock is ahead"
    assert minutes <= 66, "an hour of the core's clock, and the next attempt right after it"


def test_a_command_that_waited_until_it_did_not_count_is_followed_by_another(jobs: Jobs) -> None:
    booking = requested(jobs)
    jobs.cell.now = at(0, 3)
    jobs.market.instead = RECEIVED
    assert expire(jobs) == {"received": 1}
    (waited,) = jobs.market.sent
    jobs.cell.now = at(2, 0)
    (settled,) = jobs.cell.apply(waited).settled
    assert settled.outcome.refusal == "too_late"
    jobs.market.instead = None
    assert expire(jobs) == {"accepted": 1}
    assert jobs.state(booking) == "expired"


def test_what_somebody_did_meanwhile_is_left_as_it_is(jobs: Jobs) -> None:
    """As with a reading database that is behind: the round sends what is no longer due."""
    booking = requested(jobs)
    jobs.cell.now = Instant(at(0, 2) + 10 * SECOND_US)
    due = jobs.run(lambda tools: to_expire(tools.reader, jobs.cell.now, FIRST))
    assert [item.booking for item in due] == [booking]
    expire(jobs)
    (first,) = jobs.market.sent
    again = jobs.cell.apply(first).settled[0]
    assert (again.replayed, again.outcome.refusal) == (True, None)
    late = jobs.cell.envelope("00000000-0000-0000-0000-000000000000", c.ExpireBooking(booking))
    assert jobs.cell.apply(late).settled[0].outcome.refusal == "booking_not_requested"


def test_a_round_ends_where_relay_or_core_do_not_keep_up_and_the_next_goes_on(jobs: Jobs) -> None:
    booking = requested(jobs)
    jobs.cell.now = at(0, 3)
    jobs.market.instead = AWAY
    assert expire(jobs) == {"relay_away": 1}
    assert jobs.state(booking) == "requested"
    jobs.market.instead = None
    assert expire(jobs) == {"accepted": 1}


def test_more_than_a_page_is_done_in_one_round_in_the_order_in_which_it_was_due(jobs: Jobs) -> None:
    cell, count = jobs.cell, PAGE + 5
    for day in range(1, 19):  # twelve hours each
        wishes = [(cell.cast.customer, place(cell.cast.by_request, day, 8 + hour)) for hour in range(12)]
        cell.send(*wishes[: count - cell.count("cell.booking")])
        cell.now = Instant(cell.now + SECOND_US)
    assert cell.count("cell.booking") == count
    cell.now = Instant(cell.now + 4 * HOUR_US)

    async def ordered(tools: Tools) -> Counter[str]:
        first = await to_expire(tools.reader, cell.now, FIRST)
        rest = await to_expire(tools.reader, cell.now, first[-1])
        assert (len(first), len(rest)) == (PAGE, 5)
        assert [due.at for due in first + rest] == sorted(due.at for due in first + rest)
        assert len({due.booking for due in first + rest}) == count
        return await reconcile(EXPIRE, tools)

    assert jobs.run(ordered) == {"accepted": count}
    assert cell.all("SELECT DISTINCT state FROM cell.booking") == [("expired",)]
    assert cell.now < at(0, 0) + DAY_US
