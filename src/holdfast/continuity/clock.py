"""Whether to believe the core's clock: only within 2 s of what this node's own, which nobody sets, expects."""

import time

from holdfast.core.apply import ClockUnbelievable, never_backwards
from holdfast.domain.instants import SECOND_US, Instant

BELIEVED_WITHIN_US = 2 * SECOND_US


def now() -> Instant:
    """The node's clock: when a command was received. What is decided goes by the core's."""
    return Instant(time.time_ns() // 1000)


def boottime_us() -> int:
    """µs since this machine started, suspended time included (CLOCK_BOOTTIME): nobody sets this clock."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


class ClockGuard:
    """Holds the core's clock against the time that passed here since it was last believed.

    The first reading after a start is believed: there is nothing to hold it against. A clock that was set for good
    is believed again when the relay is started anew, which is an operator's act.
    """

    def __init__(self) -> None:
        self._offset: int | None = None

    def decided_at(self, core: Instant, last: Instant) -> Instant:
        """The clock of core.apply. Raises ClockUnbelievable."""
        passed = boottime_us()
        if self._offset is None:
            self._offset = core - passed
        astray = core - (passed + self._offset)
        if abs(astray) > BELIEVED_WITHIN_US:
            raise ClockUnbelievable(f"the core's clock is {astray / SECOND_US:+.1f} s from where it should be")
        # Clocks drift by parts in a million: what is believed is the new measure.
        self._offset += astray
        return never_backwards(core, last)
