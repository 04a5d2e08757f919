"""Facts that follow from accepted commands. Ids, times and amounts only: what is personal stands sealed.

Their bytes are tagged JSON with the fields in declared order, integers only, and never change: a new meaning gets a
new type. `tests/unit/domain/golden_events.json` holds the bytes of the first release.
"""

from datetime import date

from msgspec import Struct

from holdfast.domain.instants import Instant
from holdfast.domain.rows import (
    BookingId,
    BookingState,
    CalendarId,
    CategoryId,
    ExceptionId,
    ListingId,
    MemberId,
    Place,
    PriceUnit,
    RemarkId,
    ReviewId,
    Side,
    TokenId,
)
from holdfast.domain.vault import Sealed


class Event(Struct, frozen=True, tag_field="type", omit_defaults=True):
    """One fact. Who, when and by which command stands in Recorded."""

    def sealed_rows(self) -> tuple[Sealed, ...]:
        """The vault rows that this event vouches for."""
        return ()


class SealedEvent(Event, frozen=True):
    def sealed_rows(self) -> tuple[Sealed, ...]:
        return tuple(self.sealed)  # type: ignore[attr-defined]  # each subclass declares it, in its own place


class CellFounded(Event, frozen=True, tag="cell_founded"):
    cell: str
    currency: str
    zone: str
    public_key: str
    simulated_until: Instant | None


class NodeAdmitted(Event, frozen=True, tag="node_admitted"):
    node: str
    public_key: str


class MemberJoined(SealedEvent, frozen=True, tag="member_joined"):
    member: MemberId
    time_zone: str
    sealed: list[Sealed]


class OperatorAppointed(Event, frozen=True, tag="operator_appointed"):
    member: MemberId


class MemberSuspended(SealedEvent, frozen=True, tag="member_suspended"):
    member: MemberId
    remark: RemarkId | None
    sealed: list[Sealed]


class MemberRestored(Event, frozen=True, tag="member_restored"):
    member: MemberId


class TokenRevoked(Event, frozen=True, tag="token_revoked"):
    token: TokenId


class CategoryAdded(Event, frozen=True, tag="category_added"):
    category: CategoryId
    parent: CategoryId | None
    slug: str
    name: str
    ordinal: int


class CategoryChanged(Event, frozen=True, tag="category_changed"):
    category: CategoryId
    parent: CategoryId | None
    slug: str
    name: str
    ordinal: int


class CalendarMade(SealedEvent, frozen=True, tag="calendar_made"):
    calendar: CalendarId
    zone: str
    sealed: list[Sealed]


class HoursSet(Event, frozen=True, tag="hours_set"):
    calendar: CalendarId
    opens: list[int]
    closes: list[int]


class ExceptionAdded(Event, frozen=True, tag="exception_added"):
    exception: ExceptionId
    calendar: CalendarId
    first_day: date
    last_day: date
    opens: list[int]
    closes: list[int]


class ExceptionRemoved(Event, frozen=True, tag="exception_removed"):
    exception: ExceptionId


class TermsGiven(Struct, frozen=True):
    """The terms of a listing as an event states them; see rows.Terms for what each means."""

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


class ListingDrafted(SealedEvent, frozen=True, tag="listing_drafted"):
    listing: ListingId
    category: CategoryId
    terms: TermsGiven
    sealed: list[Sealed]


class ListingDescribed(SealedEvent, frozen=True, tag="listing_described"):
    listing: ListingId
    category: CategoryId
    sealed: list[Sealed]


class ListingTermsChanged(Event, frozen=True, tag="listing_terms_changed"):
    listing: ListingId
    version: int
    terms: TermsGiven


class ListingPublished(Event, frozen=True, tag="listing_published"):
    listing: ListingId


class ListingWithdrawn(Event, frozen=True, tag="listing_withdrawn"):
    listing: ListingId


class LinePlaced(Struct, frozen=True, array_like=True):
    listing: ListingId
    terms_version: int
    minutes: int
    amount_minor: int


class BookingPlaced(SealedEvent, frozen=True, tag="booking_placed"):
    """Claims follow from the terms of the first line: its calendars, its buffers, the stretch of the booking."""

    booking: BookingId
    provider: MemberId
    state: BookingState
    starts_at: Instant
    ends_at: Instant
    zone: str
    lines: list[LinePlaced]
    total_minor: int
    answer_by: Instant | None = None
    sealed: list[Sealed] = []


class BookingAccepted(Event, frozen=True, tag="booking_accepted"):
    booking: BookingId


class BookingDeclined(SealedEvent, frozen=True, tag="booking_declined"):
    booking: BookingId
    remark: RemarkId | None = None
    sealed: list[Sealed] = []


class BookingExpired(Event, frozen=True, tag="booking_expired"):
    booking: BookingId


class BookingCancelled(SealedEvent, frozen=True, tag="booking_cancelled"):
    """side: None where an operator cancelled."""

    booking: BookingId
    side: Side | None
    refund_minor: int
    remark: RemarkId | None = None
    sealed: list[Sealed] = []


class BookingCompleted(Event, frozen=True, tag="booking_completed"):
    booking: BookingId


class BookingMissed(Event, frozen=True, tag="booking_missed"):
    """The customer did not come (no-show)."""

    booking: BookingId


class ReviewWritten(SealedEvent, frozen=True, tag="review_written"):
    review: ReviewId
    booking: BookingId
    side: Side
    stars: int
    sealed: list[Sealed]


class ReviewsRevealed(Event, frozen=True, tag="reviews_revealed"):
    booking: BookingId
    reviews: list[ReviewId]


class ReplyWritten(SealedEvent, frozen=True, tag="reply_written"):
    review: ReviewId
    sealed: list[Sealed]


class BatchSettled(Event, frozen=True, tag="batch_settled"):
    """The leaf of a batch's outcomes: hex RFC 6962 root over their bytes, in order, refusals too."""

    outcomes_root: str
    outcomes: int


AnyEvent = (
    CellFounded | NodeAdmitted | MemberJoined | OperatorAppointed | MemberSuspended | MemberRestored | TokenRevoked
    | CategoryAdded | CategoryChanged | CalendarMade | HoursSet | ExceptionAdded | ExceptionRemoved
    | ListingDrafted | ListingDescribed | ListingTermsChanged | ListingPublished | ListingWithdrawn
    | BookingPlaced | BookingAccepted | BookingDeclined | BookingExpired | BookingCancelled | BookingCompleted
    | BookingMissed | ReviewWritten | ReviewsRevealed | ReplyWritten | BatchSettled
)  # fmt: skip


class Recorded(Struct, frozen=True):
    """An event as the log commits to it: when it was decided, who acted, by which command (its key)."""

    at: Instant
    by: MemberId
    key: str
    event: AnyEvent
