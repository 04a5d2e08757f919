"""Invented providers: who they are, where, and the weeks of their calendars."""

from datetime import date
from random import Random

from holdfast.demo.absences import exceptions_of
from holdfast.demo.hours import PROFILES
from holdfast.demo.material import Leaf, Material
from holdfast.demo.people import Person, Registry, email_of, joined, near
from holdfast.demo.shapes import ZONE, CalendarPlan, ProviderPlan

BUSINESS_SHARE = 0.22
UNBOOKED_SHARE = 0.07
_UNBOOKED = -1
_QUALITIES, _QUALITY_WEIGHTS = (0, 1, 2), (62, 31, 7)


def trades(count: int, leaves: dict[str, Leaf], rng: Random) -> list[str]:
    """A trade for each provider: every leaf once before any twice, then by weight."""
    slugs = list(leaves)
    rng.shuffle(slugs)
    weights = [leaves[slug].weight for slug in slugs]
    return slugs[:count] + rng.choices(slugs, weights, k=max(0, count - len(slugs)))


def provider(trade: str, material: Material, registry: Registry, today: date, rng: Random) -> ProviderPlan:
    """Somebody new in a trade."""
    person = registry.person()
    districts = material.districts
    district = rng.choices(districts, [max(place.population, 6000) ** 0.4 for place in districts])[0]
    name = person.name
    if rng.random() < BUSINESS_SHARE:
        pattern = rng.choice(material.names.businesses[material.root_of(trade)])
        name = pattern.format(given=person.given, family=person.family)
    lat_e6, lng_e6 = near(district, rng)
    unbooked = rng.random() < UNBOOKED_SHARE
    return ProviderPlan(
        name=name,
        email=email_of(person.name),
        given=person.given,
        trade=trade,
        district=district.name,
        lat_e6=lat_e6,
        lng_e6=lng_e6,
        address=registry.address(district.name),
        years=rng.randrange(2, 31),
        quality=_UNBOOKED if unbooked else rng.choices(_QUALITIES, _QUALITY_WEIGHTS)[0],
        joined=joined(today, rng),
        calendars=calendars(person, trade, material.services.leaves[trade], registry, today, rng),
    )


def calendars(
    person: Person, trade: str, leaf: Leaf, registry: Registry, today: date, rng: Random
) -> tuple[CalendarPlan, ...]:
    """One calendar, or two where a second pair of hands works there; those who work as a pair keep the same hours."""
    first = calendar(person.given, rng.choice(leaf.hours), today, rng)
    pair = any(template.two_calendars for template in leaf.templates)
    if rng.random() > (0.6 if pair else 0.2):
        return (first,)
    name = registry.person().given
    if trade in ("barbers", "hairdressers", "nails"):
        name = rng.choice(["Chair 2", "Cadeira 2", f"Cadeira {name}"])
    if pair:
        return first, CalendarPlan(name, first.zone, first.profile, first.week, first.exceptions)
    return first, calendar(name, rng.choice(leaf.hours), today, rng)


def calendar(name: str, profile: str, today: date, rng: Random) -> CalendarPlan:
    """A calendar that keeps a named week."""
    week = PROFILES[profile]
    return CalendarPlan(name, ZONE, profile, week, exceptions_of(profile, week, today, rng))
