"""What a node's parts say of themselves, judged: pure, and in words for whoever wants to book."""

from enum import StrEnum

from msgspec import Struct

from holdfast.continuity.protocol import Health
from holdfast.domain.instants import DAY_US, HOUR_US, MINUTE_US, SECOND_US, Instant
from holdfast.web.languages import phrase

BACKLOG_US = 5 * SECOND_US
"""How old the oldest waiting command may be before people are told."""

UNSIGNED_US = 15 * SECOND_US
"""How long entries of the log may go unsigned after the last of them: a checkpoint a second is the rule."""

FULL_PERCENT = 90


class State(StrEnum):
    """Statuspage's states of a component, from the best to the worst."""

    operational = "operational"
    under_maintenance = "under_maintenance"
    degraded_performance = "degraded_performance"
    partial_outage = "partial_outage"
    major_outage = "major_outage"

    @property
    def words(self) -> str:
        return _STATES[self.value]


_STATES = {
    "operational": phrase("Operational"),
    "under_maintenance": phrase("Under maintenance"),
    "degraded_performance": phrase("Degraded performance"),
    "partial_outage": phrase("Partial outage"),
    "major_outage": phrase("Major outage"),
}


class Component(Struct, frozen=True):
    """A part of the node. id never changes; detail is for people."""

    id: str
    name: str
    state: State
    detail: str


class Signed(Struct, frozen=True):
    """The newest checkpoint on this node's disk. size counts entries."""

    size: int
    at: Instant


class Found(Struct, frozen=True):
    """What one check found. health: None where the relay does not answer. signed: None before the first checkpoint."""

    reads: bool
    health: Health | None
    signed: Signed | None
    journal_most_bytes: int
    at: Instant


def components_of(found: Found) -> list[Component]:
    """Every component, in the order in which people meet them."""
    return [
        Component("pages", phrase("Pages and API"), State.operational, "They answer: this is one of their answers."),
        _reads(found),
        _core(found.health),
        _journal(found),
        _log(found),
    ]


def _reads(found: Found) -> Component:
    if found.reads:
        return Component(
            "reads", phrase("Search and lists"), State.operational, "The database answers what is asked of it."
        )
    detail = "The database does not answer: listings, times and bookings cannot be shown right now."
    return Component("reads", phrase("Search and lists"), State.major_outage, detail)


def _core(health: Health | None) -> Component:
    states = {
        "settling": (State.operational, "What is asked for is decided at once."),
        "core_away": (
            State.major_outage,
            "The core does not answer. Bookings are received, not yet confirmed, and settled as soon as it is back.",
        ),
        "clock_refused": (
            State.partial_outage,
            "The core's clock cannot be believed. Bookings are received, not yet confirmed, until it can.",
        ),
        "journal_failed": (State.partial_outage, "This machine passes no new bookings on: see the journal."),
    }
    away = (State.major_outage, "The way to the core is down: nothing can be booked or changed right now.")
    state, detail = away if health is None else states[health.state]
    return Component("core", phrase("Booking and changes"), state, detail)


def _journal(found: Found) -> Component:
    state, detail = _journal_state(found.health, found.journal_most_bytes)
    return Component("journal", phrase("Journal of this machine"), state, detail)


def _journal_state(health: Health | None, most_bytes: int) -> tuple[State, str]:
    if health is None:
        return (
            State.major_outage,
            "Nothing can be received right now. What was received is on disk, and is settled later.",
        )
    if health.state == "journal_failed":
        return State.major_outage, "The disk refused a write: nothing more is received until somebody looks after it."
    waiting = f"{health.waiting:,} received, not yet settled, the oldest {_lasting(health.oldest_us)} ago."
    if health.journal_bytes * 100 > most_bytes * FULL_PERCENT:
        return State.degraded_performance, f"It is nearly full. {waiting}" if health.waiting else "It is nearly full."
    if health.oldest_us > BACKLOG_US:
        return State.degraded_performance, waiting
    return State.operational, "What is received is on disk before it is acknowledged. Nothing waits for long."


def _log(found: Found) -> Component:
    size = (found.health.log_size or 0) if found.health else 0
    if found.signed is None:
        detail = "It has not been signed yet." if size else "It is empty so far."
        return Component("log", phrase("Log"), State.degraded_performance if size else State.operational, detail)
    unsigned = size - found.signed.size
    settled_at = found.health.settled_at if found.health else None
    if unsigned > 0 and settled_at is not None and found.at - settled_at > UNSIGNED_US:
        detail = f"Its newest {unsigned:,} entries are not signed yet."
        return Component("log", phrase("Log"), State.degraded_performance, detail)
    return Component("log", phrase("Log"), State.operational, f"Signed as of entry {found.signed.size:,}.")


def _lasting(us: int) -> str:
    """A length of time in the largest whole unit."""
    for unit_us, name in ((DAY_US, "d"), (HOUR_US, "h"), (MINUTE_US, "min")):
        if us >= unit_us:
            return f"{us // unit_us} {name}"
    return f"{us // SECOND_US} s"
