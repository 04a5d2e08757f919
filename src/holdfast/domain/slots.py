"""Slots: which starts of a listing could be booked. The list that people see and the booking itself ask one function.

A schedule's instants `asked_at` and `now` differ: notice and horizon count from when the customer asked (an outage
costs nobody a slot that they asked for in time), expiry of claims from when it is decided.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Self

from holdfast.domain.hours import Openings
from holdfast.domain.instants import DAY_US, MINUTE_US, Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Calendar, CalendarException, CalendarId, Claim, PriceUnit, Terms
from holdfast.domain.walltime import closing_instant, local_date, opening_instant

NEAR_DAYS = 14
"""How far from a lost start others are looked for."""


class Schedule:
    """What decides a listing's slots: terms, their calendars in their order, exceptions and claims by calendar.

    The claims of a calendar are sorted by start and do not overlap, as invariant 1 has it; they may include expired
    ones. Only those near the instants asked about need be there.
    """

    __slots__ = ("claims", "ends", "openings", "terms", "zone")

    def __init__(
        self,
        terms: Terms,
        calendars: Sequence[Calendar],
        exceptions: Mapping[CalendarId, Sequence[CalendarException]],
        claims: Mapping[CalendarId, Sequence[Claim]],
    ) -> None:
        assert [calendar.id for calendar in calendars] == terms.calendars, "calendars stand in the order of the terms"
        openings = [Openings(calendar, exceptions.get(calendar.id, ())) for calendar in calendars]
        self._fill(terms, openings, [claims.get(calendar.id, ()) for calendar in calendars])

    @classmethod
    def of(cls, terms: Terms, openings: Sequence[Openings], claims: Sequence[Sequence[Claim]]) -> Self:
        """From openings that are known already; they and the claims stand in the order of the terms' calendars."""
        schedule = cls.__new__(cls)
        schedule._fill(terms, openings, claims)
        return schedule

    def _fill(self, terms: Terms, openings: Sequence[Openings], claims: Sequence[Sequence[Claim]]) -> None:
        self.terms = terms
        self.zone = openings[0].zone
        self.openings = openings
        self.claims = claims
        self.ends = [[claim.ends_at for claim in row] for row in claims]


def duration_offered(terms: Terms, minutes: int) -> bool:
    """Whether a booking of these terms may last so long."""
    if terms.price_unit is PriceUnit.visit:
        return minutes == terms.duration_min
    return (
        terms.duration_min <= minutes <= terms.duration_max_min and (minutes - terms.duration_min) % terms.step_min == 0
    )


def refusal_by_terms(terms: Terms, starts_at: Instant, minutes: int, asked_at: Instant) -> Refusal | None:
    """What the terms alone refuse, before anybody looks at a calendar: it bounds the stretch that has to be read."""
    if not duration_offered(terms, minutes):
        return Refusal.duration_not_offered
    if starts_at < asked_at + terms.notice_min * MINUTE_US:
        return Refusal.notice_too_short
    if starts_at > asked_at + terms.horizon_days * DAY_US:
        return Refusal.too_far_ahead
    return None


def claims_of(terms: Terms, starts_at: Instant, ends_at: Instant) -> list[tuple[CalendarId, Instant, Instant]]:
    """The stretches, buffers included, that a booking of [starts_at, ends_at) claims: one a calendar."""
    since, until = _with_buffers(terms, starts_at, ends_at)
    return [(calendar, since, until) for calendar in terms.calendars]


class Asking:
    """One question about many starts: may these minutes be booked from there on? For what it is asked, see refusal."""

    __slots__ = (
        "_after_us",
        "_before_us",
        "_earliest",
        "_latest",
        "_length_us",
        "_now",
        "_offered",
        "_rows",
        "_step_us",
    )

    def __init__(self, schedule: Schedule, minutes: int, *, asked_at: Instant, now: Instant) -> None:
        terms = schedule.terms
        self._offered = duration_offered(terms, minutes)
        self._earliest = asked_at + terms.notice_min * MINUTE_US
        self._latest = asked_at + terms.horizon_days * DAY_US
        self._length_us = minutes * MINUTE_US
        self._before_us = terms.buffer_before_min * MINUTE_US
        self._after_us = terms.buffer_after_min * MINUTE_US
        self._step_us = terms.step_min * MINUTE_US
        self._now = now
        self._rows = list(zip(schedule.openings, schedule.claims, schedule.ends, strict=True))

    def refusal(self, starts_at: Instant) -> Refusal | None:
        """Why the minutes cannot be booked from `starts_at` on, or None if they can. Buffers may lie outside hours."""
        if not self._offered:
            return Refusal.duration_not_offered
        if starts_at < self._earliest:
            return Refusal.notice_too_short
        if starts_at > self._latest:
            return Refusal.too_far_ahead
        ends_at = Instant(starts_at + self._length_us)
        for openings, _, _ in self._rows:
            if not openings.cover(starts_at, ends_at):
                return Refusal.outside_hours
        if not self._rows[0][0].is_start(starts_at, self._step_us):
            return Refusal.outside_hours
        since, until = Instant(starts_at - self._before_us), Instant(ends_at + self._after_us)
        for _, claims, ends in self._rows:
            if claims and _taken(claims, ends, since, until, self._now):
                return Refusal.slot_taken
        return None


