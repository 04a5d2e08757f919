"""Evolve: reviews, replies and the ratings that they add up to."""

from msgspec.structs import replace

from holdfast.domain import events as e
from holdfast.domain.rows import Booking, Listing, Member, Review, Side
from holdfast.domain.store import Rows


def review_written(rows: Rows, recorded: e.Recorded, event: e.ReviewWritten) -> None:
    booking = rows.the(Booking, event.booking)
    rows.put(
        Review(
            event.review,
            booking.id,
            booking.listing,
            event.side,
            author=recorded.by,
            subject=booking.provider if event.side is Side.customer else booking.customer,
            stars=event.stars,
            written_at=recorded.at,
            visible_since=None,
            replied_at=None,
        )
    )
    rows.put(replace(booking, reviews=booking.reviews + 1))


def reviews_revealed(rows: Rows, recorded: e.Recorded, event: e.ReviewsRevealed) -> None:
    for review_id in event.reviews:
        review = rows.the(Review, review_id)
        rows.put(replace(review, visible_since=recorded.at))
        subject = rows.the(Member, review.subject)
        rows.put(replace(subject, rating_count=subject.rating_count + 1, rating_sum=subject.rating_sum + review.stars))
        if review.side is Side.customer:
            _rate_listing(rows, review)


def _rate_listing(rows: Rows, review: Review) -> None:
    listing = rows.the(Listing, review.listing)
    stars = list(listing.stars)
    stars[review.stars - 1] += 1
    rows.put(
        replace(
            listing,
            rating_count=listing.rating_count + 1,
            rating_sum=listing.rating_sum + review.stars,
            stars=stars,
        )
    )


def reply_written(rows: Rows, recorded: e.Recorded, event: e.ReplyWritten) -> None:
    rows.put(replace(rows.the(Review, event.review), replied_at=recorded.at))
