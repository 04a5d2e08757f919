"""What becomes of a demo cell's bookings: each one's steps, from placing to the last word about it."""

from collections.abc import Iterator

from msgspec import Struct

from holdfast.demo.plan import Plan
from holdfast.demo.seed_listings import terms_of
from holdfast.demo.seed_steps import Cast, Step, later
from holdfast.demo.shapes import ZONE, BookingPlan, Ending, ListingPlan
from holdfast.domain import commands as c
from holdfast.domain.decisions.bookings import answer_by
from holdfast.domain.decisions.reviews import REVIEW_WITHIN_US
from holdfast.domain.evolutions.listings import terms_row
from holdfast.domain.instants import Instant
from holdfast.domain.rows import SYSTEM, BookingId, ListingId, MemberId, ReviewId, Terms
from holdfast.domain.walltime import opening_instant

_TERMS_SINCE = Instant(0)
_DECLINED = "I am booked up on that day, I am sorry."
_CALLED_OFF = {
    Ending.cancelled_by_customer: "Something came up.",
    Ending.cancelled_by_provider: "I have fallen ill, I am sorry.",
}


def booking(plan: Plan, cast: Cast) -> Iterator[Step]:
    """Every booking's steps."""
    terms = [
        terms_row(listing, 1, terms_of(planned, cast), _TERMS_SINCE)
        for planned, listing in zip(plan.listings, cast.listings, strict=True)
    ]
    for index, planned in enumerate(plan.bookings):
        listing = plan.listings[planned.listing]
        customer, provider = cast.customers[planned.customer], cast.providers[listing.provider]
        yield from _Life(index, planned, listing, terms[planned.listing], customer, provider, cast).steps()


class _Life(Struct, frozen=True):
    """One planned booking among those who have a part in it."""

    index: int
    plan: BookingPlan
    listing: ListingPlan
    terms: Terms
    customer: MemberId
    provider: MemberId
    cast: Cast

    @property
    def key(self) -> str:
        return f"demo:booking:{self.index}"

    @property
    def id(self) -> BookingId:
        return BookingId(self.cast.made(self.customer, self.key))

    @property
    def starts_at(self) -> Instant:
        return opening_instant(ZONE, self.plan.day, self.plan.minute)

    @property
    def ends_at(self) -> Instant:
        return later(self.starts_at, self.plan.duration_min)

    def steps(self) -> Iterator[Step]:
        yield self._place()
        yield from self._answer()
        yield from self._end()
        yield from self._words()

    def _place(self) -> Step:
        plan, starts_at = self.plan, self.starts_at
        wish = c.PlaceBooking(
            ListingId(self.terms.listing), starts_at, plan.duration_min, None, plan.note, plan.address
        )
        return Step(
            at=later(starts_at, -plan.placed_before_min),
            actor=self.customer,
            key=self.key,
            command=wish,
            latest=later(starts_at, -self.terms.notice_min),
            booking=self.id,
            then=self._expiry if plan.ending is Ending.expired else None,
        )

    def _answer(self) -> Iterator[Step]:
        plan = self.plan
        if plan.answered_after_min is None:
            return
        at = later(self.starts_at, plan.answered_after_min - plan.placed_before_min)
        if plan.ending is Ending.declined:
            yield self._step(at, self.provider, "decline", c.DeclineBooking(self.id, _DECLINED))
        else:
            yield self._step(at, self.provider, "accept", c.AcceptBooking(self.id))

    def _end(self) -> Iterator[Step]:
        plan = self.plan
        if plan.cancelled_before_min is not None:
            by = self.customer if plan.ending is Ending.cancelled_by_customer else self.provider
            at = later(self.starts_at, -plan.cancelled_before_min)
            yield self._step(at, by, "cancel", c.CancelBooking(self.id, None, _CALLED_OFF[plan.ending]))
        if plan.settled_after_min is not None:
            at = later(self.ends_at, plan.settled_after_min)
            if plan.ending is Ending.no_show:
                yield self._step(at, self.provider, "no-show", c.MarkNoShow(self.id))
            else:
                yield Step(
                    at,
                    self.provider,
                    f"{self.key}:complete",
                    c.CompleteBooking(self.id),
                    booking=self.id,
                    then=self._reveal,
                )

    def _words(self) -> Iterator[Step]:
        """Reviews by both sides, and the provider's answer to the customer's."""
        plan = self.plan
        for by, review in ((self.customer, plan.customer_review), (self.provider, plan.provider_review)):
            if review is not None:
                at = later(self.ends_at, review.after_min)
                yield self._step(at, by, "review", c.WriteReview(self.id, review.stars, review.body))
        if plan.reply is not None:
            review_id = ReviewId(self.cast.made(self.customer, f"{self.key}:review"))
            at = later(self.ends_at, plan.reply.after_min)
            yield self._step(at, self.provider, "reply", c.WriteReply(review_id, plan.reply.body))

    def _step(self, at: Instant, actor: MemberId, verb: str, command: c.AnyCommand) -> Step:
        return Step(at, actor, f"{self.key}:{verb}", command, booking=self.id)

    def _expiry(self, decided_at: Instant) -> Step:
        due = answer_by(self.terms, self.starts_at, decided_at)
        return self._job(due, "expire", c.ExpireBooking(self.id))

    def _reveal(self, decided_at: Instant) -> Step | None:
        """One review alone is shown when its time is over; two show each other."""
        if (self.plan.customer_review is None) == (self.plan.provider_review is None):
            return None
        due = Instant(decided_at + REVIEW_WITHIN_US)
        return self._job(due, "reveal", c.RevealReviews(self.id))

    def _job(self, due: Instant, verb: str, command: c.AnyCommand) -> Step:
        """As the jobs of a live cell would send it."""
        return Step(due, SYSTEM, f"{self.id}:{verb}:{due}", command, booking=self.id)
