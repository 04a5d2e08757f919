"""Plans of a demo cell that several tests look at, made once."""

from datetime import date
from functools import cache

from holdfast.demo.plan import Plan, make_plan

TODAY = date(2026, 11, 23)


@cache
def plan() -> Plan:
    """A whole one."""
    return make_plan(TODAY)


@cache
def small() -> Plan:
    """One that is quickly seeded."""
    return make_plan(TODAY, providers=12, listings=30, past_bookings=60)
