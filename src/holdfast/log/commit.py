"""Commitments: what the public log holds in place of an event. What an event holds in place of personal data is
domain.vault.seal."""

from hashlib import sha256

SALT_BYTES = 16


def entry_of(salt: bytes, body: bytes) -> bytes:
    """The log's entry for an event's bytes: SHA-256(salt ‖ body), 32 bytes. Salt and body together are its opening."""
    assert len(salt) == SALT_BYTES, "a salt of another length could be read as part of the body"
    return sha256(salt + body).digest()
