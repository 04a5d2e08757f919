"""A command on its way: who sent it, when, under which key; and what its sender is told."""

import hashlib
import os
from typing import Protocol

import msgspec
from msgspec import Struct

from holdfast.domain.commands import AnyCommand
from holdfast.domain.ids import command_id
from holdfast.domain.instants import HOUR_US, Instant
from holdfast.domain.rows import Booking, MemberId, TokenId

LONGEST_WAIT_US = 24 * HOUR_US
"""How long after its receipt a command may still be decided, at most."""

NONCE_BYTES = 32


class Sender(Struct, frozen=True):
    """Who sends: a member by a token, `system`, or a sign-up's pseudonym. epoch and token are None for the last two."""

    actor: MemberId
    token: TokenId | None = None
    epoch: int | None = None


class Envelope(Struct, frozen=True, array_like=True):
    """What the journal keeps. fingerprint tells whether a key came again with another body (16 bytes)."""

    id: str
    actor: MemberId
    key: str
    token: TokenId | None
    epoch: int | None
    fingerprint: bytes
    received_at: Instant
    valid_until: Instant
    nonce: bytes
    command: AnyCommand


class Outcome(Struct, frozen=True):
    """What became of a command: accepted (subject is the id of what it made or changed) or refused by name.

    Its JSON bytes are a leaf of the tree whose root the batch's own log entry holds.
    """

    command: str
    actor: MemberId
    key: str
    fingerprint: str
    refusal: str | None
    subject: str | None
    first_seq: int | None
    events: int
    received_at: Instant
    decided_at: Instant


class Settled(Struct, frozen=True, tag="settled"):
    """The outcome; for a command about one booking also its row, as the deciding transaction left or found it.

    replayed: the key had been settled before, and this is what became of it then.
    """

    outcome: Outcome
    booking: Booking | None = None
    replayed: bool = False


class Received(Struct, frozen=True, tag="received"):
    """Kept in the journal, not yet decided. receipt is the node's signed statement of that."""

    command: str
    receipt: str
    received_at: Instant
    valid_until: Instant


class Busy(Struct, frozen=True, tag="busy"):
    """Not taken: nothing was kept. reason is "journal_full", "journal_failed", "relay_away", "rate_limited",
    "too_many_waiting" or "core_away"."""

    reason: str
    retry_after_s: int


Reply = Settled | Received | Busy


class Waiting(Struct, frozen=True, tag="waiting"):
    """What the node says of a command that it received and that is not settled."""

    command: str
    actor: MemberId
    key: str
    received_at: Instant
    valid_until: Instant
    receipt: str
    withdrawn: bool


class RelayAway(Exception):
    """No relay answers in time. What was sent may have been received all the same."""


class Market(Protocol):
    """Where commands go in. Pages, API, desk and jobs know only this of the path."""

    async def submit(self, envelope: Envelope, deadline_s: float) -> Reply:
        """Sends the command and waits for its outcome until the deadline, then answers Received."""
        ...

    async def waiting(self, command: str, actor: MemberId) -> Waiting | None:
        """A command of this actor's that waits on this node. Raises RelayAway: whether one does is not known."""
        ...

    async def withdraw(self, command: str, actor: MemberId) -> bool:
        """Takes a waiting command back, durably. False: it does not wait (any more), or may have been decided.

        Raises RelayAway where it is not known what came of it.
        """
        ...

    async def allow(self, bucket: str, per_minute: int) -> int:
        """Spends one of a limit that all of the node's processes share: 0, or in how many seconds to come again."""
        ...


def fingerprint_of(command: AnyCommand, extra: bytes = b"") -> bytes:
    """16 bytes of SHA-256 over the canonical JSON of the typed command, and of what the node replaced in it."""
    return hashlib.sha256(msgspec.json.encode(command) + extra).digest()[:16]


def envelop(
    secret: bytes,
    sender: Sender,
    key: str,
    command: AnyCommand,
    received_at: Instant,
    *,
    valid_until: Instant | None = None,
    fingerprint: bytes | None = None,
) -> Envelope:
    """The command, ready for intake. secret is the cell's, from which ids derive.

    valid_until is cut to 24 h after receipt. fingerprint: given where the command holds what the node put there.
    """
    assert "\0" not in key, "PostgreSQL keeps no NUL: a face refuses such a key"
    latest = Instant(received_at + LONGEST_WAIT_US)
    return Envelope(
        id=command_id(secret, sender.actor, key),
        actor=sender.actor,
        key=key,
        token=sender.token,
        epoch=sender.epoch,
        fingerprint=fingerprint or fingerprint_of(command),
        received_at=received_at,
        valid_until=latest if valid_until is None else min(valid_until, latest),
        nonce=os.urandom(NONCE_BYTES),
        command=command,
    )