def refusal_at(
    schedule: Schedule, starts_at: Instant, minutes: int, *, asked_at: Instant, now: Instant
) -> Refusal | None:
    """Why these minutes cannot be booked from `starts_at` on, or None if they can: what Asking answers, once."""
    return Asking(schedule, minutes, asked_at=asked_at, now=now).refusal(starts_at)


def starts_in(
    schedule: Schedule, first_day: date, last_day: date, minutes: int, *, asked_at: Instant, now: Instant
) -> list[Instant]:
    """Every start that can be booked on the local dates [first_day, last_day), in order.

    Dates are those of the first calendar's zone; a start belongs to the date on which it begins, wherever its window
    opened.
    """
    zone = schedule.zone
    since, until = opening_instant(zone, first_day, 0), closing_instant(zone, last_day, 0)
    for openings in schedule.openings:
        openings.prepare(since, Instant(until + minutes * MINUTE_US))
    step_us = schedule.terms.step_min * MINUTE_US
    # Where a change of the clock begins a day twice, some instants between its two midnights belong to another date.
    surely_since, surely_until = closing_instant(zone, first_day, 0), opening_instant(zone, last_day, 0)
    windows = schedule.openings[0].windows(since, until)
    raster = {at for opened, closed in windows for at in range(opened, closed, step_us)}
    refusal = Asking(schedule, minutes, asked_at=asked_at, now=now).refusal
    return [
        at
        for at in map(Instant, sorted(raster))
        if (surely_since <= at < surely_until or first_day <= local_date(zone, at) < last_day) and refusal(at) is None
    ]


def nearest_starts(
    schedule: Schedule, around: Instant, minutes: int, count: int, *, asked_at: Instant, now: Instant
) -> list[Instant]:
    """At most `count` starts that can be booked within 14 days of `around`, the nearest first; of two the earlier."""
    zone, found = schedule.zone, list[Instant]()
    earliest = asked_at + schedule.terms.notice_min * MINUTE_US
    middle = local_date(zone, around)
    for openings in schedule.openings:
        openings.prepare(Instant(around - (NEAR_DAYS + 2) * DAY_US), Instant(around + (NEAR_DAYS + 3) * DAY_US))
    for away in range(NEAR_DAYS + 1):
        first, last = middle - timedelta(days=away), middle + timedelta(days=away)
        for day in {first, last}:
            found += starts_in(schedule, day, day + timedelta(days=1), minutes, asked_at=asked_at, now=now)
        found.sort(key=lambda at: (abs(at - around), at))
        since, until = opening_instant(zone, first, 0), opening_instant(zone, last + timedelta(days=1), 0)
        seen = until - around if since <= earliest else min(around - since, until - around)
        if len(found) >= count and abs(found[count - 1] - around) <= seen:
            break
    return [at for at in found[:count] if abs(at - around) <= NEAR_DAYS * DAY_US]


def _taken(claims: Sequence[Claim], ends: Sequence[Instant], since: Instant, until: Instant, now: Instant) -> bool:
    """Whether a claim that still counts has a part in [since, until)."""
    for i in range(bisect_right(ends, since), len(claims)):
        claim = claims[i]
        if claim.starts_at >= until:
            return False
        if claim.expires_at is None or claim.expires_at > now:
            return True
    return False


def _with_buffers(terms: Terms, starts_at: Instant, ends_at: Instant) -> tuple[Instant, Instant]:
    return (
        Instant(starts_at - terms.buffer_before_min * MINUTE_US),
        Instant(ends_at + terms.buffer_after_min * MINUTE_US),
    )
