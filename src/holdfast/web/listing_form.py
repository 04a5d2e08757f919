"""A provider's listing as a form: what is typed becomes a description and terms, and the other way."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from babel.numbers import get_currency_precision
from msgspec import Meta

from holdfast.domain.commands import Description
from holdfast.domain.events import TermsGiven
from holdfast.domain.inputs import Line, OptionalLine, Prose
from holdfast.domain.prices import DAY_MIN, MOST_CALENDARS, MOST_PRICE_MINOR, MOST_TIER_HOURS, MOST_TIERS
from holdfast.domain.rows import CalendarId, Place, PriceUnit
from holdfast.reads.listings import ListingShown
from holdfast.web.forms import Filled, Form, asks
from holdfast.web.languages import phrase

USUAL_TIERS = 4

_MINUTES = asks(phrase("Enter how many minutes"), phrase("Enter whole minutes, 5 to 1440"))
_BUFFER = asks(phrase("Enter how many minutes, or 0"), phrase("Enter whole minutes, 0 to 1440"))
_LATITUDE = phrase("Enter a latitude in degrees, such as 38.7139")
_LONGITUDE = phrase("Enter a longitude in degrees, such as -9.1334")
_TIER = phrase("Enter whole hours before the start, and a percentage from 0 to 100")
_TIERS = phrase("Begin with the most hours; who cancels later cannot get more back")

Duration = Annotated[int, Meta(ge=5, le=DAY_MIN), _MINUTES]
Buffer = Annotated[int, Meta(ge=0, le=DAY_MIN), _BUFFER]
Coordinate = r"^-?[0-9]{1,3}([.,][0-9]{1,6})?$"


class ListingForm(Form, frozen=True, kw_only=True):
    """Without its cancellation tiers, which are rows of fields: hours-1, percent-1, …"""

    title: Annotated[Line, asks(phrase("Enter a title"), phrase("Enter a title of at most 200 characters"))]
    description: Annotated[
        Prose, asks(phrase("Describe what people get"), phrase("Write at most 5,000 characters about it"))
    ]
    category: Annotated[UUID, asks(phrase("Choose a category"))]
    place: Annotated[Place, asks(phrase("Choose where it happens"))]
    area: Annotated[OptionalLine, asks(phrase("Enter at most 200 characters"))] = ""
    address: Annotated[OptionalLine, asks(phrase("Enter at most 200 characters"))] = ""
    lat: Annotated[str, Meta(pattern=Coordinate), asks(_LATITUDE)] = ""
    lng: Annotated[str, Meta(pattern=Coordinate), asks(_LONGITUDE)] = ""
    price: Annotated[
        str, Meta(pattern=r"^[0-9]{1,8}([.,][0-9]{1,3})?$"), asks(phrase("Enter a price, such as 45 or 45.50"))
    ]
    price_unit: Annotated[PriceUnit, asks(phrase("Choose what the price is for"))]
    duration_min: Duration
    duration_max_min: Annotated[int | None, _MINUTES] = None
    step_min: Duration
    buffer_before_min: Buffer
    buffer_after_min: Buffer
    notice_min: Annotated[int, Meta(ge=0, le=90 * DAY_MIN), asks(phrase("Choose how much notice you need"))]
    horizon_days: Annotated[int, Meta(ge=1, le=730), asks(phrase("Enter whole days, 1 to 730"))]
    instant: Annotated[bool, asks(phrase("Choose how bookings are confirmed"))]
    answer_within_min: Annotated[int, Meta(ge=15, le=7 * DAY_MIN), asks(phrase("Choose how long you need to answer"))]
    calendars: Annotated[
        list[UUID],
        Meta(min_length=1, max_length=MOST_CALENDARS),
        asks(phrase("Choose at least one calendar"), phrase("Choose at most five calendars")),
    ]


INITIAL: dict[str, list[str]] = {
    "place": ["provider"],
    "price_unit": ["visit"],
    "duration_min": ["60"],
    "step_min": ["15"],
    "buffer_before_min": ["0"],
    "buffer_after_min": ["0"],
    "notice_min": ["120"],
    "horizon_days": ["180"],
    "instant": ["true"],
    "answer_within_min": ["1440"],
    "hours-1": ["24"],
    "percent-1": ["100"],
}
"""A new listing's."""


