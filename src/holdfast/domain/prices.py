"""Money of a booking: its total, what a cancellation gives back, and which terms may be offered at all.

Amounts are integers in minor units of the cell's currency. Totals round half up, refunds up: for the customer.
"""

from itertools import pairwise

from holdfast.domain.instants import HOUR_US, Instant
from holdfast.domain.rows import PriceUnit, Terms

DAY_MIN = 24 * 60
MOST_PRICE_MINOR = 100_000_00
MOST_CALENDARS = 5
MOST_TIERS = 8
MOST_TIER_HOURS = 730 * 24

_BOUNDS = (
    ("price_minor", 0, MOST_PRICE_MINOR),
    ("duration_min", 5, DAY_MIN),
    ("duration_max_min", 5, DAY_MIN),
    ("step_min", 5, DAY_MIN),
    ("buffer_before_min", 0, DAY_MIN),
    ("buffer_after_min", 0, DAY_MIN),
    ("notice_min", 0, 90 * DAY_MIN),
    ("horizon_days", 1, 730),
    ("answer_within_min", 15, 7 * DAY_MIN),
)


def total_minor(terms: Terms, minutes: int) -> int:
    """The price of a booking of so many minutes."""
    if terms.price_unit is PriceUnit.visit:
        return terms.price_minor
    return (terms.price_minor * minutes + 30) // 60


def refund_minor(terms: Terms, total_minor: int, starts_at: Instant, cancelled_at: Instant) -> int:
    """What a customer who cancels gets back; who cancels exactly at a tier's limit is still within it.

    A cancellation by provider or operator gives back everything, whatever the terms, and does not ask here.
    """
    if not terms.tier_hours:
        return total_minor
    for hours, percent in zip(terms.tier_hours, terms.tier_percents, strict=True):
        if cancelled_at <= starts_at - hours * HOUR_US:
            return _share(total_minor, percent)
    return 0


def refund_deadlines(terms: Terms, starts_at: Instant, total_minor: int) -> list[tuple[Instant, int]]:
    """Until when a cancellation gives back how much, for those that give back anything; the largest first."""
    if not terms.tier_hours:
        return [(starts_at, total_minor)]
    return [
        (Instant(starts_at - hours * HOUR_US), _share(total_minor, percent))
        for hours, percent in zip(terms.tier_hours, terms.tier_percents, strict=True)
        if percent > 0
    ]


def terms_fault(terms: Terms) -> str | None:
    """What is wrong with the terms, in a few words for whoever wrote them; None if they may be offered."""
    for name, least, most in _BOUNDS:
        if not least <= getattr(terms, name) <= most:
            return f"{name} is not in {least}…{most}"
    if terms.price_unit is PriceUnit.visit and terms.duration_max_min != terms.duration_min:
        return "a visit has one duration: duration_max_min equals duration_min"
    if terms.duration_max_min < terms.duration_min:
        return "duration_max_min is less than duration_min"
    if not 1 <= len(terms.calendars) <= MOST_CALENDARS:
        return f"calendars are not 1…{MOST_CALENDARS}"
    if len(set(terms.calendars)) < len(terms.calendars):
        return "a calendar is named twice"
    return _tiers_fault(terms.tier_hours, terms.tier_percents)


def _tiers_fault(hours: list[int], percents: list[int]) -> str | None:
    if len(hours) != len(percents):
        return "tier_hours and tier_percents differ in length"
    if len(hours) > MOST_TIERS:
        return f"there are more than {MOST_TIERS} tiers"
    if not all(0 <= hour <= MOST_TIER_HOURS for hour in hours):
        return f"tier_hours are not in 0…{MOST_TIER_HOURS}"
    if not all(0 <= percent <= 100 for percent in percents):
        return "tier_percents are not in 0…100"
    if not all(earlier > later for earlier, later in pairwise(hours)):
        return "tier_hours do not descend"
    if not all(earlier >= later for earlier, later in pairwise(percents)):
        return "tier_percents ascend: who cancels later would get more"
    return None


def _share(total_minor: int, percent: int) -> int:
    """A percentage, rounded up."""
    return -(-total_minor * percent // 100)
