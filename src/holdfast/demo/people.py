"""Invented people: names that go together, addresses, e-mail addresses of their own."""

import math
import unicodedata
from datetime import date, timedelta
from random import Random

from msgspec import Struct

from holdfast.demo.material import Names, People
from holdfast.demo.shapes import CustomerPlan, District

METRES_PER_DEGREE = 111_320
JITTER_M = 600
JOINED_DAYS = 365
# The first peoples of people.json: from Portugal, Brazil and Cape Verde.
_LUSOPHONE = 3


class Person(Struct, frozen=True):
    given: str
    family: str
    speaks_portuguese: bool

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


class Registry:
    """Hands out people, no two with one name or e-mail address."""

    def __init__(self, names: Names, rng: Random) -> None:
        self._names = names
        self._rng = rng
        self._weights = [people.weight for people in names.peoples]
        self._taken: set[str] = set()

    def person(self) -> Person:
        """Somebody whose name nobody has yet."""
        while True:
            index = self._rng.choices(range(len(self._weights)), self._weights)[0]
            people = self._names.peoples[index]
            person = Person(self._rng.choice(people.given), self._family(people), index < _LUSOPHONE)
            if self.claim(email_of(person.name)):
                return person

    def claim(self, email: str) -> bool:
        """Whether the address was free; from now on it is not."""
        free = email not in self._taken
        self._taken.add(email)
        return free

    def address(self, district: str) -> str:
        """Street, number, floor and district."""
        rng, names = self._rng, self._names
        floor, entrance = rng.choice(names.floors), rng.choice(names.entrances)
        street = f"{rng.choice(names.streets)} {rng.randrange(1, 190)}"
        line = ", ".join(part for part in (street, floor, district) if part)
        return f"{line}. {entrance}" if entrance else line

    def _family(self, people: People) -> str:
        family = self._rng.choice(people.family)
        if people.double_family and self._rng.random() < 0.3:
            other = self._rng.choice(people.family)
            return family if other == family else f"{family} {other}"
        return family


def email_of(name: str) -> str:
    """A name as an address below demo.test, in ASCII."""
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss").lower())
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return ".".join(words.split()) + "@demo.test"


def near(district: District, rng: Random) -> tuple[int, int]:
    """A point within JITTER_M metres of the district's, in degrees times 1,000,000."""
    away_m, angle = JITTER_M * math.sqrt(rng.random()), rng.random() * math.tau
    lat = district.lat_e6 + away_m * math.cos(angle) * 1_000_000 / METRES_PER_DEGREE
    narrowing = math.cos(math.radians(district.lat_e6 / 1_000_000))
    lng = district.lng_e6 + away_m * math.sin(angle) * 1_000_000 / (METRES_PER_DEGREE * narrowing)
    return int(lat), int(lng)


def joined(today: date, rng: Random) -> date:
    """When a member came: half of them before the year began, the others over its first ten months."""
    return today - timedelta(days=max(60, min(JOINED_DAYS, int(rng.random() * 2 * JOINED_DAYS))))


def customers(
    count: int, districts: list[District], registry: Registry, today: date, rng: Random
) -> list[CustomerPlan]:
    """People who book, living where people live."""
    homes = rng.choices(districts, [max(district.population, 4000) ** 0.5 for district in districts], k=count)
    made = []
    for home in homes:
        person = registry.person()
        address = registry.address(home.name)
        since = joined(today, rng)
        made.append(
            CustomerPlan(
                person.name, email_of(person.name), person.given, address, person.speaks_portuguese, joined=since
            )
        )
    return made