def read_listing(form: Filled[ListingForm], currency: str) -> tuple[Description, TermsGiven] | None:
    """What the form says; None where something in it is wrong, which the form then says."""
    hours, percents = _tiers(form)
    price_minor = _price(form, currency)
    lat, lng = _degrees(form, "lat", 90, _LATITUDE), _degrees(form, "lng", 180, _LONGITUDE)
    if (lat is None) != (lng is None) and not {"lat", "lng"} & form.errors.keys():
        form.refuse(*(("lng", _LONGITUDE) if lng is None else ("lat", _LATITUDE)))
    value = form.value
    longest = value.duration_max_min if value and value.price_unit is PriceUnit.hour else None
    if value and longest is not None and not value.duration_min <= longest <= DAY_MIN:
        form.refuse("duration_max_min", phrase("Enter minutes that are not fewer than the shortest, at most 1440"))
    if value is None or form.errors:
        return None
    terms = TermsGiven(
        calendars=[CalendarId(str(each)) for each in dict.fromkeys(value.calendars)],
        place=value.place,
        price_minor=price_minor,
        price_unit=value.price_unit,
        duration_min=value.duration_min,
        duration_max_min=longest or value.duration_min,
        step_min=value.step_min,
        buffer_before_min=value.buffer_before_min,
        buffer_after_min=value.buffer_after_min,
        notice_min=value.notice_min,
        horizon_days=value.horizon_days,
        answer_within_min=value.answer_within_min,
        instant=value.instant,
        tier_hours=hours,
        tier_percents=percents,
    )
    return Description(value.title, value.description, value.area, value.address, lat, lng), terms


def filled_with(shown: ListingShown) -> Filled[ListingForm]:
    """A listing as it stands."""
    terms = shown.terms
    given: dict[str, list[str]] = {
        "title": [shown.title],
        "description": [shown.description],
        "category": [shown.category.id],
        "area": [shown.area],
        "address": [shown.address],
        "lat": [_degrees_text(shown.lat_e6)],
        "lng": [_degrees_text(shown.lng_e6)],
        "price": [str(Decimal(terms.price_minor).scaleb(-get_currency_precision(shown.currency)))],
        "instant": ["true" if terms.instant else "false"],
        "calendars": list(terms.calendars),
    }
    for name in ListingForm.__struct_fields__:
        if name not in given:
            given[name] = [str(getattr(terms, name))]
    if terms.price_unit is PriceUnit.visit:
        given["duration_max_min"] = [""]
    for row, (hours, percent) in enumerate(zip(terms.tier_hours, terms.tier_percents, strict=True), 1):
        given[f"hours-{row}"], given[f"percent-{row}"] = [str(hours)], [str(percent)]
    return Filled(ListingForm, given, {})


def tier_rows(form: Filled[Any]) -> range:
    """The rows of tiers to show."""
    filled = [row for row in range(1, MOST_TIERS + 1) if form.text(f"hours-{row}") or form.text(f"percent-{row}")]
    return range(1, max([USUAL_TIERS, *filled]) + 1)


def _tiers(form: Filled[ListingForm]) -> tuple[list[int], list[int]]:
    tiers: list[tuple[int, int]] = []
    for row in range(1, MOST_TIERS + 1):
        hours, percent = form.text(f"hours-{row}").strip(), form.text(f"percent-{row}").strip()
        if not hours and not percent:
            continue
        if not (_whole(hours, MOST_TIER_HOURS) and _whole(percent, 100)):
            form.refuse(f"percent-{row}" if _whole(hours, MOST_TIER_HOURS) else f"hours-{row}", _TIER)
            continue
        tier = int(hours), int(percent)
        if tiers and not (tiers[-1][0] > tier[0] and tiers[-1][1] >= tier[1]):
            form.refuse(f"hours-{row}", _TIERS)
        tiers.append(tier)
    return [hours for hours, _ in tiers], [percent for _, percent in tiers]


def _whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= most


def _price(form: Filled[ListingForm], currency: str) -> int:
    if "price" in form.errors:
        return 0
    minor = Decimal(form.text("price").strip().replace(",", ".")).scaleb(get_currency_precision(currency))
    if minor != minor.to_integral_value() or minor > MOST_PRICE_MINOR:
        form.refuse("price", phrase("Enter a price that can be paid, at most 100,000"))
    return int(minor)


def _degrees(form: Filled[ListingForm], name: str, most: int, wrong: str) -> int | None:
    """In degrees times 1,000,000."""
    text = form.text(name).strip().replace(",", ".")
    if not text or name in form.errors:
        return None
    degrees = Decimal(text)
    if abs(degrees) > most:
        form.refuse(name, wrong)
        return None
    return int(degrees.scaleb(6))


def _degrees_text(e6: int | None) -> str:
    return "" if e6 is None else str(Decimal(e6).scaleb(-6))
