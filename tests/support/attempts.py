"""Envelopes that a market refuses, for the tests that go through the refusals: each Case makes one in a market."""

from collections.abc import Callable
from datetime import date
from typing import Any

from holdfast.core.envelope import Envelope
from holdfast.domain import commands as c
from holdfast.domain.instants import DAY_US, HOUR_US
from holdfast.domain.rows import (
    SYSTEM,
    CalendarId,
    CategoryId,
    ExceptionId,
    MemberId,
    Place,
    ReviewId,
    TokenId,
)
from support.paper import NOBODY, PaperMarket, at, place, terms, words

Case = Callable[[PaperMarket], Envelope]
TODAY, LATER = date(2026, 6, 1), date(2026, 6, 2)


def offer(market: PaperMarket, day: int, hour: float, **changed: Any) -> c.OfferTaken:
    fields: dict[str, Any] = {
        "listing": market.cast.instant, "terms_version": 1, "starts_at": at(day, hour), "minutes": 60,
        "total_minor": 5000, "expires_at": market.now + HOUR_US,
    }  # fmt: skip
    return c.OfferTaken(**(fields | changed))


def key_reused(m: PaperMarket, late: bool = False) -> Envelope:
    m.send(m.cast.customer, place(m.cast.instant, 1, 10), key="k")
    again = m.envelope(m.cast.customer, place(m.cast.instant, 1, 12), key="k", valid_until=m.now)
    m.now = at(0, 1) if late else m.now
    return again


def too_late(m: PaperMarket, ended: bool = False) -> Envelope:
    envelope = m.envelope(m.cast.customer, place(m.cast.instant, 1, 10), valid_until=m.now, epoch=0 if ended else 1)
    m.now = at(0, 1)
    return envelope


def revoked(m: PaperMarket, suspended: bool = False) -> Envelope:
    token = TokenId(NOBODY)
    m.made(m.cast.customer, c.RevokeToken(token))
    if suspended:
        m.made(m.cast.operator, c.SuspendMember(MemberId(m.cast.customer), ""))
    return m.envelope(m.cast.customer, place(m.cast.instant, 1, 10), token=token)


def suspended(m: PaperMarket, command: c.AnyCommand | None = None) -> Envelope:
    m.made(m.cast.operator, c.SuspendMember(MemberId(m.cast.customer), "Complaints"))
    return m.envelope(m.cast.customer, command or place(m.cast.instant, 1, 10))


def by(role: str, command: c.AnyCommand) -> Case:
    return lambda m: m.envelope(SYSTEM if role == "system" else getattr(m.cast, role), command)


def placing(day: int = 1, hour: float = 10, *, listing: str = "instant", role: str = "customer", **more: Any) -> Case:
    def case(m: PaperMarket) -> Envelope:
        return m.envelope(getattr(m.cast, role), place(getattr(m.cast, listing), day, hour, **more))

    return case


def after(prepare: Callable[[PaperMarket], object], case: Case) -> Case:
    def both(m: PaperMarket) -> Envelope:
        prepare(m)
        return case(m)

    return both


def about(make: Callable[..., c.AnyCommand], role: str, *more: Any, listing: str = "instant") -> Case:
    """A command about a booking of tomorrow at ten."""

    def case(m: PaperMarket) -> Envelope:
        booking = m.booked(getattr(m.cast, listing), 1, 10)
        return m.envelope(SYSTEM if role == "system" else getattr(m.cast, role), make(booking, *more))

    return case


def reviewing(*roles: str, days: int = 0) -> Case:
    """The last of these reviews a completed booking after the others did."""

    def case(m: PaperMarket) -> Envelope:
        booking = m.completed()
        for role in roles[:-1]:
            m.made(getattr(m.cast, role), c.WriteReview(booking, 4, "Good"))
        m.now += days * DAY_US
        return m.envelope(getattr(m.cast, roles[-1]), c.WriteReview(booking, 5, "Fine"))

    return case


def replying(role: str, *, shown: bool = True, twice: bool = False) -> Case:
    def case(m: PaperMarket) -> Envelope:
        booking = m.completed()
        review = ReviewId(m.made(m.cast.customer, c.WriteReview(booking, 4, "Good")))
        if shown:
            m.made(m.cast.provider, c.WriteReview(booking, 4, "Good"))
        if twice:
            m.made(m.cast.provider, c.WriteReply(review, "Thanks"))
        return m.envelope(getattr(m.cast, role), c.WriteReply(review, "Thank you"))

    return case


def drafting(role: str = "provider", category: str | None = None, **changed: Any) -> Case:
    def case(m: PaperMarket) -> Envelope:
        chosen = CategoryId(category or m.cast.category)
        return m.envelope(getattr(m.cast, role), c.DraftListing(chosen, words(), terms(m.cast.calendar, **changed)))

    return case


