"""A small cell with a past: every kind of row in every table, made through the one path by commands."""

from datetime import date
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.core.apply import apply_batch
from holdfast.core.envelope import Outcome, Sender, envelop
from holdfast.domain import commands as c
from holdfast.domain.events import TermsGiven
from holdfast.domain.instants import DAY_US, HOUR_US, MINUTE_US, Instant, moment_of
from holdfast.domain.rows import (
    SYSTEM,
    BookingId,
    CalendarId,
    CategoryId,
    ExceptionId,
    ListingId,
    MemberId,
    Place,
    PriceUnit,
    ReviewId,
    TokenId,
)
from holdfast.log.checkpoint import Checkpoint, origin_of, sign_checkpoint
from holdfast.log.merkle import Frontier
from holdfast.log.note import encode64, public_bytes

CELL = "11111111-1111-4111-8111-111111111111"
SECRET = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
PUBLIC_KEY = public_bytes(KEY)
MONDAY = Instant(1_760_918_400_000_000)
"""20 October 2025, 00:00 UTC."""


class History:
    """Sends commands at times of its own choosing; remembers what they made."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.now = MONDAY
        self.sent = 0

    def send(self, *wishes: tuple[str, c.AnyCommand]) -> list[Outcome]:
        """One batch of (actor, command), a minute after the one before."""
        self.now = Instant(self.now + MINUTE_US)
        envelopes = []
        for actor, command in wishes:
            self.sent += 1
            sender = Sender(MemberId(actor), None, None if actor == SYSTEM else 1)
            envelopes.append(envelop(SECRET, sender, f"key-{self.sent}", command, self.now))
        applied = apply_batch(self.connection, SECRET, envelopes, lambda _core, _last: self.now)
        return [settled.outcome for settled in applied.settled]

    def made(self, actor: str, command: c.AnyCommand) -> str:
        """A batch of one command that must be accepted; the id of what it made."""
        (outcome,) = self.send((actor, command))
        assert outcome.subject is not None, f"{command} was refused: {outcome.refusal}"
        return outcome.subject

    def wait_until(self, instant: int) -> None:
        self.now = Instant(max(self.now, instant))

    def sign(self) -> str:
        """Signs the log as it is, as the holder of the lease does; the note."""
        cursor = self.connection.execute(
            "SELECT size, edge, at, (SELECT max(size) FROM ledger.checkpoint) FROM ledger.head"
        )
        size, edge, at, previous = cursor.fetchall()[0]
        root = Frontier(size, edge).root()
        note = sign_checkpoint(Checkpoint(origin_of(CELL), size, root), KEY, previous)
        self.connection.execute(
            "INSERT INTO ledger.checkpoint VALUES (%s, %s, %s, %s)", [size, root, note, moment_of(at)]
        )
        self.connection.commit()
        return note


def terms(calendar: str, **changed: Any) -> TermsGiven:
    """An hour at the provider's for 50.00, confirmed at once, half back until a day before."""
    fields: dict[str, Any] = {
        "calendars": [CalendarId(calendar)], "place": Place.provider, "price_minor": 5000,
        "price_unit": PriceUnit.hour, "duration_min": 60, "duration_max_min": 120, "step_min": 15,
        "buffer_before_min": 15, "buffer_after_min": 0, "notice_min": 0, "horizon_days": 60,
        "answer_within_min": 60, "instant": True, "tier_hours": [48, 24], "tier_percents": [100, 50],
    }  # fmt: skip
    return TermsGiven(**(fields | changed))


class Market:
    """Who and what there is once `founded` has run."""

    customer: str
    provider: str
    operator: str
    calendar: str
    instant: str
    by_request: str


