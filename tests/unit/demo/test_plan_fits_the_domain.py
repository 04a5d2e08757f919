"""What the plan asks for is what the domain grants: hours, terms and starts."""

import msgspec

from holdfast.demo.plan import Plan
from holdfast.domain.hours import valid_exception, valid_hours
from holdfast.domain.instants import MINUTE_US, Instant
from holdfast.domain.prices import terms_fault
from holdfast.domain.rows import Calendar, CalendarException, CalendarId, ExceptionId, ListingId, MemberId, Place, Terms
from holdfast.domain.slots import Schedule, refusal_at
from holdfast.domain.walltime import opening_instant
from support.demo import plan


def test_hours_and_exceptions_are_ones_that_the_domain_takes() -> None:
    for provider in plan().providers:
        for calendar in provider.calendars:
            assert valid_hours(calendar.opens, calendar.closes)
            days = [exception.first_day for exception in calendar.exceptions]
            assert len(set(days)) == len(days)
            for exception in calendar.exceptions:
                assert valid_exception(exception.first_day, exception.last_day, exception.opens, exception.closes)


def terms_of(made: Plan, index: int) -> Terms:
    plain = msgspec.structs.asdict(made.listings[index])
    shared = {name: plain[name] for name in Terms.__struct_fields__ if name in plain}
    hours, percents = [hour for hour, _ in plain["tiers"]], [percent for _, percent in plain["tiers"]]
    calendars = [CalendarId(f"{plain['provider']}-{calendar}") for calendar in plain["calendars"]]
    return Terms(
        **shared | {"calendars": calendars},
        listing=ListingId(str(index)),
        version=1,
        since=Instant(0),
        tier_hours=hours,
        tier_percents=percents,
    )


def schedule_of(made: Plan, index: int) -> Schedule:
    terms, provider = terms_of(made, index), made.providers[made.listings[index].provider]
    calendars, exceptions = [], {}
    for name, number in zip(terms.calendars, made.listings[index].calendars, strict=True):
        own = provider.calendars[number]
        calendars.append(Calendar(name, MemberId("m"), own.zone, own.opens, own.closes))
        exceptions[name] = [
            CalendarException(ExceptionId(str(n)), name, one.first_day, one.last_day, one.opens, one.closes)
            for n, one in enumerate(own.exceptions)
        ]
    return Schedule(terms, calendars, exceptions, {})


def test_terms_are_ones_that_the_domain_takes() -> None:
    assert not [fault for index in range(len(plan().listings)) if (fault := terms_fault(terms_of(plan(), index)))]
    assert {listing.step_min for listing in plan().listings} >= {15, 20, 30, 45, 60}
    assert {listing.place for listing in plan().listings} == set(Place)


def test_a_planned_start_is_a_slot_of_the_domain_whatever_the_clock_does() -> None:
    refused = 0
    for booking in plan().bookings[::10]:
        start = opening_instant("Europe/Lisbon", booking.day, booking.minute)
        asked_at = Instant(start - booking.placed_before_min * MINUTE_US)
        schedule = schedule_of(plan(), booking.listing)
        refused += refusal_at(schedule, start, booking.duration_min, asked_at=asked_at, now=asked_at) is not None
    assert refused <= 5, "only windows in which the clock changes may differ"