def changing(listing: str = "instant", role: str = "provider", **parts: Any) -> Case:
    def case(m: PaperMarket) -> Envelope:
        command = c.ChangeListing(
            getattr(m.cast, listing), parts.get("category"), parts.get("words"), parts.get("terms")
        )
        return m.envelope(getattr(m.cast, role), command)

    return case


def publishing(listing: str = "draft", role: str = "provider", **described: Any) -> Case:
    def case(m: PaperMarket) -> Envelope:
        if described:
            m.made(m.cast.provider, c.ChangeListing(m.cast.draft, None, words(**described), None))
        return m.envelope(getattr(m.cast, role), c.PublishListing(getattr(m.cast, listing)))

    return case


def category(m: PaperMarket, parent: str | None = None, slug: str = "nails") -> str:
    return m.made(SYSTEM, c.AddCategory(CategoryId(parent) if parent else None, slug, slug, 1))


def cycle(m: PaperMarket, slug: str = "hair") -> Envelope:
    below = category(m, m.cast.category)
    return m.envelope(m.cast.operator, c.ChangeCategory(CategoryId(m.cast.category), CategoryId(below), slug, "", 1))


def hours(role: str, opens: list[int], closes: list[int]) -> Case:
    return lambda m: m.envelope(getattr(m.cast, role), c.SetHours(CalendarId(m.cast.calendar), opens, closes))


def closing(role: str, first: date, last: date) -> Case:
    return lambda m: m.envelope(getattr(m.cast, role), c.AddException(CalendarId(m.cast.calendar), first, last, [], []))


def reopening(role: str = "provider") -> Case:
    command = c.RemoveException
    return lambda m: m.envelope(getattr(m.cast, role), command(CalendarId(m.cast.calendar), ExceptionId(NOBODY)))


def offered(day: int = 1, hour: float = 10, *, role: str = "customer", minutes: int | None = None, **more: Any) -> Case:
    """Placed with an offer of tomorrow at ten."""

    def case(m: PaperMarket) -> Envelope:
        taken = offer(m, 1, 10, **more)
        return m.envelope(getattr(m.cast, role), place(m.cast.instant, day, hour, offer=taken, minutes=minutes))

    return case


def with_terms(case: Case, **changed: Any) -> Case:
    def change(m: PaperMarket) -> None:
        m.made(m.cast.provider, c.ChangeListing(m.cast.instant, None, None, terms(m.cast.calendar, **changed)))

    return after(change, case)


def withdraw(m: PaperMarket) -> None:
    m.made(m.cast.provider, c.WithdrawListing(m.cast.instant))


def suspend_provider(m: PaperMarket) -> None:
    m.made(m.cast.operator, c.SuspendMember(MemberId(m.cast.provider), ""))


def take(m: PaperMarket) -> None:
    m.made(m.cast.other, place(m.cast.instant, 1, 10))


def wait(day: int, hour: float) -> Callable[[PaperMarket], None]:
    def pass_time(m: PaperMarket) -> None:
        m.now = at(day, hour)

    return pass_time


def then(case: Case, day: int, hour: float) -> Case:
    """Sent now, decided then."""

    def decided(m: PaperMarket) -> Envelope:
        envelope = case(m)
        m.now = at(day, hour)
        return envelope

    return decided


def at_their_place() -> Case:
    return with_terms(placing(), place=Place.customer)


def about_customer(make: Callable[..., c.AnyCommand], *more: Any) -> Case:
    return lambda m: m.envelope(m.cast.operator, make(MemberId(m.cast.customer), *more))


def suspending_oneself(m: PaperMarket) -> Envelope:
    return m.envelope(m.cast.operator, c.SuspendMember(MemberId(m.cast.operator), ""))


def late_cancel(m: PaperMarket, refund_minor: int | None = None) -> Envelope:
    """Of a booking that has begun."""
    booking = m.booked(m.cast.instant, 1, 10)
    m.now = at(1, 10)
    return m.envelope(m.cast.customer, c.CancelBooking(booking, refund_minor, ""))


def cancelled_and_started(m: PaperMarket) -> Envelope:
    """Cancelling once more, after the start, for more than there is."""
    booking = m.booked(m.cast.instant, 1, 10)
    m.made(m.cast.customer, c.CancelBooking(booking, None, ""))
    m.now = at(1, 10)
    return m.envelope(m.cast.customer, c.CancelBooking(booking, 9999, ""))


def bad_terms(m: PaperMarket) -> Envelope:
    """Of a published listing, without a title and at a price below nothing."""
    given = terms(m.cast.calendar, price_minor=-1)
    return m.envelope(m.cast.provider, c.ChangeListing(m.cast.instant, None, words(title=""), given))


def offered_odd_minutes(m: PaperMarket) -> Envelope:
    """An offer that expired, of a duration that is not offered."""
    taken = offer(m, 1, 10, minutes=61, expires_at=at(0, -1))
    return m.envelope(m.cast.customer, place(m.cast.instant, 1, 10, offer=taken))
