"""The plan of a demo cell: pure, and the same for the same day and seed."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from msgspec import Struct

from holdfast.demo.bookings import Booker, Wish
from holdfast.demo.listings import MOST_A_PROVIDER, Idea, ideas, listing, with_state
from holdfast.demo.material import Material, material
from holdfast.demo.named import LISTINGS, OPERATOR, PROVIDER, named_bookings, named_customer, named_provider
from holdfast.demo.people import Registry, customers
from holdfast.demo.providers import provider, trades
from holdfast.demo.shapes import BookingPlan, CategoryPlan, CustomerPlan, ListingPlan, MemberPlan, ProviderPlan
from holdfast.demo.testimony import Testimony
from holdfast.domain.rows import ListingState

CUSTOMERS_A_PROVIDER = 7 / 3
FUTURE_SHARE = 10
"""One booking in the coming days for so many past ones."""
PAST_DAYS = 360
_NEWEST_PAST_DAY = 2
_TRIES = 30


class Plan(Struct, frozen=True):
    """A whole demo cell. customers[0] and providers[0] are the named accounts; bookings are ordered by their day."""

    today: date
    categories: tuple[CategoryPlan, ...]
    operator: MemberPlan
    customers: tuple[CustomerPlan, ...]
    providers: tuple[ProviderPlan, ...]
    listings: tuple[ListingPlan, ...]
    bookings: tuple[BookingPlan, ...]

    @property
    def first_day(self) -> date:
        """On which the first member joins."""
        return min(*(buyer.joined for buyer in self.customers), *(seller.joined for seller in self.providers))


def make_plan(
    today: date,
    seed: int = 20251020,
    providers: int = 300,
    listings: int = 800,
    past_bookings: int = 5000,
    future_days: int = 14,
) -> Plan:
    """Everything a demo cell is seeded with, seen from the beginning of `today` in Lisbon.

    Needs at least 10 providers, two listings a provider and 50 past bookings. There may be somewhat fewer bookings
    than asked for where the calendars have no room.
    """
    assert providers >= 10, "the named accounts need a market around them"
    assert 2 * providers <= listings <= 4 * providers, "two to four listings a provider"
    assert past_bookings >= 50, "the named accounts alone have some twenty"
    assert future_days >= 7, "a week to come"
    rng = Random(seed)  # noqa: S311 - invented people keep no secrets
    stuff = material()
    registry = Registry(stuff.names, rng)
    sellers = _providers(providers, stuff, registry, today, rng)
    offers = _listings(listings, sellers, stuff, today, rng)
    buyers = [
        named_customer(registry, today),
        *customers(round(providers * CUSTOMERS_A_PROVIDER) - 1, stuff.districts, registry, today, rng),
    ]
    booker = Booker(today, buyers, sellers, offers, Testimony(stuff, rng), rng)
    market = _Market(booker, buyers, sellers, offers, today, rng)
    named = named_bookings(booker, offers, len(buyers), today, future_days, rng)
    past = [booking for booking in named if booking.day < today]
    ahead = [booking for booking in named if booking.day > today]
    past += market.bookings(past_bookings - len(past), range(-PAST_DAYS, -_NEWEST_PAST_DAY + 1))
    ahead += market.bookings(past_bookings // FUTURE_SHARE - len(ahead), range(1, future_days + 1))
    return Plan(
        today=today,
        categories=tuple(stuff.categories),
        operator=OPERATOR,
        customers=tuple(buyers),
        providers=tuple(sellers),
        listings=tuple(offers),
        bookings=tuple(sorted(past + ahead, key=lambda booking: (booking.day, booking.minute, booking.listing))),
    )


def _providers(count: int, stuff: Material, registry: Registry, today: date, rng: Random) -> list[ProviderPlan]:
    trade_of = trades(count - 1, stuff.services.leaves, rng)
    return [
        named_provider(stuff, registry, today, rng),
        *(provider(trade, stuff, registry, today, rng) for trade in trade_of),
    ]


def _listings(
    count: int, sellers: Sequence[ProviderPlan], stuff: Material, today: date, rng: Random
) -> list[ListingPlan]:
    """First the named provider's, then one for each, then more for some, in random order."""
    decks = [iter(ideas(seller, stuff, rng)) for seller in sellers]
    given = [next(decks[PROVIDER]) for _ in range(LISTINGS)]
    offers = [
        with_state(made, instant=made.instant)
        for made in (listing(PROVIDER, sellers[PROVIDER], idea, stuff, today, rng) for idea in given)
    ]
    for index, idea in _dealt(decks, count - LISTINGS, rng):
        offers.append(listing(index, sellers[index], idea, stuff, today, rng))
    return offers


def _dealt(decks: Sequence[Iterator[Idea]], count: int, rng: Random) -> Iterator[tuple[int, Idea]]:
    """One idea from each deck but the named provider's, then from decks drawn at random until `count` are out."""
    others = [index for index in range(len(decks)) if index != PROVIDER]
    more = [index for index in others for _ in range(MOST_A_PROVIDER - 1)]
    rng.shuffle(more)
    for index in others + more:
        idea = next(decks[index], None)
        if idea is None:
            continue
        if count == 0:
            return
        count -= 1
        yield index, idea


class _Market:
    """Who books what, and how often: a few listings are in great demand, most in some."""

    def __init__(
        self,
        booker: Booker,
        buyers: Sequence[CustomerPlan],
        sellers: Sequence[ProviderPlan],
        offers: Sequence[ListingPlan],
        today: date,
        rng: Random,
    ) -> None:
        self._booker = booker
        self._today = today
        self._rng = rng
        self._buyers = range(1, len(buyers))
        self._keen = list(accumulate(1 / (rank + 3) ** 0.5 for rank in self._buyers))
        self._offers = [
            index
            for index, offer in enumerate(offers)
            if offer.state is not ListingState.draft and sellers[offer.provider].quality >= 0
        ]
        ranks = rng.sample(range(len(self._offers)), len(self._offers))
        self._liked = list(accumulate(1 / (rank + 6) ** 0.75 for rank in ranks))

    def bookings(self, count: int, days: range) -> list[BookingPlan]:
        """So many bookings on these days from today; rather the later ones, as the market grew."""
        rng, booked = self._rng, list[BookingPlan]()
        for _ in range(_TRIES * max(0, count)):
            if len(booked) == count:
                break
            buyer = rng.choices(self._buyers, cum_weights=self._keen)[0]
            offer = rng.choices(self._offers, cum_weights=self._liked)[0]
            day = self._today + timedelta(days=days[int(len(days) * rng.random() ** 0.85)])
            booking = self._booker.book(Wish(buyer, offer, day))
            if booking is not None:
                booked.append(booking)
        return booked
