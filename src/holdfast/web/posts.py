"""What forms send, let in only from forms of ours (OWASP: origin and token), each with the key of its one command."""

import hmac
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from litestar import Request
from litestar.di import NamedDependency

from holdfast.web.forms import Filled, Form, fill
from holdfast.web.site import Here, Site

F = TypeVar("F", bound=Form)

TOKEN, KEY = "form_token", "form_key"
"""The hidden fields of every form that writes."""

MOST_FIELDS = 500
_NONCE_BYTES, _MAC_BYTES = 8, 16
_SANE_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


class NotFromHere(Exception):
    """A POST that no form of ours sent, or a form from before this browser's sign-in."""


class Posted:
    """A checked form. key: drawn when it was shown, so that a second press is the same command."""

    def __init__(self, given: Mapping[str, Sequence[str]]) -> None:
        self.given = given
        self.key = self.text(KEY)

    def text(self, name: str) -> str:
        """A field's last value, empty where there is none."""
        return self.given.get(name, [""])[-1]

    def fill(self, form: type[F]) -> Filled[F]:
        return fill(form, self.given)


Post = NamedDependency[Posted]


def new_key() -> str:
    """For one showing of a form."""
    return secrets.token_urlsafe(16)


def form_token(site: Site, bound_to: str, purpose: str) -> str:
    """For the hidden field. It differs at every showing, so that compressed pages do not give it away (BREACH)."""
    nonce = os.urandom(_NONCE_BYTES)
    return urlsafe_b64encode(nonce + _mac(site, bound_to, purpose, nonce)).decode()


async def posted_of(request: Request[Any, Any, Any], site: Here) -> Posted:
    """The form of a request. Raises NotFromHere."""
    if not _from_here(request, site):
        raise NotFromHere
    raw = (await request.body()).decode("utf-8", "replace")
    try:
        given = parse_qs(raw, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise NotFromHere from None
    posted = Posted(given)
    token, purpose = posted.text(TOKEN), request.url.path
    genuine = any(_genuine(site, bound, purpose, token) for bound in bounds(request, site))
    if not genuine or not _SANE_KEY.fullmatch(posted.key):
        raise NotFromHere
    return posted


def bounds(request: Request[Any, Any, Any], site: Site) -> list[str]:
    """The cookies that a form's token may count with: of the sign-in, and of the browser, so that a form whose first
    sending signed somebody in may be sent again."""
    kept = (request.cookies.get(name, "") for name in (site.cookies.session, site.cookies.form))
    return [value for value in kept if value]


def _from_here(request: Request[Any, Any, Any], site: Site) -> bool:
    """By Origin, or where a browser sends none by Referer: this cell's address, or the one that was asked."""
    said = request.headers.get("origin") or request.headers.get("referer") or ""
    parts = urlsplit(said)
    own = urlsplit(site.public_url)
    return bool(parts.netloc) and (
        (parts.scheme, parts.netloc) == (own.scheme, own.netloc) or parts.netloc == request.headers.get("host")
    )


def _genuine(site: Site, bound: str, purpose: str, token: str) -> bool:
    try:
        raw = urlsafe_b64decode(token.encode())
    except (Error, ValueError):
        return False
    nonce, mac = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    return hmac.compare_digest(mac, _mac(site, bound, purpose, nonce))


def _mac(site: Site, bound: str, purpose: str, nonce: bytes) -> bytes:
    message = b"\x1f".join((bound.encode(), purpose.encode(), nonce))
    return hmac.digest(site.form_key, message, "sha256")[:_MAC_BYTES]
