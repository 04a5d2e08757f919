"""Which facts a command needs: as far as can be told by what was fetched so far."""

from collections.abc import Callable
from typing import Any

from holdfast.core.envelope import Envelope
from holdfast.domain import commands as c
from holdfast.domain.instants import DAY_US, MINUTE_US, Instant
from holdfast.domain.rows import (
    SYSTEM,
    Booking,
    BookingId,
    Calendar,
    CalendarException,
    CalendarId,
    Category,
    Cell,
    Listing,
    ListingId,
    Member,
    Node,
    Review,
    RevokedToken,
    TableRow,
    Terms,
)
from holdfast.domain.slots import claims_of, refusal_by_terms
from holdfast.domain.store import FactMissing, Key, Rows, days_of
from holdfast.domain.vault import ListingText, SignIn


class Wants:
    """Facts to fetch in one round: rows by key, groups, and stretches of calendars whose claims matter."""

    def __init__(self, known: Rows) -> None:
        self.known = known
        self.rows: dict[type[TableRow], set[Key]] = {}
        self.groups: dict[str, set[str]] = {}
        self.received_at = Instant(0)
        self.claims: set[tuple[CalendarId, Instant, Instant]] = set()

    def __bool__(self) -> bool:
        return bool(self.rows or self.groups or self.claims)

    def row(self, table: type[TableRow], key: Key) -> Any:
        """Wants the row, and returns it where it is known already."""
        if self.known.knows(table, key):
            return self.known.tables[table].get(key)
        self.rows.setdefault(table, set()).add(key)
        return None

    def group(self, group: str, of: str) -> None:
        if not self.known.knows_group(group, of):
            self.groups.setdefault(group, set()).add(of)

    def stretch(self, calendar: CalendarId, start: Instant, end: Instant) -> None:
        """Wants whole days: other commands of the batch, and of later ones, ask for the rest of them."""
        if not self.known.knows_claims(calendar, start, end):
            days = days_of(start, end)
            self.claims.add((calendar, Instant(days[0] * DAY_US), Instant((days[-1] + 1) * DAY_US)))

    def missing(self, fact: FactMissing) -> None:
        """Wants what a decision asked for in vain."""
        if fact.what == "claims":
            self.stretch(*fact.key)
        elif isinstance(fact.what, str):
            self.group(fact.what, fact.key)
        else:
            self.row(fact.what, fact.key)


def want(envelope: Envelope, wants: Wants) -> bool:
    """Adds what this command needs beyond what is known; whether, once it came, nothing more can be wanted."""
    command = envelope.command
    if not isinstance(command, c.SignUp) and envelope.actor != SYSTEM:
        wants.row(Member, envelope.actor)
        if envelope.token is not None:
            wants.row(RevokedToken, envelope.token)
    more = _WANTS.get(type(command))
    if more is None:
        return True
    wants.received_at = envelope.received_at
    return bool(more(command, wants))


def _placing(command: c.PlaceBooking, wants: Wants) -> bool:
    listing = _listing(command.listing, wants)
    if listing is None:
        return False
    version = command.offer.terms_version if command.offer else listing.version
    terms: Terms | None = wants.row(Terms, (listing.id, version))
    if terms is None:
        return False
    minutes = command.minutes or (command.offer.minutes if command.offer else terms.duration_min)
    if refusal_by_terms(terms, command.starts_at, minutes, wants.received_at) is not None:
        return True
    for calendar in terms.calendars:
        wants.row(Calendar, calendar)
        wants.group("exceptions", calendar)
    stretches = claims_of(terms, command.starts_at, Instant(command.starts_at + minutes * MINUTE_US))
    seen = [_stretch(stretch, wants) for stretch in stretches]
    return all(seen)


def _stretch(stretch: tuple[CalendarId, Instant, Instant], wants: Wants) -> bool:
    """A request in the way may have to be expired: then its booking, its terms and all its claims matter, too."""
    try:
        claims = wants.known.claims(*stretch)
    except FactMissing:
        wants.stretch(*stretch)
        return False
    for claim in claims:
        if claim.expires_at is not None:
            _live(claim.booking, wants)
    return True


