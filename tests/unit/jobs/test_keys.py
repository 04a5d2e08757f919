"""The keys of the jobs' commands: the same for everybody, and another one only after ever longer."""

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.instants import DAY_US, MINUTE_US, Instant
from holdfast.domain.rows import BookingId
from holdfast.jobs.reconcilers import MARGIN_US, key_of
from holdfast.reads.due import Due

DUE = Due(BookingId("11111111-1111-8111-8111-111111111111"), Instant(1_780_272_000_000_000))


def key(overdue_us: int) -> str:
    return key_of("expire", DUE, Instant(DUE.at + overdue_us))


def test_the_first_key_is_subject_verb_and_due_time() -> None:
    assert key(MARGIN_US) == "11111111-1111-8111-8111-111111111111:expire:1780272000000000"
    assert key(MINUTE_US - 1) == key(MARGIN_US)


def test_a_new_attempt_begins_whenever_what_is_overdue_has_doubled() -> None:
    keys = [key(minutes * MINUTE_US).rpartition(":")[2] for minutes in (1, 2, 3, 4, 7, 8)]
    assert keys == ["1", "2", "2", "3", "3", "4"]


@given(st.integers(0, 365 * DAY_US), st.integers(0, 365 * DAY_US))
def test_a_year_of_rounds_has_twenty_keys_and_never_goes_back(one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    attempts = [int(key(overdue)[len(key(0)) + 1 :] or 0) for overdue in (earlier, later)]
    assert 0 <= attempts[0] <= attempts[1] <= 20
