"""The bench's own cell: founded a year ago by the bench's clock, filled through the one path before the node serves."""

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from bench.figures import Invalid
from bench.node import Node, database
from holdfast.continuity.clock import now
from holdfast.core.apply import Warm, apply_batch
from holdfast.core.envelope import Envelope, Sender, envelop
from holdfast.core.genesis import Identity, genesis
from holdfast.db.connect import CoreConnection
from holdfast.domain import commands as c
from holdfast.domain.events import TermsGiven
from holdfast.domain.ids import signup_actor
from holdfast.domain.instants import DAY_US, Instant
from holdfast.domain.rows import SYSTEM, BookingId, CalendarId, CategoryId, ListingId, MemberId, Place, PriceUnit
from holdfast.domain.walltime import local_date, opening_instant
from holdfast.log.note import encode64, public_bytes
from holdfast.log.receipts import node_id_of

ZONE = "Europe/Lisbon"
EPOCH = 1
"""Of members who never revoked anything."""
LISTINGS = 300
CUSTOMERS = 2000
OPENS_MIN, CLOSES_MIN = 10 * 60, 18 * 60
SLOT_MIN = 30
SLOTS_A_DAY = (CLOSES_MIN - OPENS_MIN) // SLOT_MIN
DAYS = 300
"""How far ahead bookings lie: 300 listings × 300 days × 16 slots."""
HISTORY_DAYS = 400
BATCH = 250
VISIT_MIN = 60

Wish = tuple[str, c.AnyCommand]


class Market(Struct, frozen=True):
    """Who and what there is. listings have free half hours; quiet and busy differ by their past alone; race is free."""

    identity: Identity
    customers: list[MemberId]
    listings: list[ListingId]
    quiet: ListingId
    busy: ListingId
    race: ListingId
    first_day: date
    past: tuple[int, int]


class Desk:
    """Sends commands straight to apply, in batches, decided at the instant given."""

    def __init__(self, node: Node, connection: CoreConnection, name: str) -> None:
        self._secret = node.secrets.cell_hmac
        self._connection = connection
        self._name = name
        self._warm = Warm()
        self._sent = 0

    def made(self, wishes: Sequence[Wish], at: Instant) -> list[str]:
        """The ids of what the commands made or changed. Raises Invalid where one is refused."""
        ids = []
        for first in range(0, len(wishes), BATCH):
            envelopes = [self.envelope(actor, command, at) for actor, command in wishes[first : first + BATCH]]
            applied = apply_batch(
                self._connection, self._secret, envelopes, lambda _core, last: max(at, last), warm=self._warm
            )
            for settled in applied.settled:
                if settled.outcome.subject is None:
                    raise Invalid(f"the bench's own cell was refused: {settled.outcome.refusal}")
                ids.append(settled.outcome.subject)
        return ids

    def envelope(self, actor: str, command: c.AnyCommand, at: Instant) -> Envelope:
        """Under a key that nobody used before."""
        self._sent += 1
        sender = Sender(MemberId(actor), None, None if isinstance(command, c.SignUp) or actor == SYSTEM else EPOCH)
        return envelop(self._secret, sender, f"bench:{self._name}:{self._sent}", command, at)


def found(node: Node, past: tuple[int, int]) -> Market:
    """Makes the cell, with so many past bookings on the quiet and on the busy calendar."""
    began = Instant(now() - HISTORY_DAYS * DAY_US)
    cell_key, node_key = (
        public_bytes(Ed25519PrivateKey.from_private_bytes(key))
        for key in (node.secrets.cell_ed25519, node.secrets.node_ed25519)
    )
    identity = Identity(str(uuid.uuid4()), "EUR", ZONE, encode64(cell_key))
    with database(node), node.writer() as connection:
        first = genesis(
            node.secrets.cell_hmac, identity, node_id_of(node_key), encode64(node_key), began, simulated_until=now()
        )
        apply_batch(connection, node.secrets.cell_hmac, first, lambda _core, last: max(began, last))
        desk = Desk(node, connection, "cell")
        (category,) = desk.made([(SYSTEM, c.AddCategory(None, "hair", "Hair", 1))], began)
        members = [MemberId(one) for one in desk.made([_sign_up(node, n) for n in range(CUSTOMERS + LISTINGS)], began)]
        customers, providers = members[:CUSTOMERS], members[CUSTOMERS:]
        listings = _listings(desk, providers, category, SLOT_MIN, began)
        quiet, busy = _listings(desk, providers[:2], category, 15, began)
        (race,) = _listings(desk, providers[2:3], category, SLOT_MIN, began)
        today = local_date(ZONE, now())
        _give_past(desk, dict(zip((quiet, busy), past, strict=True)), customers, providers, began)
        for listing in (quiet, busy):
            _give_future(desk, listing, customers, today)
    return Market(identity, customers, listings, quiet, busy, race, today + timedelta(days=2), past)


