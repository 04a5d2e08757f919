"""One command of a simulated past, and the ids of what such commands will make."""

from collections.abc import Callable
from typing import Optional

from msgspec import Struct

from holdfast.demo.plan import Plan
from holdfast.domain.commands import AnyCommand
from holdfast.domain.ids import IdSource, signup_actor
from holdfast.domain.instants import MINUTE_US, Instant
from holdfast.domain.rows import SYSTEM, BookingId, CalendarId, CategoryId, ListingId, MemberId

SIGN_UP = "demo:sign-up"


class Step(Struct, frozen=True):
    """A command with its sender's key, received at `at` and decided by `latest` at the latest (None: a day later).

    booking: whose life it is part of; without that booking it is not sent. then: the job that becomes due because it
    was decided at the given instant.
    """

    at: Instant
    actor: MemberId
    key: str
    command: AnyCommand
    latest: Instant | None = None
    booking: BookingId | None = None
    then: Callable[[Instant], Optional["Step"]] | None = None


class Cast:
    """Ids of whatever a plan will make, by its index there. They derive from actor and key, so they are known before.

    secret: the cell's.
    """

    def __init__(self, secret: bytes, plan: Plan) -> None:
        self.secret = secret
        self.operator = self.member(plan.operator.email)
        self.customers = [self.member(customer.email) for customer in plan.customers]
        self.providers = [self.member(provider.email) for provider in plan.providers]
        self.listings = [
            ListingId(self.made(self.providers[listing.provider], listing_key(index)))
            for index, listing in enumerate(plan.listings)
        ]

    def made(self, actor: MemberId, key: str) -> str:
        """The id of what this actor's command of this key makes: the first that decide draws for it."""
        return IdSource(self.secret, actor, key, b"").next()

    def signing_up(self, email: str) -> MemberId:
        return signup_actor(self.secret, email)

    def member(self, email: str) -> MemberId:
        return MemberId(self.made(self.signing_up(email), SIGN_UP))

    def calendar(self, provider: int, number: int) -> CalendarId:
        return CalendarId(self.made(self.providers[provider], calendar_key(number)))

    def category(self, slug: str) -> CategoryId:
        return CategoryId(self.made(SYSTEM, category_key(slug)))


def category_key(slug: str) -> str:
    return f"demo:category:{slug}"


def calendar_key(number: int) -> str:
    """Of a provider's calendar, by its place among theirs."""
    return f"demo:calendar:{number}"


def listing_key(index: int) -> str:
    return f"demo:listing:{index}"


def later(instant: Instant, minutes: int) -> Instant:
    return Instant(instant + minutes * MINUTE_US)
