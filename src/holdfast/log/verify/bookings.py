"""Invariants 1 to 4: claims, states and prices of all bookings, recomputed."""

from collections.abc import Iterator
from itertools import pairwise

from holdfast.domain.instants import HOUR_US, MINUTE_US, Instant
from holdfast.domain.prices import refund_minor, total_minor
from holdfast.domain.rows import LIVE, Booking, BookingLine, BookingState, BookingStep, Claim, Terms
from holdfast.domain.slots import claims_of
from holdfast.domain.store import Rows
from holdfast.log.verify.report import Findings
from holdfast.log.verify.tables import shown_key

FIRST = frozenset({BookingState.requested, BookingState.confirmed})
NEXT: dict[str, frozenset[BookingState]] = {
    BookingState.requested: frozenset(
        {BookingState.confirmed, BookingState.declined, BookingState.expired, BookingState.cancelled}
    ),
    BookingState.confirmed: frozenset({BookingState.completed, BookingState.no_show, BookingState.cancelled}),
}
"""A booking's life: which states may follow which; what is not here ends it."""


def check_overlaps(rows: Rows, findings: Findings) -> None:
    """Invariant 1: in the order of calendar and start, each claim ends before the next one starts."""
    claims = rows.tables[Claim]
    findings.count(1, len(claims))
    in_order = sorted(key for key in claims if None not in key)
    for (calendar, start, end), (next_calendar, next_start, next_end) in pairwise(in_order):
        if calendar == next_calendar and next_start < end:
            key = shown_key((next_calendar, next_start, next_end))
            findings.add(1, Claim.TABLE, key, f"overlaps the claim from {start} to {end} on the same calendar")


def check_claims(rows: Rows, findings: Findings) -> None:
    """Invariant 2: live bookings ask for exactly the claims that there are."""
    claims, terms = rows.tables[Claim], rows.tables[Terms]
    asked = set()
    for booking in _all(rows):
        agreed = terms.get((booking.listing, booking.terms_version))
        if booking.state not in LIVE or not isinstance(agreed, Terms):
            continue
        for key in claims_of(agreed, booking.starts_at, booking.ends_at):
            asked.add(key)
            claim = claims.get(key)
            if not isinstance(claim, Claim) or claim.booking != booking.id:
                findings.add(2, Claim.TABLE, shown_key(key), f"missing: booking {booking.id} is {booking.state}")
            elif claim.expires_at != booking.answer_by:
                findings.add(2, Claim.TABLE, shown_key(key), "expires_at: not when its booking's answer is due")
    findings.count(2, len(claims))
    for key, claim in claims.items():
        if key not in asked and isinstance(claim, Claim):
            findings.add(2, Claim.TABLE, shown_key(key), f"its booking {claim.booking} does not ask for it")


def check_histories(rows: Rows, findings: Findings) -> None:
    """Invariant 3: steps lead from a first state to the present one, each along the booking's life."""
    steps = rows.tables[BookingStep]
    taken = 0
    for booking in _all(rows):
        before: BookingStep | None = None
        for n in range(min(booking.steps, len(steps))):
            step = steps.get((booking.id, n))
            if not isinstance(step, BookingStep):
                findings.add(3, BookingStep.TABLE, shown_key((booking.id, n)), "missing from its booking's history")
                break
            taken += 1
            allowed = FIRST if before is None else NEXT.get(before.state, frozenset())
            if step.state not in allowed or (before is not None and step.at < before.at):
                where = before.state if before else "nothing"
                findings.add(3, BookingStep.TABLE, shown_key((booking.id, n)), f"{where} does not lead to {step.state}")
            before = step
        if before is None or before.state != booking.state:
            state = before.state if before else "nothing"
            findings.add(3, Booking.TABLE, booking.id, f"is {booking.state}, and its history ends at {state}")
    findings.count(3, len(steps))
    if taken != len(steps):
        for booking_id, n in steps:
            owner = rows.tables[Booking].get(booking_id)
            if not isinstance(owner, Booking) or n >= owner.steps:
                findings.add(3, BookingStep.TABLE, shown_key((booking_id, n)), "is beyond its booking's history")


def check_prices(rows: Rows, findings: Findings) -> None:
    """Invariant 4: lines and totals are what the booking's version of terms asks for, refunds what it gives back."""
    all_terms, lines = rows.tables[Terms], rows.tables[BookingLine]
    bookings = rows.tables[Booking]
    findings.count(4, len(bookings))
    sums: dict[str, int] = dict.fromkeys(bookings, 0)
    for line in lines.values():
        assert isinstance(line, BookingLine), "each table's dict holds its own rows"
        terms, booking = all_terms.get((line.listing, line.terms_version)), bookings.get(line.booking)
        key = shown_key((line.booking, line.n))
        if not isinstance(terms, Terms) or not isinstance(booking, Booking):
            findings.add(4, BookingLine.TABLE, key, "has no such terms, or no booking")
            continue
        minutes = (booking.ends_at - booking.starts_at) // MINUTE_US
        sums[line.booking] += line.amount_minor
        if line.minutes != minutes or line.amount_minor != total_minor(terms, line.minutes):
            findings.add(4, BookingLine.TABLE, key, f"is not what {minutes} minutes cost by its terms")
    for booking in _all(rows):
        terms = all_terms.get((booking.listing, booking.terms_version))
        if booking.total_minor != sums[booking.id]:
            findings.add(4, Booking.TABLE, booking.id, f"total_minor: its lines make {sums[booking.id]}")
        if not isinstance(terms, Terms) or terms.since > booking.placed_at:
            findings.add(4, Booking.TABLE, booking.id, "terms_version: was not there when it was placed")
        elif len(terms.tier_hours) != len(terms.tier_percents):
            findings.add(4, Terms.TABLE, shown_key((terms.listing, terms.version)), "its tiers are not pairs")
        elif booking.refund_minor is not None and booking.refund_minor not in refunds(terms, booking):
            findings.add(
                4, Booking.TABLE, booking.id, f"refund_minor: its terms never give back {booking.refund_minor}"
            )


def refunds(terms: Terms, booking: Booking) -> set[int]:
    """Every refund that the terms can give: at each tier's limit, past all of them, and the whole."""
    limits = [Instant(booking.starts_at - hours * HOUR_US) for hours in terms.tier_hours]
    moments = [*limits, booking.starts_at, Instant(booking.starts_at + 1)]
    return {booking.total_minor} | {
        refund_minor(terms, booking.total_minor, booking.starts_at, moment) for moment in moments
    }


def _all(rows: Rows) -> Iterator[Booking]:
    for booking in rows.tables[Booking].values():
        if isinstance(booking, Booking):
            yield booking
