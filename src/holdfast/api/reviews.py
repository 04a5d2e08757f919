"""Reviews of listings, by both sides of a completed booking, and the replies to them."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta

from holdfast.api.access import Visitor, Writer
from holdfast.api.bodies import Body
from holdfast.api.cursors import USUAL_ITEMS, CursorText, Limit, Page, cursor_to, place_of
from holdfast.api.problems import Fault, Problem
from holdfast.api.queries import id_in_path, only
from holdfast.api.review_bodies import ReviewBody, review_body
from holdfast.api.settle import settle
from holdfast.api.slots import viewer_of
from holdfast.domain.commands import WriteReply, WriteReview
from holdfast.domain.inputs import Prose
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import BookingId, ListingId, ReviewId
from holdfast.reads.reviews import ReviewCursor, listing_reviews, review
from holdfast.reads.slots import zone_of
from holdfast.reads.viewer import Viewer

Stars = Annotated[int, Meta(ge=1, le=5, description="one to five")]
OnlyStars = Annotated[int | None, QueryParameter(ge=1, le=5, description="only reviews with that many stars")]


class NewReviewBody(Body, frozen=True):
    """What one side of a completed booking says of the other. Both are shown once both are in, or after 14 days."""

    stars: Stars
    text: Prose


class NewReplyBody(Body, frozen=True):
    """The one public answer to a review."""

    text: Prose


@get("/listings/{listing_id:str}/reviews", refusals=(Refusal.listing_unknown, Fault.invalid_input))
async def list_reviews(
    visitor: Visitor,
    request: Request[Any, Any, Any],
    listing_id: FromPath[str],
    stars: OnlyStars = None,
    cursor: CursorText = None,
    limit: Limit = USUAL_ITEMS,
) -> Page[ReviewBody]:
    """What customers say of a listing, the newest first, with the replies; hidden reviews are not there yet."""
    only(request, {"stars", "cursor", "limit"})
    context, name = visitor.context, ListingId(id_in_path(listing_id, Refusal.listing_unknown))
    scope = f"reviews {name} {stars}"
    after = place_of(context.cursor_key, scope, cursor, ReviewCursor)
    zone = await zone_of(context.reader, name, viewer_of(visitor))
    if zone is None:
        raise Problem(Refusal.listing_unknown)
    found = await listing_reviews(context.reader, name, stars, after, limit + 1)
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        assert last.visible_since is not None, "the page holds visible reviews only"
        following = cursor_to(context.cursor_key, scope, ReviewCursor(last.visible_since, last.id))
    return Page([review_body(item, zone) for item in found[:limit]], following)


@post(
    "/bookings/{booking_id:str}/review",
    refusals=(
        Refusal.booking_unknown,
        Refusal.booking_not_completed,
        Refusal.review_exists,
        Refusal.review_closed,
        Refusal.review_unknown,
    ),
)
async def write_review(writer: Writer, booking_id: FromPath[str], data: JSONBody[NewReviewBody]) -> ReviewBody:
    """Reviews a completed booking of one's own, once a side, until 14 days after its completion."""
    command = WriteReview(BookingId(id_in_path(booking_id, Refusal.booking_unknown)), data.stars, data.text.strip())
    return await _review(writer, (await settle(writer, command)).subject)


@post(
    "/reviews/{review_id:str}/reply",
    refusals=(Refusal.review_unknown, Refusal.not_yours, Refusal.reply_exists),
)
async def write_reply(writer: Writer, review_id: FromPath[str], data: JSONBody[NewReplyBody]) -> ReviewBody:
    """Answers a review of oneself, once, for everybody to see."""
    accepted = await settle(
        writer, WriteReply(ReviewId(id_in_path(review_id, Refusal.review_unknown)), data.text.strip())
    )
    return await _review(writer, accepted.subject)


async def _review(writer: Writer, review_id: str) -> ReviewBody:
    context = writer.context
    shown = await review(context.reader, ReviewId(review_id), Viewer(writer.id))
    if shown is None:
        raise Problem(Refusal.review_unknown)
    return review_body(shown, (await context.known.cell()).zone)


HANDLERS = (list_reviews, write_review, write_reply)
