"""Commitments: what the public log holds in place of an event, and an event in place of personal data."""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

SALT_BYTES = 16


def entry_of(salt: bytes, body: bytes) -> bytes:
    """The log's entry for an event's bytes: SHA-256(salt ‖ body), 32 bytes. Salt and body together are its opening."""
    assert len(salt) == SALT_BYTES, "a salt of another length could be read as part of the body"
    return sha256(salt + body).digest()


def vault_commitment(salt: bytes, fields: Sequence[str | None]) -> bytes:
    """What an event holds of vault fields: SHA-256(salt ‖ JSON array of the fields in declared order), 32 bytes."""
    assert len(salt) == SALT_BYTES, "a salt of another length could be read as part of the fields"
    return sha256(salt + msgspec.json.encode(list(fields))).digest()
