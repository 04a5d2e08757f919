"""The core's clock is believed only where this node's own, which nobody sets, bears it out (FAULTS.md 20)."""

import pytest

from holdfast.continuity import clock
from holdfast.continuity.clock import BELIEVED_WITHIN_US, ClockGuard
from holdfast.core.apply import ClockUnbelievable
from holdfast.domain.instants import HOUR_US, SECOND_US, Instant

NOON = Instant(1_764_000_000_000_000)


class Here:
    """This node's own clock, moved by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed_us = 5 * HOUR_US
        monkeypatch.setattr(clock, "boottime_us", lambda: self.passed_us)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    return Here(monkeypatch)


def test_the_first_reading_is_believed_and_time_never_runs_backwards(here: Here) -> None:
    guard = ClockGuard()
    assert guard.decided_at(NOON, Instant(0)) == NOON
    here.passed_us += SECOND_US
    later = Instant(NOON + 3 * SECOND_US)
    assert guard.decided_at(Instant(NOON + SECOND_US), later) == later


@pytest.mark.parametrize("jump_us", [HOUR_US, -HOUR_US, BELIEVED_WITHIN_US + 1, -BELIEVED_WITHIN_US - 1])
def test_fault_20_a_clock_that_jumps_is_not_believed_until_it_is_back(here: Here, jump_us: int) -> None:
    guard = ClockGuard()
    guard.decided_at(NOON, Instant(0))
    here.passed_us += SECOND_US
    with pytest.raises(ClockUnbelievable, match="from where it should be"):
        guard.decided_at(Instant(NOON + SECOND_US + jump_us), NOON)
    here.passed_us += SECOND_US
    assert guard.decided_at(Instant(NOON + 2 * SECOND_US), NOON) == NOON + 2 * SECOND_US


def test_a_clock_that_drifts_is_followed(here: Here) -> None:
    guard = ClockGuard()
    core = NOON
    for _ in range(100):
        assert guard.decided_at(core, Instant(0)) == core
        here.passed_us += 60 * SECOND_US
        core = Instant(core + 60 * SECOND_US + SECOND_US)
