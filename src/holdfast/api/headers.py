"""Around every request: its id, and the headers by which browsers are told to be careful. Plain ASGI, because each
request pays for it."""

import os
import re
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.api.errors import REQUEST_ID

_SANE = re.compile(rb"[A-Za-z0-9._~+/=-]{1,100}")
_CAREFUL = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
"""For answers that do not say it themselves: a page's own policy stands."""
_ONLY_HTTPS = (b"strict-transport-security", b"max-age=31536000")


class RequestHeaders:
    """Takes a sane Request-Id or X-Request-Id along, or draws one; answers HEAD as GET without a body
    (RFC 9110, section 9.1)."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._careful = (*_CAREFUL, _ONLY_HTTPS) if https else _CAREFUL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept: Any = scope
        if kept["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        kept[REQUEST_ID] = request_id.decode()
        careful = self._careful
        head_only = kept["method"] == "HEAD"
        if head_only:
            kept["method"] = "GET"

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                present = {name.lower() for name, _ in headers}
                headers.extend(header for header in careful if header[0] not in present)
                headers.append((b"request-id", request_id))
                message["headers"] = headers
            elif head_only and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        await self._app(scope, receive, send_on)


def _request_id(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name in (b"request-id", b"x-request-id") and _SANE.fullmatch(value):
            return bytes(value)
    return os.urandom(12).hex().encode()
