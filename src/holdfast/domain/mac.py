"""HMAC-SHA-256 (RFC 2104) for keys that are used over and over.

Setting a key up costs more than hashing a short message: its two hash states are kept and copied. On the machine of
docs/decisions/0006 a digest of 60 bytes took 1.9 µs so, and 4.2 µs by hmac.digest.
"""

import hashlib
from functools import lru_cache
from typing import Any

_BLOCK_BYTES = 64
_INNER, _OUTER = bytes(byte ^ 0x36 for byte in range(256)), bytes(byte ^ 0x5C for byte in range(256))


@lru_cache(maxsize=64)
def _states(key: bytes) -> tuple[Any, Any]:
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
    return hashlib.sha256(block.translate(_INNER)), hashlib.sha256(block.translate(_OUTER))


def mac(key: bytes, message: bytes) -> bytes:
    """32 bytes."""
    inner, outer = _states(key)
    inner, outer = inner.copy(), outer.copy()
    inner.update(message)
    outer.update(inner.digest())
    digest: bytes = outer.digest()
    return digest
