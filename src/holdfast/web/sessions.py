"""Cookies: who is signed in, who fills in a form, which language they chose. No page of ours keeps any other."""

from litestar.datastructures import Cookie

from holdfast.core.envelope import Sender
from holdfast.core.tokens import mint, verify
from holdfast.domain.instants import SECOND_US, Instant
from holdfast.domain.rows import MemberId, TokenId

YEAR_S = 365 * 24 * 3600


class Cookies:
    """Names and attributes. Over https each is tied to this host (RFC 6265bis, 4.1.3.2: the prefix __Host-)."""

    def __init__(self, public_url: str) -> None:
        self._secure = public_url.startswith("https://")
        prefix = "__Host-" if self._secure else ""
        self.session = f"{prefix}holdfast"
        self.form = f"{prefix}holdfast-form"
        self.language = f"{prefix}holdfast-language"
        self.note = f"{prefix}holdfast-note"

    def set(self, name: str, value: str, max_age_s: int | None = None) -> Cookie:
        """Read by the node alone, sent by no other site's forms. Without an age it ends with the browser."""
        return Cookie(
            name, value=value, path="/", max_age=max_age_s, secure=self._secure, httponly=True, samesite="lax"
        )

    def clear(self, name: str) -> Cookie:
        return self.set(name, "", 0)


class Sessions:
    """Sign-ins of pages: the API's tokens in a cookie, verified without a database."""

    def __init__(self, secret: bytes, lasting_us: int) -> None:
        self._secret = secret
        self.lasting_us = lasting_us

    def start(self, member: MemberId, epoch: int, token: TokenId, now: Instant) -> str:
        """The value of a new sign-in's cookie."""
        return mint(self._secret, member, epoch, token, Instant(now + self.lasting_us))

    def sender(self, value: str, now: Instant) -> Sender | None:
        """Whose sign-in it is; None for one that is not ours, or has run out."""
        return verify(self._secret, value, now)

    @property
    def lasting_s(self) -> int:
        return self.lasting_us // SECOND_US
