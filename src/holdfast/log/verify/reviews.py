"""Invariants 5 and 6: reviews and the ratings that they add up to, recounted."""

from collections import defaultdict

from holdfast.domain.rows import Booking, BookingState, Listing, Member, Review, Side
from holdfast.domain.store import Rows
from holdfast.log.verify.report import Findings


def check_reviews(rows: Rows, findings: Findings) -> None:
    """Invariant 5: each is of one completed booking, by one of its two sides, about the other, one a side."""
    bookings = rows.tables[Booking]
    written: dict[str, list[str]] = defaultdict(list)
    for review in _all(rows):
        booking = bookings.get(review.booking)
        if not isinstance(booking, Booking) or booking.state != BookingState.completed:
            findings.add(5, Review.TABLE, review.id, f"its booking {review.booking} is not completed")
            continue
        if review.side in written[booking.id]:
            findings.add(5, Review.TABLE, review.id, f"a second one of the {review.side} of booking {booking.id}")
        written[booking.id].append(review.side)
        parties = {str(Side.customer): booking.customer, str(Side.provider): booking.provider}
        author = parties.pop(review.side, None)
        if (author, *parties.values(), booking.listing) != (review.author, review.subject, review.listing):
            findings.add(5, Review.TABLE, review.id, "its author, subject or listing is not that of its booking")
    findings.count(5, len(rows.tables[Review]))
    for booking in bookings.values():
        if isinstance(booking, Booking) and booking.reviews != len(written.get(booking.id, ())):
            findings.add(5, Booking.TABLE, booking.id, f"reviews: {booking.reviews}, and there are others")


def check_ratings(rows: Rows, findings: Findings) -> None:
    """Invariant 6: of visible reviews, a listing's stars are its customers', a member's those of the other sides."""
    of_listing: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    of_member: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for review in _all(rows):
        if review.visible_since is not None and 1 <= review.stars <= 5:
            of_member[review.subject][review.stars - 1] += 1
            if review.side == Side.customer:
                of_listing[review.listing][review.stars - 1] += 1
    for listing in rows.tables[Listing].values():
        if isinstance(listing, Listing):
            stars = of_listing[listing.id]
            if (listing.rating_count, listing.rating_sum, listing.stars) != (*_rating(stars), stars):
                findings.add(6, Listing.TABLE, listing.id, f"its reviews recounted give stars {stars}")
    for member in rows.tables[Member].values():
        if isinstance(member, Member) and (member.rating_count, member.rating_sum) != _rating(of_member[member.id]):
            findings.add(6, Member.TABLE, member.id, f"its reviews recounted give stars {of_member[member.id]}")
    findings.count(6, len(rows.tables[Listing]) + len(rows.tables[Member]))


def _rating(stars: list[int]) -> tuple[int, int]:
    return sum(stars), sum(n * count for n, count in enumerate(stars, start=1))


def _all(rows: Rows) -> list[Review]:
    return [review for review in rows.tables[Review].values() if isinstance(review, Review)]
