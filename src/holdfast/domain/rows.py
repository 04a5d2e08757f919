"""The rows of the cell: what evolve makes of events, table by table.

Each class is one table of schema `cell`; its fields are the columns in their order. Instants are microseconds since
the epoch, money is in minor units of the cell's currency, minutes of a week count from Monday 00:00 local time.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar, NewType

from msgspec import Struct

from holdfast.domain.instants import Instant

MemberId = NewType("MemberId", str)
TokenId = NewType("TokenId", str)
CategoryId = NewType("CategoryId", str)
CalendarId = NewType("CalendarId", str)
ExceptionId = NewType("ExceptionId", str)
ListingId = NewType("ListingId", str)
BookingId = NewType("BookingId", str)
ReviewId = NewType("ReviewId", str)
RemarkId = NewType("RemarkId", str)

SYSTEM = MemberId("00000000-0000-0000-0000-000000000000")
"""The actor of jobs and of the operator's command line."""


class ListingState(StrEnum):
    draft = "draft"
    published = "published"
    withdrawn = "withdrawn"


class Place(StrEnum):
    provider = "provider"
    customer = "customer"
    online = "online"


class PriceUnit(StrEnum):
    visit = "visit"
    hour = "hour"


class BookingState(StrEnum):
    requested = "requested"
    confirmed = "confirmed"
    declined = "declined"
    expired = "expired"
    cancelled = "cancelled"
    completed = "completed"
    no_show = "no_show"


LIVE = frozenset({BookingState.requested, BookingState.confirmed})
"""States that claim time."""


class Side(StrEnum):
    customer = "customer"
    provider = "provider"


class TableRow(Struct, frozen=True):
    """A row of a table: its fields are the columns."""

    TABLE: ClassVar[str]


class Row(TableRow, frozen=True):
    """A row of a table of schema `cell`; KEY names the columns of its primary key."""

    KEY: ClassVar[tuple[str, ...]] = ("id",)


class Cell(Row, frozen=True):
    TABLE = "cell.cell"
    id: str
    currency: str
    zone: str
    public_key: str
    simulated_until: Instant | None
    founded_at: Instant


class Node(Row, frozen=True):
    TABLE = "cell.node"
    id: str
    public_key: str
    admitted_at: Instant
    retired_at: Instant | None


class Member(Row, frozen=True):
    TABLE = "cell.member"
    id: MemberId
    time_zone: str
    epoch: int
    joined_at: Instant
    operator_since: Instant | None
    suspended_at: Instant | None
    suspended_by: MemberId | None
    rating_count: int
    rating_sum: int

    @property
    def is_operator(self) -> bool:
        return self.operator_since is not None


class RevokedToken(Row, frozen=True):
    TABLE = "cell.revoked_token"
    id: TokenId
    member: MemberId
    revoked_at: Instant


class Category(Row, frozen=True):
    TABLE = "cell.category"
    id: CategoryId
    parent: CategoryId | None
    slug: str
    name: str
    ordinal: int


class Calendar(Row, frozen=True):
    """opens and closes are parallel: window i of the week is [opens[i], closes[i]) in minutes; it may pass midnight."""

    TABLE = "cell.calendar"
    id: CalendarId
    owner: MemberId
    zone: str
    opens: list[int]
    closes: list[int]


class CalendarException(Row, frozen=True):
    """On its days [first_day, last_day] these windows, in minutes of the day, replace the week's. None: closed."""

    TABLE = "cell.calendar_exception"
    id: ExceptionId
    calendar: CalendarId
    first_day: date
    last_day: date
    opens: list[int]
    closes: list[int]


class Listing(Row, frozen=True):
    TABLE = "cell.listing"
    id: ListingId
    owner: MemberId
    state: ListingState
    category: CategoryId
    version: int
    drafted_at: Instant
    published_at: Instant | None
    changed_at: Instant
    rating_count: int
    rating_sum: int
    stars: list[int]


class Terms(Row, frozen=True):
    """What a booking of a listing agrees to. tier i: cancelled tier_hours[i] or more before the start, tier_percents[i]
    of the total goes back; hours descend; later than the last tier nothing does. An empty list: everything, always."""

    TABLE = "cell.listing_terms"
    KEY = ("listing", "version")
    listing: ListingId
    version: int
    calendars: list[CalendarId]
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
    tier_hours: list[int]
    tier_percents: list[int]
    since: Instant


class Booking(Row, frozen=True):
    TABLE = "cell.booking"
    id: BookingId
    customer: MemberId
    provider: MemberId
    listing: ListingId
    terms_version: int
    state: BookingState
    starts_at: Instant
    ends_at: Instant
    zone: str
    total_minor: int
    refund_minor: int | None
    answer_by: Instant | None
    placed_at: Instant
    changed_at: Instant
    steps: int
    reviews: int

    def side_of(self, member: str) -> Side | None:
        """Which party the member is, if any."""
        if member == self.customer:
            return Side.customer
        return Side.provider if member == self.provider else None


class BookingLine(Row, frozen=True):
    TABLE = "cell.booking_line"
    KEY = ("booking", "n")
    booking: BookingId
    n: int
    listing: ListingId
    terms_version: int
    minutes: int
    amount_minor: int


class BookingStep(Row, frozen=True):
    """One step of a booking's history: the state it led to, who took it, when, and its place in the log."""

    TABLE = "cell.booking_step"
    KEY = ("booking", "n")
    booking: BookingId
    n: int
    state: BookingState
    at: Instant
    by: MemberId
    seq: int
    remark: RemarkId | None


class Claim(Row, frozen=True):
    """One stretch [starts_at, ends_at) of one calendar, exclusively; from expires_at on it counts no more."""

    TABLE = "cell.claim"
    KEY = ("calendar", "starts_at", "ends_at")
    calendar: CalendarId
    starts_at: Instant
    ends_at: Instant
    booking: BookingId
    expires_at: Instant | None


class Review(Row, frozen=True):
    TABLE = "cell.review"
    id: ReviewId
    booking: BookingId
    listing: ListingId
    side: Side
    author: MemberId
    subject: MemberId
    stars: int
    written_at: Instant
    visible_since: Instant | None
    replied_at: Instant | None


TABLES: tuple[type[Row], ...] = (
    Cell, Node, Member, RevokedToken, Category, Calendar, CalendarException, Listing, Terms,
    Booking, BookingLine, BookingStep, Claim, Review,
)  # fmt: skip
"""In an order in which rows may be written without breaking a reference."""
