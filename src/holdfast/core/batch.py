"""One batch in memory: every command decided and its events evolved, in order, on the rows that were fetched."""

from collections.abc import Sequence
from contextlib import suppress

import structlog
from msgspec import Struct

from holdfast.core.envelope import Envelope, Outcome, Settled
from holdfast.core.wants import Wants
from holdfast.domain.commands import AnyCommand
from holdfast.domain.decide import decide
from holdfast.domain.events import Recorded
from holdfast.domain.evolve import evolve
from holdfast.domain.facts import Accepted, Decision, Facts
from holdfast.domain.ids import IdSource
from holdfast.domain.instants import Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Booking
from holdfast.domain.store import FactMissing, Rows

_log = structlog.get_logger(__name__)

ABOUT_BOOKINGS = frozenset(
    {
        "place_booking",
        "accept_booking",
        "decline_booking",
        "expire_booking",
        "cancel_booking",
        "complete_booking",
        "mark_no_show",
    }
)
"""Tags of commands whose subject is a booking: its row goes back to the sender with the outcome."""


class Restart(Exception):
    """Decide again from the start: with facts that were not fetched, or with a command set aside."""


class Batch(Struct):
    """Decisions of one batch. settled: by position in it; events and outcomes: what the log gains, in order."""

    secret: bytes
    rows: Rows
    wants: Wants
    decided_at: Instant
    next_seq: int
    known: dict[str, Outcome]
    forced: dict[str, Refusal]
    settled: list[Settled] = []
    events: list[Recorded] = []
    outcomes: list[Outcome] = []

    def start_again(self) -> None:
        """Forgets every decision; what was fetched and set aside stays."""
        self.rows.undo()
        for outcome in self.outcomes:
            del self.known[outcome.command]
        self.settled.clear()
        self.events.clear()
        self.outcomes.clear()

    def run(self, envelopes: Sequence[Envelope]) -> None:
        """Decides all. Raises Restart with `wants` or `forced` grown where it has to be done again."""
        for position, envelope in enumerate(envelopes):
            try:
                self.settled.append(self._settle(envelope))
            except FactMissing as fact:
                self._want_rest(fact, envelopes[position + 1 :])
                raise Restart from fact
            except Exception as error:  # a bug in a rule is that command's fault, not the batch's
                assert envelope.id not in self.forced, "refusing a command cannot fail"
                _log.exception("command set aside: its decision failed", command=envelope.id)
                self.forced[envelope.id] = Refusal.set_aside
                raise Restart from error

    def _settle(self, envelope: Envelope) -> Settled:
        if (known := self.known.get(envelope.id)) is not None:
            return self._replay(envelope, known)
        decision = self._decide(envelope)
        outcome = self._outcome(envelope, decision)
        if isinstance(decision, Accepted):
            for event in decision.events:
                recorded = Recorded(self.decided_at, envelope.actor, envelope.key, event)
                evolve(self.rows, recorded, self.next_seq + len(self.events))
                self.events.append(recorded)
            for row in decision.vault:
                self.rows.put(row)
        self.outcomes.append(outcome)
        self.known[envelope.id] = outcome
        return Settled(outcome, self._booking(envelope.command, outcome))

    def _replay(self, envelope: Envelope, known: Outcome) -> Settled:
        """The key came before: the same body gets the same answer, another one a refusal that changes nothing."""
        if known.fingerprint == envelope.fingerprint.hex():
            return Settled(known, self._booking(envelope.command, known), replayed=True)
        reused = Outcome(
            envelope.id,
            envelope.actor,
            envelope.key,
            envelope.fingerprint.hex(),
            Refusal.key_reused.value,
            None,
            None,
            0,
            envelope.received_at,
            self.decided_at,
        )
        return Settled(reused, replayed=True)

    def _decide(self, envelope: Envelope) -> Decision:
        """decide, with what is the same for every command: a forced refusal, the time that it had."""
        if (refusal := self.forced.get(envelope.id)) is not None:
            return refusal
        if self.decided_at > envelope.valid_until:
            return Refusal.too_late
        ids = IdSource(self.secret, envelope.actor, envelope.key, envelope.nonce)
        facts = Facts(
            self.rows, ids, envelope.actor, envelope.token, envelope.epoch, envelope.received_at, self.decided_at
        )
        return decide(envelope.command, facts)

    def _outcome(self, envelope: Envelope, decision: Decision) -> Outcome:
        accepted = isinstance(decision, Accepted)
        count = len(decision.events) if isinstance(decision, Accepted) else 0
        return Outcome(
            envelope.id,
            envelope.actor,
            envelope.key,
            envelope.fingerprint.hex(),
            None if isinstance(decision, Accepted) else decision.value,
            decision.subject if isinstance(decision, Accepted) else None,
            self.next_seq + len(self.events) if accepted and count else None,
            count,
            envelope.received_at,
            self.decided_at,
        )

    def _booking(self, command: AnyCommand, outcome: Outcome) -> Booking | None:
        if outcome.subject is None or command.__struct_config__.tag not in ABOUT_BOOKINGS:
            return None
        return self.rows.find(Booking, outcome.subject)

    def _want_rest(self, fact: FactMissing, rest: Sequence[Envelope]) -> None:
        """Looks ahead, so that one more round fetches what all the rest lacks too; its other failures come up later."""
        self.wants.missing(fact)
        for envelope in rest:
            with suppress(Exception):
                try:
                    if envelope.id not in self.known:
                        self._decide(envelope)
                except FactMissing as missing:
                    self.wants.missing(missing)
