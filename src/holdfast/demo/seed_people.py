"""Who joins a demo cell, when, and with which calendars."""

from collections.abc import Iterator
from datetime import date

from argon2 import PasswordHasher
from argon2.low_level import Type

from holdfast.demo.plan import Plan
from holdfast.demo.seed_steps import SIGN_UP, Cast, Step, calendar_key, later
from holdfast.demo.shapes import ZONE, CalendarPlan
from holdfast.domain.commands import AddException, MakeCalendar, SignUp
from holdfast.domain.instants import Instant
from holdfast.domain.rows import CalendarId, MemberId
from holdfast.domain.walltime import opening_instant
from holdfast.secrets import Secrets

PASSWORD = "holdfast-demo"  # noqa: S105 - no secret: it is printed for whoever starts a demo
SALT_BYTES = 16
SET_UP_MIN = 30
"""How long after joining a provider's calendars stand."""
_FIRST_MIN, _SPREAD_MIN = 7 * 60, 12 * 60


def joining(plan: Plan, secrets: Secrets, cast: Cast) -> Iterator[Step]:
    """Everybody's sign-up, and the calendars of those who work. All have one password, hashed once."""
    password_hash = _hash(secrets.subkey("demo password"))
    people = [
        *((seller.name, seller.email, seller.joined) for seller in plan.providers),
        *((buyer.name, buyer.email, buyer.joined) for buyer in plan.customers),
        (plan.operator.name, plan.operator.email, plan.first_day),
    ]
    for number, (name, email, day) in enumerate(people):
        actor = cast.signing_up(email)
        yield Step(joined_at(day, number), actor, SIGN_UP, SignUp(email, name, ZONE, password_hash))
    for number, provider in enumerate(plan.providers):
        at = later(joined_at(provider.joined, number), 1)
        for own, calendar in enumerate(provider.calendars):
            yield from _calendar(cast.providers[number], own, calendar, cast.calendar(number, own), at)


def joined_at(day: date, number: int) -> Instant:
    """When somebody signs up on their day: between seven in the morning and seven in the evening."""
    return opening_instant(ZONE, day, _FIRST_MIN + number * 37 % _SPREAD_MIN)


def _calendar(owner: MemberId, number: int, plan: CalendarPlan, calendar: CalendarId, at: Instant) -> Iterator[Step]:
    key = calendar_key(number)
    yield Step(at, owner, key, MakeCalendar(plan.name, plan.zone, plan.opens, plan.closes))
    for exception in plan.exceptions:
        added = AddException(calendar, exception.first_day, exception.last_day, exception.opens, exception.closes)
        yield Step(later(at, 1), owner, f"{key}:{exception.first_day}", added)


def _hash(key: bytes) -> str:
    """The PHC string. Its salt is the cell's, so that a seeding that goes on later sends the same commands."""
    # OWASP's password storage cheat sheet: 19 MiB, two passes, one lane, as for everybody who signs up.
    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
    return hasher.hash(PASSWORD, salt=key[:SALT_BYTES])
