"""Tokens: who holds one is a member, as of an epoch, until it expires. Checked without any database.

base64url of member (16 B), epoch (u32), expiry (u32, seconds of Unix time), token id (16 B) and the first 16 bytes of
their HMAC-SHA-256, after a prefix by which scanners of leaked secrets can tell what it is.
"""

import base64
import binascii
import hmac
import struct
import uuid

from holdfast.core.envelope import Sender
from holdfast.domain.instants import SECOND_US, Instant
from holdfast.domain.mac import mac
from holdfast.domain.rows import MemberId, TokenId

PREFIX = "hft_"

_LAYOUT = struct.Struct("!16sII16s")
_MAC_BYTES = 16
_LENGTH = len(PREFIX) + -(-(_LAYOUT.size + _MAC_BYTES) * 4 // 3)


def mint(secret: bytes, member: MemberId, epoch: int, token: TokenId, expires_at: Instant) -> str:
    """A token of the member, good until `expires_at` or until it is revoked or the member's epoch moves on."""
    body = _LAYOUT.pack(uuid.UUID(member).bytes, epoch, expires_at // SECOND_US, uuid.UUID(token).bytes)
    return PREFIX + base64.urlsafe_b64encode(body + _mac(secret, body)).decode().rstrip("=")


def verify(secret: bytes, text: str, now: Instant) -> Sender | None:
    """Whose token it is; None for one that is not ours or has expired. Revocation and epoch are for who has rows."""
    if len(text) != _LENGTH or not text.startswith(PREFIX):
        return None
    try:
        raw = base64.b64decode(text[len(PREFIX) :] + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, signature = raw[: _LAYOUT.size], raw[_LAYOUT.size :]
    if not hmac.compare_digest(signature, _mac(secret, body)):
        return None
    member, epoch, expires_s, token = _LAYOUT.unpack(body)
    if expires_s * SECOND_US <= now:
        return None
    return Sender(MemberId(_text(member)), TokenId(_text(token)), epoch)


def _mac(secret: bytes, body: bytes) -> bytes:
    return mac(secret, body)[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