def founded(history: History) -> Market:
    """A cell with a customer, a provider with two listings, an operator."""
    market = Market()
    history.made(SYSTEM, c.FoundCell(CELL, "EUR", "Europe/Lisbon", encode64(PUBLIC_KEY), None))
    history.made(SYSTEM, c.AdmitNode("node-1", encode64(PUBLIC_KEY)))
    market.customer, market.provider, market.operator = (
        history.made(
            f"22222222-2222-4222-8222-22222222222{n}", c.SignUp(f"{name}@example.test", name, "UTC", "$argon2")
        )
        for n, name in enumerate(("Carla", "Paulo", "Olga"))
    )
    history.made(SYSTEM, c.AppointOperator(MemberId(market.operator)))
    beauty = history.made(SYSTEM, c.AddCategory(None, "beauty", "Beauty", 1))
    hair = history.made(SYSTEM, c.AddCategory(CategoryId(beauty), "hair", "Hair", 1))
    every_day = [day * 1440 + 480 for day in range(7)]
    chair = c.MakeCalendar("Chair", "Europe/Lisbon", every_day, [start + 720 for start in every_day])
    market.calendar = history.made(market.provider, chair)
    words = c.Description("Haircut", "With scissors.", "Baixa", "Rua 1", 38_710_000, -9_140_000)
    market.instant, market.by_request = (
        history.made(market.provider, c.DraftListing(CategoryId(hair), words, terms(market.calendar, instant=instant)))
        for instant in (True, False)
    )
    for listing in (market.instant, market.by_request):
        history.made(market.provider, c.PublishListing(ListingId(listing)))
    return market


def place(listing: str, day: int, hour: int, note: str = "", minutes: int | None = None) -> c.PlaceBooking:
    """A booking of that day, counted from MONDAY, at that hour of UTC."""
    start = Instant(MONDAY + day * DAY_US + hour * HOUR_US)
    return c.PlaceBooking(ListingId(listing), start, minutes, None, note, "")


def live_through(history: History, market: Market) -> None:
    """Bookings in every state, reviews shown and hidden, a reply, remarks, exceptions, a token, refusals."""
    customer, provider, operator = market.customer, market.provider, market.operator
    for first, last in ((10, 12), (25, 25)):
        days = date(2025, 11, first), date(2025, 11, last)
        away = history.made(provider, c.AddException(CalendarId(market.calendar), *days, [], []))
    history.made(provider, c.RemoveException(CalendarId(market.calendar), ExceptionId(away)))
    history.made(customer, c.RevokeToken(TokenId("33333333-3333-4333-8333-333333333333")))
    done, missed, kept, called_off = (
        BookingId(history.made(customer, place(market.instant, day, 10, note="Third floor"))) for day in (1, 2, 9, 8)
    )
    asked = [
        BookingId(history.made(customer, place(market.by_request, day, 14, note="Please"))) for day in (3, 4, 5, 6)
    ]
    history.made(provider, c.AcceptBooking(asked[0]))
    history.made(provider, c.DeclineBooking(asked[1], "Fully booked"))
    history.made(customer, c.CancelBooking(called_off, None, "Moved away"))
    history.send(  # the one batch of several: two refusals, and an expiry in the way of a new booking
        (customer, place(market.instant, 9, 10)), (provider, place(market.instant, 9, 12)),
        (customer, place(market.instant, 7, 14)),
    )  # fmt: skip
    history.wait_until(history.now + 2 * HOUR_US)
    history.send((customer, place(market.instant, 5, 14, minutes=90)), (SYSTEM, c.ExpireBooking(asked[3])))
    changed = terms(market.calendar, price_minor=6000, tier_hours=[], tier_percents=[])
    history.made(provider, c.ChangeListing(ListingId(market.instant), None, None, changed))
    history.made(customer, place(market.instant, 11, 10))
    history.wait_until(MONDAY + 3 * DAY_US)
    history.made(provider, c.CompleteBooking(done))
    history.made(provider, c.MarkNoShow(missed))
    review = history.made(customer, c.WriteReview(done, 4, "Good"))
    history.made(provider, c.WriteReview(done, 5, "On time"))
    history.made(provider, c.WriteReply(ReviewId(review), "Thank you"))
    history.wait_until(MONDAY + 3 * DAY_US + 16 * HOUR_US)
    history.made(provider, c.CompleteBooking(asked[0]))
    history.made(customer, c.WriteReview(asked[0], 2, "Late"))
    history.made(operator, c.SuspendMember(MemberId(customer), "Complaints"))
    history.made(operator, c.RestoreMember(MemberId(customer)))
    history.made(customer, place(market.by_request, 12, 10, note="Soon"))
    assert kept


def fill(connection: psycopg.Connection) -> str:
    """All of the above on an empty cell, with checkpoints on the way, and enough entries for a complete tile.

    The newest checkpoint, as a note.
    """
    history = History(connection)
    market = founded(history)
    history.sign()
    live_through(history, market)
    history.sign()
    history.send(*((SYSTEM, c.AddCategory(None, f"trade-{n}", f"Trade {n}", n)) for n in range(200)))
    return history.sign()
