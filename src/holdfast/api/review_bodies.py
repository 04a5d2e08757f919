"""Reviews as JSON."""

from msgspec import Struct

from holdfast.api.bodies import Id, Moment, shown_at
from holdfast.domain.rows import Side
from holdfast.reads.reviews import ReviewShown


class ReplyBody(Struct, frozen=True):
    """The public answer of the one whom the review is about."""

    text: str
    replied_at: Moment


class AuthorBody(Struct, frozen=True):
    id: Id
    name: str


class ReviewBody(Struct, frozen=True):
    """A review by one side of a completed booking. visible_since null: hidden from all but its author, until the
    other side has written too or 14 days have passed. verified: only a completed booking can be reviewed."""

    id: Id
    listing: Id
    side: Side
    author: AuthorBody
    stars: int
    text: str
    written_at: Moment
    visible_since: Moment | None
    reply: ReplyBody | None
    verified: str = "booking"


def review_body(shown: ReviewShown, zone: str) -> ReviewBody:
    """A review with its times in the zone."""
    reply = None
    if shown.reply is not None and shown.replied_at is not None:
        reply = ReplyBody(shown.reply, shown_at(shown.replied_at, zone))
    return ReviewBody(
        shown.id,
        shown.listing,
        shown.side,
        AuthorBody(shown.author, shown.author_name),
        shown.stars,
        shown.body,
        shown_at(shown.written_at, zone),
        None if shown.visible_since is None else shown_at(shown.visible_since, zone),
        reply,
    )
