"""What both sides of a completed booking say of each other, and the one public reply to it."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Meta

from holdfast.core.settle import CommandRefused
from holdfast.domain.commands import WriteReply, WriteReview
from holdfast.domain.inputs import Prose
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import BookingId, BookingState, ReviewId
from holdfast.reads.bookings import BookingShown
from holdfast.reads.reviews import review
from holdfast.web.booking_paths import id_in
from holdfast.web.bookings import booking_of, may_review, seen
from holdfast.web.forms import Filled, Form, asks, blank
from holdfast.web.languages import phrase
from holdfast.web.posts import Post
from holdfast.web.visit import Member, Visit, Writer

_FEW, _MANY = phrase("Write a few words"), phrase("Write at most 5,000 characters")


class ReviewForm(Form, frozen=True):
    """Hidden until both sides have written."""

    stars: Annotated[int, Meta(ge=1, le=5), asks(phrase("Choose from one to five stars"))]
    body: Annotated[Prose, asks(_FEW, _MANY)]


class ReplyForm(Form, frozen=True):
    """booking: where its page leads back to."""

    body: Annotated[Prose, asks(_FEW, _MANY)]
    booking: Annotated[str, Meta(pattern="^[0-9a-f-]{36}$"), asks(phrase("Load this page again"))]


@get("/bookings/{name:str}/review", include_in_schema=False)
async def show_review(member: Member, name: FromPath[str]) -> Response[bytes]:
    """The form, while the viewer's review is taken; what stands in its way otherwise."""
    return await _review_page(member, name, blank(ReviewForm))


@post("/bookings/{name:str}/review", include_in_schema=False)
async def write_review(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """One a side, until 14 days after completion."""
    form, booking = posted.fill(ReviewForm), BookingId(id_in(name))
    if form.value is None:
        await writer.recognise()
        return await _review_page(writer, name, form, 422)
    await writer.settle(WriteReview(booking, form.value.stars, form.value.body), posted.key)
    return writer.go(f"/bookings/{booking}", "saved")


@get("/reviews/{name:str}/reply", include_in_schema=False)
async def show_reply(member: Member, name: FromPath[str]) -> Response[bytes]:
    """The review, and a form for its one reply."""
    return await _reply_page(member, name, blank(ReplyForm))


@post("/reviews/{name:str}/reply", include_in_schema=False)
async def write_reply(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """By whom the review is about, once, for everybody to see."""
    form = posted.fill(ReplyForm)
    if form.value is None:
        await writer.recognise()
        return await _reply_page(writer, name, form, 422)
    await writer.settle(WriteReply(ReviewId(id_in(name)), form.value.body), posted.key)
    return writer.go(f"/bookings/{form.value.booking}", "saved")


async def _review_page(visit: Visit, name: str, form: Filled[ReviewForm], status: int = 200) -> Response[bytes]:
    shown = await booking_of(visit, name)
    if not may_review(shown, visit):
        raise CommandRefused(_why_not(shown, visit))
    return visit.page("booking_review.html", status, form=form, seen=seen(shown.listed, visit))


def _why_not(shown: BookingShown, visit: Visit) -> Refusal:
    row = shown.listed.booking
    if row.side_of(visit.id) is None:
        return Refusal.not_yours
    if row.state is not BookingState.completed:
        return Refusal.booking_not_completed
    wrote = any(each.author == visit.id for each in shown.reviews)
    return Refusal.review_exists if wrote else Refusal.review_closed


async def _reply_page(visit: Visit, name: str, form: Filled[ReplyForm], status: int = 200) -> Response[bytes]:
    """Raises CommandRefused for a review that is not about the viewer, or is answered."""
    found = await review(visit.site.reader, ReviewId(id_in(name)), visit.viewer)
    if found is None or found.visible_since is None:
        raise CommandRefused(Refusal.review_unknown)
    if found.subject != visit.id:
        raise CommandRefused(Refusal.not_yours)
    if found.reply is not None:
        raise CommandRefused(Refusal.reply_exists)
    return visit.page("booking_reply.html", status, form=form, review=found)


HANDLERS: tuple[Any, ...] = (show_review, write_review, show_reply, write_reply)
