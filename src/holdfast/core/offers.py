"""Offers: a slot at its price under a version of terms, signed, so that any node of the cell honours it.

base64url of listing (16 B), terms version (u32), start (i64, µs since the epoch), minutes (u16), total (u32, minor
units), expiry (u32, seconds since the epoch) and the first 16 bytes of their HMAC-SHA-256.
"""

import hmac
import struct
from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Iterable

from holdfast.domain.commands import OfferTaken
from holdfast.domain.instants import MINUTE_US, SECOND_US, Instant
from holdfast.domain.mac import mac, mac_of
from holdfast.domain.rows import ListingId

OFFER_US = 30 * MINUTE_US
"""How long after its issue an offer is honoured."""

_LAYOUT = struct.Struct(">16sIqHII")
_MAC_BYTES = 16
_LENGTH = (_LAYOUT.size + _MAC_BYTES) * 4 // 3
"""54 bytes are 72 letters, without padding."""
_TO_URL, _FROM_URL = bytes.maketrans(b"+/", b"-_"), str.maketrans("-_", "+/")


def sign_offer(secret: bytes, offer: OfferTaken) -> str:
    """The offer as text. Its expiry is cut to whole seconds."""
    (text,) = sign_offers(secret, offer, [offer.starts_at])
    return text


def sign_offers(secret: bytes, offer: OfferTaken, starts: Iterable[Instant]) -> list[str]:
    """The same offer for each of these starts: what a month of slots needs, at a few µs each."""
    listing = bytes.fromhex(offer.listing.replace("-", ""))
    version, minutes, total_minor = offer.terms_version, offer.minutes, offer.total_minor
    expires_s = offer.expires_at // SECOND_US
    signature = mac_of(secret)
    texts = []
    for start in starts:
        body = _LAYOUT.pack(listing, version, start, minutes, total_minor, expires_s)
        signed = b2a_base64(body + signature(body)[:_MAC_BYTES], newline=False)
        texts.append(signed.translate(_TO_URL).decode())
    return texts


def open_offer(secret: bytes, text: str) -> OfferTaken | None:
    """What this cell offered; None for anything that it did not sign. Whether it still counts is for decide."""
    if len(text) != _LENGTH or not text.isascii():
        return None
    try:
        raw = a2b_base64(text.translate(_FROM_URL), strict_mode=True)
    except Error:
        return None
    body, signature = raw[: _LAYOUT.size], raw[_LAYOUT.size :]
    if not hmac.compare_digest(signature, mac(secret, body)[:_MAC_BYTES]):
        return None
    listing, version, starts_at, minutes, total_minor, expires_s = _LAYOUT.unpack(body)
    name = listing.hex()
    return OfferTaken(
        ListingId(f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"),
        version,
        Instant(starts_at),
        minutes,
        total_minor,
        Instant(expires_s * SECOND_US),
    )
