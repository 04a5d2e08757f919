"""Money, times and distances as each language writes them."""

import pytest

from holdfast.domain.instants import Instant
from holdfast.web.languages import languages, preferred

ENGLISH, PORTUGUESE = languages()["en"], languages()["pt"]
EVENING = Instant(1_796_148_000_000_000)
"""1 December 2026, 18:00 in Lisbon."""


@pytest.mark.parametrize(
    ("minor", "currency", "english", "portuguese"),
    [
        (4500, "EUR", "€45", "45 €"),
        (4550, "EUR", "€45.50", "45,50 €"),
        (0, "EUR", "€0", "0 €"),
        (1_234_500, "EUR", "€12,345", "12 345 €"),
        (4500, "JPY", "JP¥4,500", "4 500 JP¥"),
    ],
)
def test_money_has_cents_where_there_are_any(minor: int, currency: str, english: str, portuguese: str) -> None:
    assert ENGLISH.money(minor, currency) == english
    assert PORTUGUESE.money(minor, currency).replace("\xa0", " ") == portuguese


def test_a_moment_is_of_the_clock_of_its_place() -> None:
    assert ENGLISH.moment(EVENING, "Europe/Lisbon") == "Tue 1 Dec, 18:00"
    assert ENGLISH.moment(EVENING, "Europe/Madrid", "clock") == "19:00"
    assert PORTUGUESE.moment(EVENING, "Europe/Lisbon", "day_of_year") == "terça-feira, 1 de dezembro de 2026"


def test_a_zone_is_known_by_its_city() -> None:
    assert ENGLISH.place_of("Europe/Lisbon") == "Lisbon"
    assert PORTUGUESE.place_of("Europe/Lisbon") == "Lisboa"
    assert ENGLISH.place_of("America/New_York") == "New York"


@pytest.mark.parametrize(
    ("metres", "english"), [(3, "50 m"), (420, "400 m"), (990, "1 km"), (1_240, "1.2 km"), (14_600, "15 km")]
)
def test_a_distance_is_as_exact_as_feet_need(metres: int, english: str) -> None:
    assert ENGLISH.distance(metres) == english
    assert PORTUGUESE.distance(metres) == english.replace(".", ",")


def test_values_are_escaped_and_phrases_are_not() -> None:
    said = ENGLISH.say_safely("not <strong>yet</strong>: %(name)s", name="<b>")
    assert said == "not <strong>yet</strong>: &lt;b&gt;"
    assert PORTUGUESE.say_n("%(n)s review", "%(n)s reviews", 1) == "1 avaliação"
    assert PORTUGUESE.say_n_safely("%(n)s review", "%(n)s reviews", 12_000).replace("\xa0", " ") == "12 000 avaliações"


@pytest.mark.parametrize(
    ("accept", "code"),
    [("", "en"), ("pt", "pt"), ("pt-BR,en;q=0.9", "pt"), ("de, en;q=0.2, pt;q=0.7", "pt"), ("pt;q=0", "en"),
     ("en;q=x, pt;q=0.1", "pt"), ("*", "en")],
)  # fmt: skip
def test_the_language_is_the_best_liked_that_there_is(accept: str, code: str) -> None:
    assert preferred(accept).code == code
