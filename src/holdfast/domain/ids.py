"""Ids derived by HMAC from cell, actor, key and a counter, so that every node names the same thing alike.

They are UUIDs of version 8 (RFC 9562, section 5.8): 122 bits of HMAC-SHA-256.
"""

import hashlib

from msgspec import Struct

from holdfast.domain.mac import mac
from holdfast.domain.rows import MemberId


def derive(secret: bytes, *parts: str) -> str:
    """The UUID that belongs to these parts under this secret."""
    digest = bytearray(mac(secret, "\x1f".join(parts).encode())[:16])
    digest[6] = (digest[6] & 0x0F) | 0x80
    digest[8] = (digest[8] & 0x3F) | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def command_id(secret: bytes, actor: str, key: str) -> str:
    """The id under which a command can be looked up."""
    return derive(secret, "command", actor, key)


def signup_actor(secret: bytes, email: str) -> MemberId:
    """Who acts before there is a member: a pseudonym of the e-mail address."""
    return MemberId(derive(secret, "email", email))


class IdSource(Struct):
    """Ids and vault salts of one command, in the order in which decide asks for them."""

    secret: bytes
    actor: str
    key: str
    nonce: bytes
    drawn: int = 0
    salts: int = 0

    def next(self) -> str:
        self.drawn += 1
        return derive(self.secret, self.actor, self.key, str(self.drawn))

    def next_salt(self) -> bytes:
        """16 bytes from the node's random nonce of the command (never from the cell's key: erasure must hold)."""
        self.salts += 1
        return hashlib.sha256(self.nonce + bytes([self.salts])).digest()[:16]
