"""The accounts that people sign in with: each has something to look at on its first page."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from msgspec import structs

from holdfast.demo.bookings import Booker, Wish
from holdfast.demo.material import Material
from holdfast.demo.people import JOINED_DAYS, Registry
from holdfast.demo.providers import calendar, provider
from holdfast.demo.shapes import BookingPlan, CustomerPlan, Ending, ListingPlan, MemberPlan, ProviderPlan

OPERATOR = MemberPlan("Helena Matos", "operator@demo.test")
CUSTOMER, PROVIDER = 0, 0
LISTINGS = 5
_TRADE = "small-repairs"
_PROFILE = "late_thursdays"
_TRIES = 400

Among = tuple[Sequence[int], Sequence[int], range]
"""Customers, listings, and days from today, to choose from."""
Choice = tuple[Wish, Among]


def named_provider(material: Material, registry: Registry, today: date, rng: Random) -> ProviderPlan:
    """Rui Tavares mends things, does so well, and works late every second Thursday."""
    since = today - timedelta(days=JOINED_DAYS)
    return structs.replace(
        provider(_TRADE, material, registry, today, rng),
        name="Rui Tavares",
        email="provider@demo.test",
        given="Rui",
        quality=0,
        joined=since,
        calendars=(calendar("Rui", _PROFILE, today, rng),),
    )


def named_customer(registry: Registry, today: date) -> CustomerPlan:
    """Inês Carvalho lives in Graça and has been here from the beginning."""
    since = today - timedelta(days=JOINED_DAYS)
    return CustomerPlan("Inês Carvalho", "customer@demo.test", "Inês", registry.address("Graça"), True, since)


def named_bookings(
    booker: Booker, listings: Sequence[ListingPlan], customers: int, today: date, future_days: int, rng: Random
) -> list[BookingPlan]:
    """What the named accounts are promised, before anybody else takes the time."""
    own = range(LISTINGS)
    requests = [index for index in own if not listings[index].instant]
    others = range(LISTINGS, len(listings))
    wishes = [
        *_customer_wishes(own, requests, others, rng),
        *_provider_wishes(own, requests, customers, future_days),
    ]
    bookings = []
    for wish, among in wishes:
        booking = _first_that_fits(booker, wish, among, today, rng)
        if booking is not None:
            bookings.append(booking)
    return bookings


def _first_that_fits(booker: Booker, wish: Wish, among: Among, today: date, rng: Random) -> BookingPlan | None:
    who, what, days = among
    for _ in range(_TRIES):
        day = today + timedelta(days=rng.choice(days))
        booking = booker.book(structs.replace(wish, customer=rng.choice(who), listing=rng.choice(what), day=day))
        if booking is not None:
            return booking
    return None


def _wish(ending: Ending, **told: bool) -> Wish:
    return Wish(CUSTOMER, 0, date.min, ending, told.get("reviewed"), told.get("returned"), told.get("replied"))


def _customer_wishes(own: Sequence[int], requests: Sequence[int], others: range, rng: Random) -> Iterator[Choice]:
    """Ten past bookings, one of them waiting for a review; three to come."""
    me = (CUSTOMER,)
    yield _wish(Ending.completed, reviewed=False, returned=True), (me, own, range(-9, -3))
    yield _wish(Ending.completed, reviewed=True, returned=True, replied=True), (me, own, range(-120, -40))
    for _ in range(6):
        yield _wish(Ending.completed, reviewed=rng.random() < 0.8), (me, others, range(-330, -20))
    yield _wish(Ending.cancelled_by_customer), (me, others, range(-200, -10))
    yield _wish(Ending.cancelled_by_provider), (me, others, range(-200, -10))
    yield _wish(Ending.waiting), (me, requests, range(5, 13))
    for _ in range(2):
        yield _wish(Ending.confirmed), (me, others, range(2, 13))


def _provider_wishes(own: Sequence[int], requests: Sequence[int], customers: int, future_days: int) -> Iterator[Choice]:
    """Requests in the inbox, a week with work in it, reviews with and without an answer."""
    strangers = range(1, customers)
    for _ in range(4):
        yield _wish(Ending.waiting), (strangers, requests, range(4, future_days + 1))
    for _ in range(4):
        yield _wish(Ending.confirmed), (strangers, own, range(1, future_days + 1))
    for _ in range(4):
        yield _wish(Ending.completed, reviewed=True, returned=True, replied=True), (strangers, own, range(-90, -20))
    for _ in range(6):
        yield _wish(Ending.completed, reviewed=True, replied=False), (strangers, own, range(-200, -18))
