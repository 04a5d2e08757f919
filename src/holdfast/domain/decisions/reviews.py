"""Decide: reviews by both sides, hidden until both are in or a fortnight has passed, and one reply to each."""

from holdfast.domain import commands as c
from holdfast.domain import events as e
from holdfast.domain.facts import Accepted, Decision, Facts
from holdfast.domain.instants import DAY_US
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Booking, BookingState, Review, ReviewId
from holdfast.domain.vault import ReplyText, ReviewText, seal

REVIEW_WITHIN_US = 14 * DAY_US
"""How long after completion a booking may be reviewed; then what is there is shown."""


def write_review(command: c.WriteReview, facts: Facts) -> Decision:
    booking = facts.rows.find(Booking, command.booking)
    side = booking.side_of(facts.actor) if booking is not None else None
    if booking is None or side is None:
        return Refusal.booking_unknown
    if booking.state is not BookingState.completed:
        return Refusal.booking_not_completed
    others = facts.rows.reviews(booking.id)
    if any(review.side is side for review in others):
        return Refusal.review_exists
    # changed_at: completed is a booking's last state.
    if facts.received_at > booking.changed_at + REVIEW_WITHIN_US or any(r.visible_since for r in others):
        return Refusal.review_closed
    review = ReviewId(facts.ids.next())
    text = ReviewText(review, command.body, facts.ids.next_salt())
    events: list[e.AnyEvent] = [e.ReviewWritten(review, booking.id, side, command.stars, [seal(text)])]
    if others:
        events.append(e.ReviewsRevealed(booking.id, [*(other.id for other in others), review]))
    return Accepted(review, events, [text])


def reveal_reviews(command: c.RevealReviews, facts: Facts) -> Decision:
    booking = facts.rows.find(Booking, command.booking)
    if booking is None:
        return Refusal.booking_unknown
    hidden = [review.id for review in facts.rows.reviews(booking.id) if review.visible_since is None]
    if not hidden or facts.decided_at < booking.changed_at + REVIEW_WITHIN_US:
        return Refusal.not_due
    return Accepted(booking.id, [e.ReviewsRevealed(booking.id, hidden)])


def write_reply(command: c.WriteReply, facts: Facts) -> Decision:
    """A hidden review exists for nobody but its author, so that nobody answers what they have not seen."""
    review = facts.rows.find(Review, command.review)
    if review is None or (review.visible_since is None and review.author != facts.actor):
        return Refusal.review_unknown
    if review.subject != facts.actor:
        return Refusal.not_yours
    if review.replied_at is not None:
        return Refusal.reply_exists
    text = ReplyText(review.id, command.body, facts.ids.next_salt())
    return Accepted(review.id, [e.ReplyWritten(review.id, [seal(text)])], [text])
