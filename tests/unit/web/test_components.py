"""What the status page says for everything that a node's parts can say of themselves."""

from typing import Any

import msgspec
import pytest

from holdfast.continuity.protocol import Health
from holdfast.domain.instants import MINUTE_US, SECOND_US, Instant
from holdfast.web.board import Status
from holdfast.web.components import Found, Signed, State, components_of

NOW = Instant(1_780_272_000_000_000)
WELL = Health("settling", "", 0, 0, 1000, 7, 12, NOW - MINUTE_US)
FOUND = Found(True, WELL, Signed(12, NOW), 1_000_000, NOW)


def states(**changed: Any) -> dict[str, str]:
    """Those that are not operational."""
    components = components_of(msgspec.structs.replace(FOUND, **changed))
    assert [component.id for component in components] == ["pages", "reads", "core", "journal", "log"]
    assert all(component.detail.endswith(".") for component in components)
    return {one.id: one.state.value for one in components if one.state is not State.operational}


def health(**changed: Any) -> Health:
    return msgspec.structs.replace(WELL, **changed)


def test_a_node_that_is_well_has_all_components_operational() -> None:
    assert states() == {}


def test_without_a_database_search_and_lists_are_out() -> None:
    assert states(reads=False) == {"reads": "major_outage"}


def test_without_a_relay_nothing_can_be_booked_or_received() -> None:
    assert states(health=None) == {"core": "major_outage", "journal": "major_outage"}


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("core_away", {"core": "major_outage"}),
        ("clock_refused", {"core": "partial_outage"}),
        ("journal_failed", {"core": "partial_outage", "journal": "major_outage"}),
    ],
)
def test_a_relay_that_cannot_settle_says_what_is_in_its_way(state: str, shown: dict[str, str]) -> None:
    assert states(health=health(state=state, reason="why")) == shown


def test_a_reason_is_for_the_log_of_the_node_and_not_for_the_page() -> None:
    found = msgspec.structs.replace(FOUND, health=health(state="core_away", reason="connection to 10.1.2.3 failed"))
    assert not any("10.1.2.3" in component.detail for component in components_of(found))


def test_a_backlog_is_told_with_its_size_and_age() -> None:
    waiting = health(waiting=1234, oldest_us=3 * MINUTE_US)
    assert states(health=waiting) == {"journal": "degraded_performance"}
    journal = components_of(msgspec.structs.replace(FOUND, health=waiting))[3]
    assert "1,234 received, not yet settled, the oldest 3 min ago" in journal.detail


def test_a_journal_that_is_nearly_full_is_told_before_it_is_full() -> None:
    assert states(health=health(journal_bytes=900_001)) == {"journal": "degraded_performance"}


def test_entries_that_stay_unsigned_are_told_and_those_of_the_last_moment_are_not() -> None:
    assert states(health=health(log_size=20)) == {"log": "degraded_performance"}
    assert states(health=health(log_size=20, settled_at=NOW - SECOND_US)) == {}
    assert states(signed=None) == {"log": "degraded_performance"}
    assert states(signed=None, health=health(log_size=0)) == {}


def test_the_whole_is_as_bad_as_its_worst_part() -> None:
    worst = {
        None: ("none", "All Systems Operational"),
        health(waiting=1, oldest_us=MINUTE_US): ("minor", "Partially Degraded Service"),
        health(state="clock_refused"): ("major", "Partial System Outage"),
        health(state="core_away"): ("critical", "Major System Outage"),
    }
    for given, whole in worst.items():
        status = Status(components_of(msgspec.structs.replace(FOUND, health=given or WELL)), NOW)
        assert (status.indicator, status.description) == whole
