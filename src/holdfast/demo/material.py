"""The data files beside this module, decoded into what the plan is written from."""

from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
from msgspec import Struct

from holdfast.demo.shapes import CategoryPlan, District
from holdfast.domain.rows import Place, PriceUnit

T = TypeVar("T")
ByLanguage = dict[str, dict[str, list[str]]]


class People(Struct, frozen=True):
    """Names that go together; `weight` is their share of the city."""

    weight: int
    double_family: bool
    given: list[str]
    family: list[str]


class Names(Struct, frozen=True):
    peoples: list[People]
    businesses: dict[str, list[str]]
    streets: list[str]
    floors: list[str]
    entrances: list[str]


class Template(Struct, frozen=True):
    """A kind of listing. What is None is as the leaf says. Prices in cents, `minutes` and the rest in minutes."""

    titles: list[str]
    about: list[str]
    cents: tuple[int, int]
    unit: PriceUnit
    minutes: list[int]
    lang: str = "en"
    place: Place | None = None
    instant: bool | None = None
    buffers: tuple[int, int] | None = None
    notice: int | None = None
    step: int | None = None
    two_calendars: bool = False


class Leaf(Struct, frozen=True):
    """What the listings of a category have in common; `hours` names profiles."""

    hours: list[str]
    place: Place
    instant: bool
    buffers: tuple[int, int]
    notice: int
    step: int
    templates: list[Template]
    weight: int = 1


class Services(Struct, frozen=True):
    phrases: ByLanguage
    leaves: dict[str, Leaf]


class Parts(Struct, frozen=True):
    openings: list[str]
    closings: list[str]


class Reviews(Struct, frozen=True):
    """Sentences by language and stars or mood; details by category, those of a root for all below it."""

    openings: ByLanguage
    details: dict[str, ByLanguage]
    closings: ByLanguage
    short: dict[str, list[str]]
    replies: dict[str, dict[str, Parts]]
    of_customers: dict[str, Parts]
    notes: dict[str, list[str]]


class Material(Struct, frozen=True):
    districts: list[District]
    categories: list[CategoryPlan]
    names: Names
    services: Services
    reviews: Reviews

    def root_of(self, slug: str) -> str:
        """The topmost category above a slug."""
        parents = {category.slug: category.parent for category in self.categories}
        while (parent := parents[slug]) is not None:
            slug = parent
        return slug


@cache
def material() -> Material:
    """All data files, read once a process."""
    return Material(
        districts=_read("districts.json", list[District]),
        categories=_read("categories.json", list[CategoryPlan]),
        names=_read("people.json", Names),
        services=_read("services.json", Services),
        reviews=_read("reviews.json", Reviews),
    )


def _read(name: str, shape: type[T]) -> T:
    return msgspec.json.decode(files("holdfast.demo").joinpath(name).read_bytes(), type=shape)