def free_slots(market: Market) -> Iterator[tuple[ListingId, Instant]]:
    """Distinct free half hours of all listings, in an order that is random and always the same."""
    size = LISTINGS * DAYS * SLOTS_A_DAY
    for place in random.Random(2).sample(range(size), size // 3):
        place, listing = divmod(place, LISTINGS)
        day, slot = divmod(place, SLOTS_A_DAY)
        yield market.listings[listing], start_of(market.first_day + timedelta(days=day), slot)


def start_of(day: date, slot: int) -> Instant:
    """The instant of a day's nth half hour."""
    return opening_instant(ZONE, day, OPENS_MIN + slot * SLOT_MIN)


def place(listing: ListingId, starts_at: Instant) -> c.PlaceBooking:
    """A booking of the listing's only length, without note or address, and so without a row in the vault."""
    return c.PlaceBooking(listing, starts_at, None, None, "", "")


def _sign_up(node: Node, number: int) -> Wish:
    email = f"{number}@bench.test"
    # No password has this hash: the bench mints its tokens.
    return signup_actor(node.secrets.cell_hmac, email), c.SignUp(email, f"Person {number}", ZONE, "$none$")


def _listings(desk: Desk, owners: Sequence[str], category: str, step_min: int, at: Instant) -> list[ListingId]:
    """A calendar with one listing for each owner, open for eight hours every day; published."""
    opens = [day * 1440 + OPENS_MIN for day in range(7)]
    closes = [day * 1440 + CLOSES_MIN for day in range(7)]
    calendars = desk.made([(owner, c.MakeCalendar("Chair", ZONE, opens, closes)) for owner in owners], at)
    words = c.Description("Haircut", "With scissors.", "Baixa", "Rua Augusta 1", 38_710_000, -9_137_000)
    drafts: list[Wish] = [
        (owner, c.DraftListing(CategoryId(category), words, _terms(calendar, step_min)))
        for owner, calendar in zip(owners, calendars, strict=True)
    ]
    listings = [ListingId(listing) for listing in desk.made(drafts, at)]
    desk.made([(owner, c.PublishListing(one)) for owner, one in zip(owners, listings, strict=True)], at)
    return listings


def _terms(calendar: str, step_min: int) -> TermsGiven:
    duration = SLOT_MIN if step_min == SLOT_MIN else VISIT_MIN
    return TermsGiven(
        calendars=[CalendarId(calendar)], place=Place.provider, price_minor=2500, price_unit=PriceUnit.visit,
        duration_min=duration, duration_max_min=duration, step_min=step_min, buffer_before_min=0, buffer_after_min=0,
        notice_min=60, horizon_days=365, answer_within_min=120, instant=True, tier_hours=[48, 24],
        tier_percents=[100, 50],
    )  # fmt: skip


def _give_past(
    desk: Desk, counts: dict[ListingId, int], customers: Sequence[str], providers: Sequence[str], began: Instant
) -> None:
    """So many bookings of each listing that took place: four a day from the second day on, all completed."""
    first = local_date(ZONE, began) + timedelta(days=2)
    placed: list[Wish] = []
    completing: list[str] = []
    for (listing, count), provider in zip(counts.items(), providers, strict=False):
        starts = [start_of(first + timedelta(days=n // 4), (n % 4) * 4) for n in range(count)]
        placed += [(customers[n % CUSTOMERS], place(listing, at)) for n, at in enumerate(starts)]
        completing += [provider] * count
    bookings = desk.made(placed, began)
    completed = [(actor, c.CompleteBooking(BookingId(one))) for actor, one in zip(completing, bookings, strict=True)]
    desk.made(completed, Instant(now() - 2 * DAY_US))


def _give_future(desk: Desk, listing: ListingId, customers: Sequence[MemberId], today: date) -> None:
    """Two bookings a day for the thirty days that are looked at."""
    starts = [start_of(today + timedelta(days=1 + n // 2), 2 + (n % 2) * 8) for n in range(60)]
    desk.made([(customers[n], place(listing, at)) for n, at in enumerate(starts)], Instant(now() - 2 * DAY_US))
