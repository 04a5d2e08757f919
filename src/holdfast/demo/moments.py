"""The moments of an invented booking's life, drawn so that each comes after the one it needs. All in minutes."""

from random import Random

from holdfast.demo.shapes import DAY_MIN, Ending, ListingPlan

SLACK_MIN = 90
"""Room for a change of the clock, and for the seeder's nearest slot not being quite the planned one."""


class Drawn:
    """A booking whose time and ending are known; `age` is how long before today it was over, negative if not yet."""

    def __init__(
        self, rng: Random, listing: ListingPlan, ending: Ending, since_today: int, minutes: int, placed: int
    ) -> None:
        self._rng = rng
        self.listing = listing
        self.ending = ending
        self.minutes = minutes
        self.placed = placed
        self.age = -(since_today + minutes) - SLACK_MIN
        self._since_today = since_today

    @property
    def _latest(self) -> int:
        """How long after it was placed something can have happened: before the start, and before today."""
        return self.placed - max(0, self._since_today) - 30

    def answered_after(self) -> int | None:
        """When the provider accepted or declined, after the placing."""
        if self.listing.instant or self.ending in (Ending.waiting, Ending.expired):
            return None
        return self._rng.randint(4, max(5, min(self.listing.answer_within_min - 30, self._latest // 2)))

    def cancelled_before(self, answered: int) -> int | None:
        """When somebody cancelled, before the start; after it was accepted, if it had to be."""
        if self.ending not in (Ending.cancelled_by_customer, Ending.cancelled_by_provider):
            return None
        return self.placed - self._rng.randint(answered + 1, max(answered + 2, self._latest))

    def settled_after(self) -> int | None:
        """When the provider said that it was done, or that nobody came, after the end."""
        if self.ending is Ending.no_show:
            return self._rng.randrange(5, 180)
        if self.ending is Ending.completed:
            return min(5 + int(self._rng.expovariate(1 / 240)), 1200)
        return None

    def later(self, settled: int, mean: float) -> int | None:
        """A moment within twelve days of the settling; None where that is still to come."""
        after = settled + 10 + min(int(self._rng.expovariate(1 / mean)), 12 * DAY_MIN)
        return after if after < self.age else None
