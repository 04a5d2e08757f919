"""Whether a listing has a free start within a stretch of time: the exact check behind search."""

from datetime import date, timedelta

from msgspec import Struct

from holdfast.domain.instants import MINUTE_US, Instant
from holdfast.domain.rows import PriceUnit, Terms
from holdfast.domain.slots import Schedule, starts_in
from holdfast.domain.walltime import local_date


class FreeTime(Struct, frozen=True):
    """A start and its end within [since, until), for at least so many minutes; None: the listing's shortest."""

    since: Instant
    until: Instant
    minutes: int | None = None


def fitting_minutes(terms: Terms, at_least: int | None) -> int | None:
    """The shortest booking of these terms that lasts so long; None where none does."""
    if at_least is None or at_least <= terms.duration_min:
        return terms.duration_min
    if terms.price_unit is PriceUnit.visit:
        return None
    steps = -(-(at_least - terms.duration_min) // terms.step_min)
    minutes = terms.duration_min + steps * terms.step_min
    return minutes if minutes <= terms.duration_max_min else None


def first_free(schedule: Schedule, free: FreeTime, now: Instant) -> Instant | None:
    """The first start that booking would take, or None. Day by day: most that are free are so on the first."""
    minutes = fitting_minutes(schedule.terms, free.minutes)
    if minutes is None:
        return None
    last_start = free.until - minutes * MINUTE_US
    day, last_day = local_date(schedule.zone, free.since), local_date(schedule.zone, free.until)
    while day <= last_day:
        for at in _starts_on(schedule, day, minutes, now):
            if free.since <= at <= last_start:
                return at
        day += timedelta(days=1)
    return None


def _starts_on(schedule: Schedule, day: date, minutes: int, now: Instant) -> list[Instant]:
    return starts_in(schedule, day, day + timedelta(days=1), minutes, asked_at=now, now=now)
