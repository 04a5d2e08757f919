"""A market on paper: commands decided and evolved on rows that are all there; and the cast that most tests need."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from holdfast.core.batch import Batch
from holdfast.core.envelope import Envelope, Outcome, Sender, envelop
from holdfast.core.wants import Wants
from holdfast.domain import commands as c
from holdfast.domain.events import Recorded, TermsGiven
from holdfast.domain.ids import signup_actor
from holdfast.domain.instants import DAY_US, HOUR_US, Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import SYSTEM, BookingId, CalendarId, CategoryId, ListingId, MemberId, Place, PriceUnit
from holdfast.domain.store import Rows

SECRET = bytes(range(32))
CELL = "11111111-1111-8111-8111-111111111111"
NOBODY = "99999999-9999-8999-8999-999999999999"
MONDAY = Instant(1_780_272_000_000_000)
"""1 June 2026, 00:00 UTC: when the tests' markets are founded."""

Made = Callable[[str, c.AnyCommand], str]


def at(day: int, hour: float) -> Instant:
    """That hour, UTC, of a day counted from MONDAY."""
    return Instant(MONDAY + day * DAY_US + int(hour * HOUR_US))


def terms(calendar: str, **changed: Any) -> TermsGiven:
    """An hour at the provider's for 50.00, confirmed at once, half of it back until a day before."""
    fields: dict[str, Any] = {
        "calendars": [CalendarId(calendar)], "place": Place.provider, "price_minor": 5000,
        "price_unit": PriceUnit.hour, "duration_min": 60, "duration_max_min": 120, "step_min": 30,
        "buffer_before_min": 0, "buffer_after_min": 0, "notice_min": 60, "horizon_days": 60,
        "answer_within_min": 120, "instant": True, "tier_hours": [48, 24], "tier_percents": [100, 50],
    }  # fmt: skip
    return TermsGiven(**(fields | changed))


def words(**changed: Any) -> c.Description:
    fields: dict[str, Any] = {
        "title": "Haircut", "description": "With scissors.", "area": "Baixa", "address": "Rua 1",
        "lat_e6": 38_710_000, "lng_e6": -9_140_000,
    }  # fmt: skip
    return c.Description(**(fields | changed))


def place(listing: str, day: int, hour: float, **changed: Any) -> c.PlaceBooking:
    """A booking of that start, for the listing's shortest time."""
    fields: dict[str, Any] = {"minutes": None, "offer": None, "note": "", "address": ""}
    return c.PlaceBooking(ListingId(listing), at(day, hour), **(fields | changed))


class Cast(Struct):
    """Who and what there is. `instant` and `by_request` share the calendar; `draft` was never published."""

    customer: str
    other: str
    provider: str
    rival: str
    operator: str
    category: str
    calendar: str
    instant: ListingId
    by_request: ListingId
    draft: ListingId


def sign_up(name: str) -> tuple[str, c.SignUp]:
    """Who acts at a sign-up, and the command."""
    email = f"{name.lower()}@example.test"
    return signup_actor(SECRET, email), c.SignUp(email, name, "Europe/Lisbon", "$argon2id$")


def found(made: Made) -> Cast:
    """A cell with two customers, two providers, an operator; the first provider's listings, open 8–20 every day."""
    made(SYSTEM, c.FoundCell(CELL, "EUR", "Europe/Lisbon", "key", None))
    customer, other, provider, rival, operator = (
        made(*sign_up(name)) for name in ("Carla", "Otto", "Paulo", "Rita", "Olga")
    )
    made(SYSTEM, c.AppointOperator(MemberId(operator)))
    category = made(SYSTEM, c.AddCategory(None, "hair", "Hair", 1))
    opens = [day * 1440 + 480 for day in range(7)]
    calendar = made(provider, c.MakeCalendar("Chair", "UTC", opens, [opened + 720 for opened in opens]))
    instant, by_request, draft = (
        ListingId(made(provider, c.DraftListing(CategoryId(category), words(), terms(calendar, instant=instant))))
        for instant in (True, False, True)
    )
    for listing in (instant, by_request):
        made(provider, c.PublishListing(listing))
    return Cast(customer, other, provider, rival, operator, category, calendar, instant, by_request, draft)


class PaperMarket:
    """Decides envelopes in batches, on paper: the core's own Batch, without a database."""

    def __init__(self) -> None:
        self.rows = Rows(complete=True)
        self.now = MONDAY
        self.known: dict[str, Outcome] = {}
        self.log: list[Recorded] = []
        self.sent = 0
        self.cast = found(self.made)

    def envelope(self, actor: str, command: c.AnyCommand, **given: Any) -> Envelope:
        """received_at, valid_until, key, epoch and token as given; else now, a day, a new key, 1 and none."""
        self.sent += 1
        sender = Sender(MemberId(actor), given.get("token"), given.get("epoch", None if actor == SYSTEM else 1))
        received_at, valid_until = given.get("received_at", self.now), given.get("valid_until")
        key = given.get("key", f"key-{self.sent}")
        return envelop(SECRET, sender, key, command, received_at, valid_until=valid_until)

    def settle(self, *envelopes: Envelope, forced: dict[str, Refusal] | None = None) -> list[Outcome]:
        """One batch, decided now."""
        known, size = dict(self.known), len(self.log)
        batch = Batch(SECRET, self.rows, Wants(self.rows), self.now, size, known, dict(forced or {}))
        batch.run(envelopes)
        self.known, self.log = batch.known, [*self.log, *batch.events]
        return [settled.outcome for settled in batch.settled]

    def send(self, actor: str, command: c.AnyCommand, **given: Any) -> Outcome:
        return self.settle(self.envelope(actor, command, **given))[0]

    def made(self, actor: str, command: c.AnyCommand) -> str:
        """What a command made that must be accepted."""
        outcome = self.send(actor, command)
        assert outcome.subject is not None, f"{command} was refused: {outcome.refusal}"
        return outcome.subject

    def booked(self, listing: str, day: int, hour: float, **changed: Any) -> BookingId:
        """A booking of the customer's."""
        return BookingId(self.made(self.cast.customer, place(listing, day, hour, **changed)))

    def completed(self, day: int = 1) -> BookingId:
        """A booking of the customer's that took place; now is its end."""
        booking = self.booked(self.cast.instant, day, 10)
        self.now = at(day, 11)
        self.made(self.cast.provider, c.CompleteBooking(booking))
        return booking
