"""What a plan is made of. Members, listings and bookings refer to one another by their index in the plan."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from holdfast.domain.rows import ListingState, Place, PriceUnit

ZONE = "Europe/Lisbon"
DAY_MIN = 1440


class District(Struct, frozen=True):
    """A place of GeoNames; coordinates in degrees times 1,000,000."""

    name: str
    lat_e6: int
    lng_e6: int
    population: int
    geonames_id: int


class CategoryPlan(Struct, frozen=True):
    """A node of the tree; `parent` is a slug, and stands before its children."""

    slug: str
    parent: str | None
    name: str
    name_pt: str


class Window(Struct, frozen=True):
    """Open on a weekday (0 is Monday) from opens_min to closes_min of that day; past 1440 is the next morning."""

    weekday: int
    opens_min: int
    closes_min: int


class DayException(Struct, frozen=True):
    """Windows, in minutes of the day, that stand in the week's place from first_day to last_day; none means closed."""

    first_day: date
    last_day: date
    windows: tuple[tuple[int, int], ...]

    @property
    def opens(self) -> list[int]:
        return [opens for opens, _ in self.windows]

    @property
    def closes(self) -> list[int]:
        return [closes for _, closes in self.windows]


class CalendarPlan(Struct, frozen=True):
    """One person's or resource's week. No two exceptions begin on the same day; the one that begins last counts."""

    name: str
    zone: str
    profile: str
    week: tuple[Window, ...]
    exceptions: tuple[DayException, ...]

    @property
    def opens(self) -> list[int]:
        """Openings in minutes from Monday 00:00, in the order of `closes`."""
        return [window.weekday * DAY_MIN + window.opens_min for window in self.week]

    @property
    def closes(self) -> list[int]:
        return [window.weekday * DAY_MIN + window.closes_min for window in self.week]


class MemberPlan(Struct, frozen=True):
    name: str
    email: str


class CustomerPlan(Struct, frozen=True):
    """`given` is how a provider would address them; `joined` the day from which on they book."""

    name: str
    email: str
    given: str
    address: str
    speaks_portuguese: bool
    joined: date


class ProviderPlan(Struct, frozen=True):
    """`name` is a person's or a business's, `given` the person behind it, `trade` the category they mostly work in.

    `quality` (0 best … 2 worst) shapes their reviews; -1: nobody has booked them yet.
    """

    name: str
    email: str
    given: str
    trade: str
    district: str
    lat_e6: int
    lng_e6: int
    address: str
    years: int
    quality: int
    joined: date
    calendars: tuple[CalendarPlan, ...]


class ListingPlan(Struct, frozen=True):
    """What is offered, with the terms that DraftListing wants. `calendars` index those of the provider.

    A draft was never published; one withdrawn was so on `withdrawn_on`, and is not booked for later days.
    """

    provider: int
    category: str
    title: str
    description: str
    state: ListingState
    published_on: date
    withdrawn_on: date | None
    calendars: tuple[int, ...]
    place: Place
    price_minor: int
    price_unit: PriceUnit
    duration_min: int
    duration_max_min: int
    step_min: int
    buffer_before_min: int
    buffer_after_min: int
    notice_min: int
    horizon_days: int
    answer_within_min: int
    instant: bool
    tiers: tuple[tuple[int, int], ...]


class Ending(StrEnum):
    """What becomes of a planned booking. confirmed and waiting lie in the future and stay open."""

    completed = "completed"
    cancelled_by_customer = "cancelled_by_customer"
    cancelled_by_provider = "cancelled_by_provider"
    no_show = "no_show"
    declined = "declined"
    expired = "expired"
    confirmed = "confirmed"
    waiting = "waiting"


class ReviewPlan(Struct, frozen=True):
    """after_min counts from the booking's end, as all times after it do."""

    stars: int
    body: str
    after_min: int


class ReplyPlan(Struct, frozen=True):
    body: str
    after_min: int


class BookingPlan(Struct, frozen=True):
    """Who wants what, when, and what becomes of it.

    `day` and `minute` (of that day, below 1440) are local to the calendar: a start that the plan believes free. It was
    asked for placed_before_min before its start. A request is answered (accepted, or declined where it ends so)
    answered_after_min after it was placed; None: never, or not needed. cancelled_before_min is before the start,
    settled_after_min (completion, no-show) after the end. What is planned for past bookings happens before `today`.
    """

    customer: int
    listing: int
    day: date
    minute: int
    duration_min: int
    placed_before_min: int
    ending: Ending
    answered_after_min: int | None
    cancelled_before_min: int | None
    settled_after_min: int | None
    note: str
    address: str
    customer_review: ReviewPlan | None
    provider_review: ReviewPlan | None
    reply: ReplyPlan | None
