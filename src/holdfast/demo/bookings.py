"""Invented bookings: from the wish for a time to the last word about it, all before today or still to come."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from msgspec import Struct

from holdfast.demo.diary import Diary
from holdfast.demo.moments import SLACK_MIN, Drawn
from holdfast.demo.shapes import (
    DAY_MIN,
    BookingPlan,
    CustomerPlan,
    Ending,
    ListingPlan,
    ProviderPlan,
    ReplyPlan,
    ReviewPlan,
)
from holdfast.demo.testimony import Testimony
from holdfast.domain.rows import ListingState, Place, PriceUnit

REVEAL_MIN = 14 * DAY_MIN
REVIEWED_SHARE, RETURNED_SHARE = 0.66, 0.4

E = Ending
_PAST_INSTANT = {E.completed: 85, E.cancelled_by_customer: 8, E.cancelled_by_provider: 3, E.no_show: 4}
_PAST_REQUEST = {
    E.completed: 73,
    E.cancelled_by_customer: 8,
    E.cancelled_by_provider: 2,
    E.no_show: 2,
    E.declined: 9,
    E.expired: 6,
}
_AHEAD_INSTANT = {E.confirmed: 92, E.cancelled_by_customer: 6, E.cancelled_by_provider: 2}
_AHEAD_REQUEST = {E.confirmed: 54, E.waiting: 34, E.cancelled_by_customer: 5, E.declined: 7}


class Wish(Struct, frozen=True):
    """Who wants what on which day. What is None is left to chance."""

    customer: int
    listing: int
    day: date
    ending: Ending | None = None
    reviewed: bool | None = None
    returned: bool | None = None
    replied: bool | None = None


class Booker:
    """Turns wishes into bookings that fit the calendars, the terms and each other."""

    def __init__(
        self,
        today: date,
        customers: Sequence[CustomerPlan],
        providers: Sequence[ProviderPlan],
        listings: Sequence[ListingPlan],
        testimony: Testimony,
        rng: Random,
    ) -> None:
        self._today = today
        self._customers = customers
        self._providers = providers
        self._listings = listings
        self._testimony = testimony
        self._rng = rng
        self._diary = Diary(providers)
        self._busy: set[tuple[int, date]] = set()

    def book(self, wish: Wish) -> BookingPlan | None:
        """The booking, or None where the listing, the calendar or the customer has no time for it."""
        customer, listing = self._customers[wish.customer], self._listings[wish.listing]
        known = (max(listing.published_on, customer.joined) - self._today).days * DAY_MIN + DAY_MIN
        room = (wish.day - self._today).days * DAY_MIN - known
        if (wish.customer, wish.day) in self._busy or not _on_offer(listing, wish.day):
            return None
        if room < listing.notice_min + DAY_MIN:
            return None
        ending = wish.ending or self._ending(listing, ahead=wish.day > self._today)
        lead_days = (wish.day - self._today).days
        if ending is Ending.waiting and lead_days * DAY_MIN < listing.notice_min + SLACK_MIN:
            return None
        minutes = self._minutes(listing)
        start = self._diary.take(listing, wish.day, minutes, self._rng)
        if start is None:
            return None
        self._busy.add((wish.customer, wish.day))
        since_today = lead_days * DAY_MIN + start
        placed = self._placed_before(listing, ending, since_today, room)
        booking = Drawn(self._rng, listing, ending, since_today, minutes, placed)
        return self._written(wish, booking, start)

    def _written(self, wish: Wish, drawn: Drawn, start: int) -> BookingPlan:
        listing = drawn.listing
        settled = drawn.settled_after()
        mine = theirs = reply = None
        if drawn.ending is Ending.completed and settled is not None:
            mine = self._review(wish, drawn, settled)
            theirs = self._returned(wish, drawn, settled)
            reply = self._reply(wish, drawn, settled, mine, theirs)
        answered = drawn.answered_after()
        day, minute = divmod(start, DAY_MIN)
        return BookingPlan(
            customer=wish.customer,
            listing=wish.listing,
            day=wish.day + timedelta(days=day),
            minute=minute,
            duration_min=drawn.minutes,
            placed_before_min=drawn.placed,
            ending=drawn.ending,
            answered_after_min=answered,
            cancelled_before_min=drawn.cancelled_before(answered or 0),
            settled_after_min=settled,
            note=self._testimony.note(listing.category),
            address=self._customers[wish.customer].address if listing.place is Place.customer else "",
            customer_review=mine,
            provider_review=theirs,
            reply=reply,
        )

    def _ending(self, listing: ListingPlan, *, ahead: bool) -> Ending:
        if ahead:
            odds = _AHEAD_INSTANT if listing.instant else _AHEAD_REQUEST
        else:
            odds = _PAST_INSTANT if listing.instant else _PAST_REQUEST
        return self._rng.choices(list(odds), list(odds.values()))[0]

    def _minutes(self, listing: ListingPlan) -> int:
        if listing.price_unit is PriceUnit.visit:
            return listing.duration_min
        steps = (listing.duration_max_min - listing.duration_min) // listing.step_min
        return listing.duration_min + min(self._rng.randint(0, steps), self._rng.randint(0, steps)) * listing.step_min

    def _placed_before(self, listing: ListingPlan, ending: Ending, since_today: int, room: int) -> int:
        """Minutes before the start; what lies ahead was asked for before today began, what waits last evening."""
        rng = self._rng
        if ending is Ending.waiting:
            return since_today + SLACK_MIN + rng.randrange(240)
        mean = 1.2 * DAY_MIN + 0.5 * listing.notice_min
        lead = listing.notice_min + SLACK_MIN + int(rng.expovariate(1 / mean))
        if since_today > 0:
            lead = max(lead, since_today + 2 * SLACK_MIN + rng.randrange(4 * DAY_MIN))
        return min(lead, room, (listing.horizon_days - 2) * DAY_MIN)

    def _review(self, wish: Wish, drawn: Drawn, settled: int) -> ReviewPlan | None:
        after = drawn.later(settled, 2.2 * DAY_MIN)
        if not self._chosen(wish.reviewed, REVIEWED_SHARE) or after is None:
            return None
        customer, provider = self._customers[wish.customer], self._providers[drawn.listing.provider]
        stars = self._testimony.stars_for(provider)
        return ReviewPlan(stars, self._testimony.of_provider(stars, drawn.listing.category, provider, customer), after)

    def _returned(self, wish: Wish, drawn: Drawn, settled: int) -> ReviewPlan | None:
        after = drawn.later(settled, 1.1 * DAY_MIN)
        if not self._chosen(wish.returned, RETURNED_SHARE) or after is None:
            return None
        stars = self._testimony.stars_for_customer()
        return ReviewPlan(stars, self._testimony.of_customer(stars, self._customers[wish.customer]), after)

    def _reply(
        self, wish: Wish, drawn: Drawn, settled: int, mine: ReviewPlan | None, theirs: ReviewPlan | None
    ) -> ReplyPlan | None:
        """An answer follows the reveal: both reviews are in, or 14 days have gone by."""
        if mine is None:
            return None
        share = 0.22 if mine.stars >= 4 else 0.5
        revealed = max(mine.after_min, theirs.after_min) if theirs else settled + REVEAL_MIN + DAY_MIN
        after = revealed + 30 + int(self._rng.expovariate(1 / (1.5 * DAY_MIN)))
        if not self._chosen(wish.replied, share) or after > drawn.age:
            return None
        customer, provider = self._customers[wish.customer], self._providers[drawn.listing.provider]
        return ReplyPlan(self._testimony.reply(mine.stars, provider, customer), after)

    def _chosen(self, told: bool | None, share: float) -> bool:
        return self._rng.random() < share if told is None else told


def _on_offer(listing: ListingPlan, day: date) -> bool:
    if listing.state is ListingState.draft:
        return False
    return listing.withdrawn_on is None or day < listing.withdrawn_on