def _listing(listing_id: ListingId, wants: Wants) -> Listing | None:
    """A listing brings its owner and the terms in force."""
    wants.group("listings", listing_id)
    listing: Listing | None = wants.known.tables[Listing].get(listing_id)  # type: ignore[assignment]  # by its table
    if listing is not None:
        wants.row(Member, listing.owner)
        wants.row(Terms, (listing.id, listing.version))
    return listing


def _booking(command: Any, wants: Wants) -> None:
    _live(command.booking, wants)


def _live(booking_id: BookingId, wants: Wants) -> None:
    """A booking, and what must be known to take its claims away."""
    booking: Booking | None = wants.row(Booking, booking_id)
    if booking is None:
        return
    terms: Terms | None = wants.row(Terms, (booking.listing, booking.terms_version))
    if terms is not None:
        for stretch in claims_of(terms, booking.starts_at, booking.ends_at):
            wants.stretch(*stretch)


def _reviews(command: c.WriteReview | c.RevealReviews, wants: Wants) -> None:
    booking: Booking | None = wants.row(Booking, command.booking)
    wants.group("reviews", command.booking)
    if booking is not None:
        wants.row(Listing, booking.listing)
        wants.row(Member, booking.customer)
        wants.row(Member, booking.provider)


def _drafting(command: c.DraftListing, wants: Wants) -> None:
    wants.row(Category, command.category)
    for calendar in command.terms.calendars:
        wants.row(Calendar, calendar)


def _changing(command: c.ChangeListing, wants: Wants) -> None:
    _own_listing(command, wants)
    listing: Listing | None = wants.known.tables[Listing].get(command.listing)  # type: ignore[assignment]  # as above
    if listing is not None or command.category is not None:
        wants.row(Category, command.category or listing.category)  # type: ignore[union-attr]  # one of the two is there
    for calendar in command.terms.calendars if command.terms else ():
        wants.row(Calendar, calendar)


def _own_listing(command: c.ChangeListing | c.PublishListing | c.WithdrawListing, wants: Wants) -> None:
    _listing(command.listing, wants)
    wants.row(ListingText, command.listing)


def _exception(command: c.RemoveException, wants: Wants) -> None:
    wants.row(Calendar, command.calendar)
    wants.row(CalendarException, command.exception)


_WANTS: dict[type, Callable[[Any, Wants], object]] = {
    c.FoundCell: lambda command, wants: wants.row(Cell, command.cell),
    c.AdmitNode: lambda command, wants: wants.row(Node, command.node),
    c.SignUp: lambda command, wants: wants.row(SignIn, command.email),
    c.AppointOperator: lambda command, wants: wants.row(Member, command.member),
    c.SuspendMember: lambda command, wants: wants.row(Member, command.member),
    c.RestoreMember: lambda command, wants: wants.row(Member, command.member),
    c.RevokeToken: lambda command, wants: wants.row(RevokedToken, command.token),
    c.AddCategory: lambda command, wants: wants.group("categories", ""),
    c.ChangeCategory: lambda command, wants: wants.group("categories", ""),
    c.SetHours: lambda command, wants: wants.row(Calendar, command.calendar),
    c.AddException: lambda command, wants: wants.row(Calendar, command.calendar),
    c.RemoveException: _exception,
    c.DraftListing: _drafting,
    c.ChangeListing: _changing,
    c.PublishListing: _own_listing,
    c.WithdrawListing: _own_listing,
    c.PlaceBooking: _placing,
    c.AcceptBooking: _booking,
    c.DeclineBooking: _booking,
    c.ExpireBooking: _booking,
    c.CancelBooking: _booking,
    c.CompleteBooking: _booking,
    c.MarkNoShow: _booking,
    c.WriteReview: _reviews,
    c.RevealReviews: _reviews,
    c.WriteReply: lambda command, wants: wants.row(Review, command.review),
}
