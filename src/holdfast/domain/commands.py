"""What somebody wants. Pages, API, desk and jobs all build these same objects.

Texts are already trimmed and bounded by the face that took them; decide checks every rule of the market.
"""

from datetime import date

from msgspec import Struct

from holdfast.domain.events import TermsGiven
from holdfast.domain.instants import Instant
from holdfast.domain.rows import (
    BookingId,
    CalendarId,
    CategoryId,
    ExceptionId,
    ListingId,
    MemberId,
    ReviewId,
    TokenId,
)


class Command(Struct, frozen=True, tag_field="type"):
    """One wish. Who, when and under which key stands in the Envelope."""


class FoundCell(Command, frozen=True, tag="found_cell"):
    cell: str
    currency: str
    zone: str
    public_key: str
    simulated_until: Instant | None


class AdmitNode(Command, frozen=True, tag="admit_node"):
    node: str
    public_key: str


class SignUp(Command, frozen=True, tag="sign_up"):
    """The password arrives hashed (argon2id, PHC string): nothing here is ever in clear on a disk."""

    email: str
    name: str
    time_zone: str
    password_hash: str


class AppointOperator(Command, frozen=True, tag="appoint_operator"):
    member: MemberId


class SuspendMember(Command, frozen=True, tag="suspend_member"):
    member: MemberId
    reason: str


class RestoreMember(Command, frozen=True, tag="restore_member"):
    member: MemberId


class RevokeToken(Command, frozen=True, tag="revoke_token"):
    token: TokenId


class AddCategory(Command, frozen=True, tag="add_category"):
    parent: CategoryId | None
    slug: str
    name: str
    ordinal: int


class ChangeCategory(Command, frozen=True, tag="change_category"):
    category: CategoryId
    parent: CategoryId | None
    slug: str
    name: str
    ordinal: int


class MakeCalendar(Command, frozen=True, tag="make_calendar"):
    name: str
    zone: str
    opens: list[int]
    closes: list[int]


class SetHours(Command, frozen=True, tag="set_hours"):
    calendar: CalendarId
    opens: list[int]
    closes: list[int]


class AddException(Command, frozen=True, tag="add_exception"):
    calendar: CalendarId
    first_day: date
    last_day: date
    opens: list[int]
    closes: list[int]


class RemoveException(Command, frozen=True, tag="remove_exception"):
    calendar: CalendarId
    exception: ExceptionId


class Description(Struct, frozen=True):
    """A listing's own words and place. Coordinates in degrees times 1,000,000, both or neither."""

    title: str
    description: str
    area: str
    address: str
    lat_e6: int | None
    lng_e6: int | None


class DraftListing(Command, frozen=True, tag="draft_listing"):
    category: CategoryId
    words: Description
    terms: TermsGiven


class ChangeListing(Command, frozen=True, tag="change_listing"):
    """None leaves a part as it is."""

    listing: ListingId
    category: CategoryId | None
    words: Description | None
    terms: TermsGiven | None


class PublishListing(Command, frozen=True, tag="publish_listing"):
    listing: ListingId


class WithdrawListing(Command, frozen=True, tag="withdraw_listing"):
    listing: ListingId


class OfferTaken(Struct, frozen=True):
    """What a verified offer promised; a face checks the signature, decide holds the rest against the command."""

    listing: ListingId
    terms_version: int
    starts_at: Instant
    minutes: int
    total_minor: int
    expires_at: Instant


class PlaceBooking(Command, frozen=True, tag="place_booking"):
    """minutes None: the listing's shortest. A booking without an offer takes the terms of the moment."""

    listing: ListingId
    starts_at: Instant
    minutes: int | None
    offer: OfferTaken | None
    note: str
    address: str


class AcceptBooking(Command, frozen=True, tag="accept_booking"):
    booking: BookingId


class DeclineBooking(Command, frozen=True, tag="decline_booking"):
    booking: BookingId
    reason: str


class ExpireBooking(Command, frozen=True, tag="expire_booking"):
    booking: BookingId


class CancelBooking(Command, frozen=True, tag="cancel_booking"):
    """refund_minor is the refund that was shown; less is refused. None: none was shown."""

    booking: BookingId
    refund_minor: int | None
    reason: str


class CompleteBooking(Command, frozen=True, tag="complete_booking"):
    booking: BookingId


class MarkNoShow(Command, frozen=True, tag="mark_no_show"):
    booking: BookingId


class WriteReview(Command, frozen=True, tag="write_review"):
    booking: BookingId
    stars: int
    body: str


class RevealReviews(Command, frozen=True, tag="reveal_reviews"):
    booking: BookingId


class WriteReply(Command, frozen=True, tag="write_reply"):
    review: ReviewId
    body: str


AnyCommand = (
    FoundCell | AdmitNode | SignUp | AppointOperator | SuspendMember | RestoreMember | RevokeToken
    | AddCategory | ChangeCategory | MakeCalendar | SetHours | AddException | RemoveException
    | DraftListing | ChangeListing | PublishListing | WithdrawListing
    | PlaceBooking | AcceptBooking | DeclineBooking | ExpireBooking | CancelBooking | CompleteBooking | MarkNoShow
    | WriteReview | RevealReviews | WriteReply
)  # fmt: skip
