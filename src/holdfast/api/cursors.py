"""Pages of lists: {"items": […], "next": cursor|null}. A cursor is opaque, signed, and good for one list only."""

import base64
import binascii
import hmac
from typing import Annotated, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter
from msgspec import Struct

from holdfast.api.problems import invalid

T = TypeVar("T")

MOST_ITEMS = 100
USUAL_ITEMS = 20

Limit = Annotated[int, QueryParameter(ge=1, le=MOST_ITEMS, description="how many items at most")]
CursorText = Annotated[
    str | None, QueryParameter(max_length=1000, description="the `next` of the page before, for the one after")
]

_MAC_BYTES = 12


class Page(Struct, Generic[T], frozen=True):
    """A part of a list. next: the cursor of the part after it; null at the end."""

    items: list[T]
    next: str | None


def cursor_to(key: bytes, scope: str, place: Struct) -> str:
    """The cursor of a place in a list. scope names the list with everything that orders or filters it."""
    body = msgspec.json.encode(place)
    return base64.urlsafe_b64encode(_mac(key, scope, body) + body).decode().rstrip("=")


def place_of(key: bytes, scope: str, cursor: str | None, into: type[T]) -> T | None:
    """The place that a cursor of this list names; None without one. Raises the problem invalid_input."""
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if hmac.compare_digest(mac, _mac(key, scope, body)):
            return msgspec.json.decode(body, type=into)
    except (binascii.Error, ValueError):
        pass
    raise invalid("cursor", "is not a cursor of this list: send the `next` of a page of it, with the same filters")


def _mac(key: bytes, scope: str, body: bytes) -> bytes:
    return hmac.digest(key, scope.encode() + b"\0" + body, "sha256")[:_MAC_BYTES]
