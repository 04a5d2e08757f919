"""Reviews and their replies. A hidden review is there for its author alone."""

from typing import Any

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.instants import Instant
from holdfast.domain.rows import BookingId, ListingId, MemberId, ReviewId, Side
from holdfast.reads.reader import Reader
from holdfast.reads.viewer import Viewer

SQL = load("reads_reviews")


class ReviewShown(Struct, frozen=True):
    """visible_since None: hidden until the other side has written, or a fortnight has passed."""

    id: ReviewId
    booking: BookingId
    listing: ListingId
    side: Side
    author: MemberId
    author_name: str
    subject: MemberId
    stars: int
    body: str
    written_at: Instant
    visible_since: Instant | None
    reply: str | None
    replied_at: Instant | None


class ReviewCursor(Struct, frozen=True, array_like=True):
    visible_since: Instant
    id: ReviewId


async def listing_reviews(
    reader: Reader, listing: ListingId, stars: int | None, after: ReviewCursor | None, limit: int
) -> list[ReviewShown]:
    """What customers say of the listing, the newest first, at most `limit`. One query.

    Who may see the listing is for the caller to know.
    """
    parameters = {
        "listing": listing,
        "stars": stars,
        "after_id": after and after.id,
        "after_since": after and after.visible_since,
        "limit": limit,
    }
    return await reader.all(SQL.listing_reviews, parameters, _shown, binary=True)


async def reviews_of_booking(reader: Reader, booking: BookingId, viewer: Viewer) -> list[ReviewShown]:
    """Those that the viewer may see, in the order in which they were written. One query."""
    parameters = {"booking": booking, "review": None, "viewer": viewer.member}
    return await reader.all(SQL.reviews_shown, parameters, _shown, binary=True)


async def review(reader: Reader, review_id: ReviewId, viewer: Viewer) -> ReviewShown | None:
    """The review; None where there is none, or a hidden one of somebody else. One query."""
    parameters = {"booking": None, "review": review_id, "viewer": viewer.member}
    return await reader.one(SQL.reviews_shown, parameters, _shown)


def _shown(*row: Any) -> ReviewShown:
    review_id, booking, listing, side, *rest = row
    return ReviewShown(review_id, booking, listing, Side(side), *rest)
