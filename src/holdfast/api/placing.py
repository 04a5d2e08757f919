"""POST /bookings, past the framework: the one request whose cost bounds how many bookings a node takes.

`bookings.place_booking` declares the same route, for the document; both admit, read, place and answer by the same
functions. See docs/decisions/0006.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from holdfast.api.access import WriterAccess
from holdfast.api.admission import key_of, sender_of
from holdfast.api.bodies import MOST_BYTES, insist_on_json, read_json
from holdfast.api.bookings import NewBookingBody, place
from holdfast.api.context import ApiContext
from holdfast.api.errors import REQUEST_ID, answer_to
from holdfast.api.location import BOOKING, location_of
from holdfast.api.problems import Fault, Problem

_ENCODER = msgspec.json.Encoder()
_JSON = (b"content-type", b"application/json")


class Placing:
    """Answers POST on one path; everything else goes on to the application."""

    def __init__(self, app: ASGIApp, context: ApiContext, path: str) -> None:
        self._app = app
        self._context = context
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        http: Any = scope
        if http["type"] != "http" or http["path"] != self._path or http["method"] != "POST":
            await self._app(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = [_JSON]
        try:
            booking = await self._place(http, receive)
            status, body = 201, _ENCODER.encode(booking)
            headers.append((b"location", location_of(BOOKING, booking).encode()))
        except Exception as error:  # noqa: BLE001 - the outermost place: whatever it was, the caller is answered
            answer = answer_to(error, http.get(REQUEST_ID, ""), self._path)
            status, body = answer.status, _ENCODER.encode(answer.body)
            headers = [(b"content-type", answer.media_type.encode()), *_encoded(answer.headers.items())]
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _place(self, http: Any, receive: Receive) -> msgspec.Struct:
        headers = {name: value.decode("latin-1") for name, value in http["headers"]}
        sender = sender_of(self._context, headers.get(b"authorization"))
        key = key_of(headers.get(b"idempotency-key"))
        insist_on_json(headers.get(b"content-type"))
        data: NewBookingBody = read_json(await _body(headers.get(b"content-length"), receive), NewBookingBody)
        return await place(WriterAccess(self._context, sender, key), data)


async def _body(length: str | None, receive: Receive) -> bytes:
    """Raises the problem body_too_large, before reading where the length is declared."""
    if length is not None and length.isdecimal() and int(length) > MOST_BYTES:
        raise Problem(Fault.body_too_large)
    body = b""
    while True:
        message: Any = await receive()
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > MOST_BYTES:
            raise Problem(Fault.body_too_large)
        if not message.get("more_body"):
            return body


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers]
