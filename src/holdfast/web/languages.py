"""The languages that pages speak: phrases from catalogues, and times, money and distances as each writes them.

The English text of a phrase is its own key. A catalogue is every `.po` file in the language's folder of `locale`,
so that each page keeps its phrases in a file of its own.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_datetime, get_timezone_location
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_precision
from markupsafe import Markup

from holdfast.domain.instants import Instant, moment_of

KILOMETRE_M = 1000

_PATTERNS = {
    "en": {
        "moment": "EEE d MMM, HH:mm",
        "moment_of_year": "EEE d MMM y, HH:mm",
        "clock": "HH:mm",
        "day": "EEEE d MMMM",
        "day_of_year": "EEEE d MMMM y",
        "short_day": "EEE d MMM",
        "date": "d MMMM y",
        "month": "MMMM y",
    },
    "pt": {
        "moment": "EEE, d 'de' MMM, HH:mm",
        "moment_of_year": "EEE, d 'de' MMM 'de' y, HH:mm",
        "clock": "HH:mm",
        "day": "EEEE, d 'de' MMMM",
        "day_of_year": "EEEE, d 'de' MMMM 'de' y",
        "short_day": "EEE, d 'de' MMM",
        "date": "d 'de' MMMM 'de' y",
        "month": "MMMM 'de' y",
    },
}


def phrase(text: str) -> str:
    """The same text: marks one that is said elsewhere, for whoever collects what is to be translated."""
    return text


class Language:
    """One language. code: as in `lang`; name: as its speakers write it; locale: Babel's."""

    def __init__(self, code: str, name: str, locale: str) -> None:
        self.code = code
        self.name = name
        self.locale = Locale.parse(locale)
        self._phrases, self._counted = _catalogue(code)

    def say(self, text: str, /, **values: object) -> str:
        """The phrase in this language, with `%(name)s` replaced by the values; `%%` is a percent sign."""
        return self._phrases.get(text, text) % values

    def say_n(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The phrase for `n` things; `%(n)s` in it is the number as this language writes it."""
        singular, plural = self._counted.get(one, (one, many))
        return (singular if n == 1 else plural) % {**values, "n": self.number(n)}

    def say_safely(self, text: str, /, **values: object) -> Markup:
        """For templates: the phrase is ours and may hold tags, the values are escaped."""
        return Markup(self._phrases.get(text, text)) % values  # noqa: S704 - phrases are the project's own

    def say_n_safely(self, one: str, many: str, n: int, /, **values: object) -> Markup:
        """The same for `n` things."""
        singular, plural = self._counted.get(one, (one, many))
        counted = Markup(singular if n == 1 else plural)  # noqa: S704 - phrases are the project's own
        return counted % {**values, "n": self.number(n)}

    def money(self, minor: int, currency: str) -> str:
        """An amount in minor units, with cents only where there are any."""
        return _money(self.locale, minor, currency)

    def number(self, value: int | Decimal) -> str:
        return str(format_decimal(value, locale=self.locale))

    def distance(self, metres: int) -> str:
        """Metres below a kilometre, rounded to fifty; else kilometres, with one decimal below ten."""
        if metres < KILOMETRE_M - 25:
            return f"{max(50, round(metres / 50) * 50)} m"
        kilometres = round(Decimal(metres) / KILOMETRE_M, 1 if metres < 10 * KILOMETRE_M else 0)
        return f"{self.number(kilometres)} km"

    def moment(self, instant: Instant, zone: str, pattern: str = "moment") -> str:
        """An instant on the clocks of an IANA zone, which this does not name."""
        return _moment(self.locale, _PATTERNS[self.code][pattern], instant, zone)

    def day(self, day: date, pattern: str = "day") -> str:
        """A local date."""
        at = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a date is no instant, and has no zone
        return format_datetime(at, _PATTERNS[self.code][pattern], locale=self.locale)

    def place_of(self, zone: str) -> str:
        """The city by which people know a zone: Lisbon, or Lisboa."""
        return _city(self.locale, zone)


@lru_cache(4096)
def _money(locale: Locale, minor: int, currency: str) -> str:
    digits = get_currency_precision(currency)
    amount = Decimal(minor).scaleb(-digits)
    whole = amount == amount.to_integral_value()
    if not whole:
        return format_currency(amount, currency, locale=locale)
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)


@lru_cache(16384)
def _moment(locale: Locale, pattern: str, instant: Instant, zone: str) -> str:
    return format_datetime(moment_of(instant, zone).replace(tzinfo=None), pattern, locale=locale)


@lru_cache(1024)
def _city(locale: Locale, zone: str) -> str:
    return get_timezone_location(zone, locale=locale, return_city=True)


def _catalogue(code: str) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Phrases by their English text, and those that count by their singular."""
    phrases: dict[str, str] = {}
    counted: dict[str, tuple[str, str]] = {}
    for catalogue in catalogues(code):
        for message in catalogue:
            said = message.string
            if isinstance(message.id, tuple) and isinstance(said, tuple) and all(said):
                counted[message.id[0]] = (said[0], said[1])
            elif isinstance(message.id, str) and isinstance(said, str) and message.id and said:
                phrases[message.id] = said
    return phrases, counted


def catalogues(code: str) -> Iterable[Catalog]:
    """Every file of a language's catalogue. English has none: its phrases are the keys."""
    folder = files("holdfast.web").joinpath("locale", code)
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            with file.open("rb") as opened:
                yield read_po(opened, locale=code, abort_invalid=True)


@cache
def languages() -> dict[str, Language]:
    """All, by their codes; the first is for whoever asks for none of them."""
    return {"en": Language("en", "English", "en_GB"), "pt": Language("pt", "Português", "pt_PT")}


def preferred(accept: str) -> Language:
    """The language that an Accept-Language header (RFC 9110, 12.5.4) likes best of those there are."""
    known = languages()
    wishes = []
    for place, part in enumerate(accept.lower().split(",")):
        name, _, weight = part.strip().partition(";q=")
        wishes.append((-_weight(weight), place, name.partition("-")[0]))
    for refused, _, code in sorted(wishes):
        if refused and code in known:
            return known[code]
    return next(iter(known.values()))


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0
