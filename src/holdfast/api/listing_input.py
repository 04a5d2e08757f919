"""What comes in of a listing, and how it becomes a description and terms."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from msgspec import UNSET, Meta, UnsetType, field

from holdfast.api.bodies import Body, UuidText
from holdfast.api.listing_bodies import Tier
from holdfast.api.problems import invalid
from holdfast.api.wording import SLUG_OR_ID
from holdfast.domain.commands import Description
from holdfast.domain.events import TermsGiven
from holdfast.domain.inputs import Line, OptionalLine, Prose
from holdfast.domain.prices import DAY_MIN, MOST_CALENDARS, MOST_PRICE_MINOR, MOST_TIERS
from holdfast.domain.rows import CalendarId, Place, PriceUnit, Terms
from holdfast.reads.listings import ListingShown

T = TypeVar("T")

CategoryName = Annotated[str, Meta(min_length=1, max_length=60, pattern=SLUG_OR_ID, description="its id or slug")]
Calendars = Annotated[
    list[UuidText], Meta(min_length=1, max_length=MOST_CALENDARS, description="all of them are claimed by a booking")
]
Latitude = Annotated[float, Meta(ge=-90, le=90, description="degrees, WGS 84")]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="degrees, WGS 84")]
Price = Annotated[int, Meta(ge=0, le=MOST_PRICE_MINOR, description="in minor units of the cell's currency")]
Duration = Annotated[int, Meta(ge=5, le=DAY_MIN, description="minutes")]
Buffer = Annotated[int, Meta(ge=0, le=DAY_MIN, description="minutes that are claimed with it")]
Notice = Annotated[int, Meta(ge=0, le=90 * DAY_MIN, description="minutes between asking and the start, at least")]
Horizon = Annotated[int, Meta(ge=1, le=730, description="days ahead that can be booked")]
AnswerWithin = Annotated[int, Meta(ge=15, le=7 * DAY_MIN, description="minutes in which a request is to be answered")]
Cancellation = Annotated[
    list[Tier], Meta(max_length=MOST_TIERS, description="by falling hours; none: everything goes back, always")
]


class NewListingBody(Body, frozen=True):
    """A draft. duration_max_min: an hourly listing is booked for duration_min to that, in steps; else they are one.
    instant false: each booking is a request, which the provider answers within answer_within_min."""

    title: Line
    description: Prose
    category: CategoryName
    calendars: Calendars
    place: Place
    price_minor: Price
    duration_min: Duration
    price_unit: PriceUnit = PriceUnit.visit
    area: OptionalLine = ""
    address: OptionalLine = ""
    lat: Latitude | None = None
    lng: Longitude | None = None
    duration_max_min: Duration | None = None
    step_min: Duration = 15
    buffer_before_min: Buffer = 0
    buffer_after_min: Buffer = 0
    notice_min: Notice = 0
    horizon_days: Horizon = 180
    answer_within_min: AnswerWithin = 1440
    instant: bool = True
    cancellation: Cancellation = field(default_factory=list)


class ListingChangeBody(Body, frozen=True):
    """What is absent stays as it is. A change of terms makes a new version of them; bookings keep theirs."""

    title: Line | UnsetType = UNSET
    description: Prose | UnsetType = UNSET
    category: CategoryName | UnsetType = UNSET
    area: OptionalLine | UnsetType = UNSET
    address: OptionalLine | UnsetType = UNSET
    lat: Latitude | UnsetType | None = UNSET
    lng: Longitude | UnsetType | None = UNSET
    calendars: Calendars | UnsetType = UNSET
    place: Place | UnsetType = UNSET
    price_minor: Price | UnsetType = UNSET
    price_unit: PriceUnit | UnsetType = UNSET
    duration_min: Duration | UnsetType = UNSET
    duration_max_min: Duration | UnsetType = UNSET
    step_min: Duration | UnsetType = UNSET
    buffer_before_min: Buffer | UnsetType = UNSET
    buffer_after_min: Buffer | UnsetType = UNSET
    notice_min: Notice | UnsetType = UNSET
    horizon_days: Horizon | UnsetType = UNSET
    answer_within_min: AnswerWithin | UnsetType = UNSET
    instant: bool | UnsetType = UNSET
    cancellation: Cancellation | UnsetType = UNSET


def description_of(data: NewListingBody) -> Description:
    """The words and the place. Raises the problem invalid_input for half a place."""
    return _description(data.title, data.description, data.area, data.address, data.lat, data.lng)


def terms_of(data: NewListingBody) -> TermsGiven:
    """The first terms."""
    return TermsGiven(
        calendars=_calendars(data.calendars),
        place=data.place,
        price_minor=data.price_minor,
        price_unit=data.price_unit,
        duration_min=data.duration_min,
        duration_max_min=data.duration_min if data.duration_max_min is None else data.duration_max_min,
        step_min=data.step_min,
        buffer_before_min=data.buffer_before_min,
        buffer_after_min=data.buffer_after_min,
        notice_min=data.notice_min,
        horizon_days=data.horizon_days,
        answer_within_min=data.answer_within_min,
        instant=data.instant,
        tier_hours=[tier.hours_before for tier in data.cancellation],
        tier_percents=[tier.refund_percent for tier in data.cancellation],
    )


def changed_description(data: ListingChangeBody, now: ListingShown) -> Description | None:
    """The words and the place with what is given; None where nothing of them is."""
    given = (data.title, data.description, data.area, data.address, data.lat, data.lng)
    if all(part is UNSET for part in given):
        return None
    return _description(
        _or(data.title, now.title),
        _or(data.description, now.description),
        _or(data.area, now.area),
        _or(data.address, now.address),
        _or(data.lat, None if now.lat_e6 is None else now.lat_e6 / 1e6),
        _or(data.lng, None if now.lng_e6 is None else now.lng_e6 / 1e6),
    )


def changed_terms(data: ListingChangeBody, now: Terms) -> TermsGiven | None:
    """The terms with what is given; None where nothing of them is. A visit's one duration moves as a whole."""
    changes: dict[str, Any] = {name: value for name in _PLAIN if (value := getattr(data, name)) is not UNSET}
    if data.calendars is not UNSET:
        changes["calendars"] = _calendars(data.calendars)
    if data.cancellation is not UNSET:
        changes["tier_hours"] = [tier.hours_before for tier in data.cancellation]
        changes["tier_percents"] = [tier.refund_percent for tier in data.cancellation]
    if not changes:
        return None
    if "duration_max_min" not in changes and _or(data.price_unit, now.price_unit) is PriceUnit.visit:
        changes["duration_max_min"] = _or(data.duration_min, now.duration_min)
    return TermsGiven(**{name: changes.get(name, getattr(now, name)) for name in TermsGiven.__struct_fields__})


_PLAIN = tuple(
    name for name in TermsGiven.__struct_fields__ if name not in ("calendars", "tier_hours", "tier_percents")
)
"""Terms that come in as they are kept."""


def _or(given: T | UnsetType, now: T) -> T:
    return now if given is UNSET else given


def _calendars(texts: Sequence[str]) -> list[CalendarId]:
    return [CalendarId(text.lower()) for text in texts]


def _description(
    title: str, description: str, area: str, address: str, lat: float | None, lng: float | None
) -> Description:
    if (lat is None) != (lng is None):
        raise invalid("lng" if lng is None else "lat", "is needed: lat and lng come together")
    return Description(
        title.strip(),
        description.strip(),
        area.strip(),
        address.strip(),
        None if lat is None else round(lat * 1e6),
        None if lng is None else round(lng * 1e6),
    )
