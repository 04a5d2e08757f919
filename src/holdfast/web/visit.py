"""One request, as every page needs to know it. A handler says whom it serves by the one parameter it takes:

`visit: Anyone`      whoever comes; nothing is read
`visitor: Visitor`   whoever comes; of a sign-in that still counts, who it is
`member: Member`     a signed-in member who reads; others are sent to sign in first
`writer: Writer`     a signed-in member who writes, by a token that nothing read: decide sees the newest rows
"""

import gzip
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from markupsafe import Markup

from holdfast.core.envelope import Sender
from holdfast.core.households import household
from holdfast.core.settle import Accepted, settle
from holdfast.domain.commands import AnyCommand
from holdfast.domain.instants import Instant, moment_of
from holdfast.domain.rows import MemberId
from holdfast.reads.principal import Principal, principal_of
from holdfast.reads.viewer import Viewer
from holdfast.web.languages import Language, languages, preferred
from holdfast.web.notes import NOTES
from holdfast.web.posts import bounds, form_token, new_key
from holdfast.web.sessions import YEAR_S
from holdfast.web.site import Site
from holdfast.web.templates import HEADERS, render

SMALL_BYTES = 1000
"""What is not worth compressing."""

FAR_US = 300 * 24 * 3600 * 1_000_000
"""From here on a time names its year."""


class SignInFirst(Exception):
    """The page is for members, and nobody is signed in."""


class TooOften(Exception):
    """A limit by address is spent; come again in so many seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class Visit:
    """sender: of the sign-in's token, which is genuine; principal: where it was read. ended: a sign-in was sent that
    does not count any more, and is forgotten with the answer."""

    def __init__(self, site: Site, request: Request[Any, Any, Any]) -> None:
        self.site = site
        self.request = request
        self.path = request.url.path
        self.now = site.clock()
        token = request.cookies.get(site.cookies.session, "")
        self.sender = site.sessions.sender(token, self.now) if token else None
        self.principal: Principal | None = None
        self.ended = bool(token) and self.sender is None
        self._cookies: dict[str, Cookie] = {}
        self._bound_to = next(iter(bounds(request, site)), "")
        self.language = self._language()

    async def recognise(self) -> None:
        """Reads who is signed in. One query, where somebody is. Raises ReadsUnavailable."""
        sender = self.sender
        if sender is None or sender.epoch is None or sender.token is None:
            return
        self.principal = await principal_of(self.site.reader, sender.actor, sender.epoch, sender.token)
        if self.principal is None:
            self.sender, self.ended = None, True

    @property
    def viewer(self) -> Viewer:
        """For reads that ask who looks."""
        who = self.principal
        return Viewer(who.member, who.is_operator) if who else Viewer()

    @property
    def signed(self) -> Sender:
        """Who is signed in. Raises SignInFirst."""
        if self.sender is None:
            raise SignInFirst
        return self.sender

    @property
    def id(self) -> MemberId:
        return self.signed.actor

    @property
    def zone(self) -> str | None:
        """The member's own time zone, where it was read."""
        return self.principal.time_zone if self.principal else None

    async def settle(
        self, command: AnyCommand, key: str, *, valid_until: Instant | None = None, fingerprint: bytes | None = None
    ) -> Accepted:
        """Submits a member's command. Raises CommandRefused, NotYetSettled, TurnedAway, each with a page of its own
        for who does not catch it."""
        return await settle(self.site, self.signed, key, command, valid_until=valid_until, fingerprint=fingerprint)

    async def allow(self, verb: str, per_minute: int) -> None:
        """Spends one of the limit that the peer's address has. Raises TooOften."""
        client = self.request.client
        wait_s = await self.site.market.allow(f"{verb}:{household(client.host if client else '')}", per_minute)
        if wait_s:
            raise TooOften(wait_s)

    def say(self, text: str, /, **values: object) -> str:
        """The phrase in the reader's language."""
        return self.language.say(text, **values)

    def page(self, template: str, status_code: int = 200, /, **values: Any) -> Response[bytes]:
        """The template's page for this reader, with everything in `values` escaped."""
        note = self._note()
        if self.ended:
            self.set_cookie(self.site.cookies.clear(self.site.cookies.session))
        text = render(template, {**self._words(), **values, "visit": self, "note": note})
        content, headers = text.encode(), {**HEADERS, "Content-Language": self.language.code}
        if len(content) > SMALL_BYTES and "gzip" in self.request.headers.get("accept-encoding", ""):
            content = gzip.compress(content, 5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return Response(
            content,
            status_code=status_code,
            media_type="text/html",
            headers=headers,
            cookies=list(self._cookies.values()),
        )

    def go(self, path: str, note: str = "") -> Response[bytes]:
        """303 to a page of ours, where the note of that name is said once."""
        if note:
            assert note in NOTES, "a note is one of NOTES"
            self.set_cookie(self.site.cookies.set(self.site.cookies.note, note))
        return Response(
            b"",
            status_code=303,
            headers={"Location": path},
            cookies=list(self._cookies.values()),
            media_type="text/html",
        )

    def sign_in_first(self) -> Response[bytes]:
        """To the sign-in, and from there back to the page that was asked for."""
        asked = self.request.url
        back = asked.path + (f"?{asked.query}" if asked.query else "") if self.request.method == "GET" else "/"
        if self.ended:
            self.set_cookie(self.site.cookies.clear(self.site.cookies.session))
            return self.go(f"/sign-in?{urlencode({'next': back})}", "session_ended")
        return self.go(f"/sign-in?{urlencode({'next': back})}")

    def set_cookie(self, cookie: Cookie) -> None:
        """With the answer, whichever it is."""
        self._cookies[cookie.key] = cookie

    def form_token(self, purpose: str) -> str:
        """The hidden token of a form that is sent to the path `purpose`."""
        if self.ended and not self.sender:
            self._bound_to = self.request.cookies.get(self.site.cookies.form, "")
        if not self._bound_to:
            self._bound_to = new_key()
            self.set_cookie(self.site.cookies.set(self.site.cookies.form, self._bound_to))
        return form_token(self.site, self._bound_to, purpose)

    def form_key(self) -> str:
        return new_key()

    def has(self, path: str) -> bool:
        """Whether there is such a page: nothing leads to one that is not there."""
        return path in self.site.paths

    def languages(self) -> list[tuple[Language, str]]:
        """Every language, with the address of this page in it."""
        asked = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        return [(each, f"?{urlencode([*asked, ('lang', each.code)])}") for each in languages().values()]

    def when(self, instant: Instant, zone: str, pattern: str = "moment") -> Markup:
        """A time where it happens, its zone named, and the reader's beside it where their clocks differ."""
        there = moment_of(instant, zone)
        shown = Markup('<time datetime="{}">{} <span class="zone">{}</span></time>').format(
            there.isoformat(), self._clock(instant, zone, pattern), self.language.place_of(zone)
        )
        if self.zone is None or moment_of(instant, self.zone).utcoffset() == there.utcoffset():
            return shown
        yours = self.say(
            "%(time)s %(place)s, your time",
            time=self._clock(instant, self.zone, pattern),
            place=self.language.place_of(self.zone),
        )
        return shown + Markup(' <span class="yours">({})</span>').format(yours)

    def _clock(self, instant: Instant, zone: str, pattern: str) -> str:
        far = pattern in ("moment", "day") and abs(instant - self.now) > FAR_US
        return self.language.moment(instant, zone, f"{pattern}_of_year" if far else pattern)

    def _words(self) -> dict[str, Any]:
        """What templates say things with."""
        language = self.language
        return {
            "_": language.say_safely,
            "gettext": language.say_safely,
            "ngettext": language.say_n_safely,
            "money": language.money,
            "distance": language.distance,
            "number": language.number,
            "day": language.day,
            "when": self.when,
        }

    def _note(self) -> str:
        if self.ended:
            return self.say(NOTES["session_ended"])
        name = self.request.cookies.get(self.site.cookies.note, "")
        if not name:
            return ""
        self.set_cookie(self.site.cookies.clear(self.site.cookies.note))
        return self.say(NOTES[name]) if name in NOTES else ""

    def _language(self) -> Language:
        known, name = languages(), self.site.cookies.language
        asked = self.request.query_params.get("lang", "")
        if asked in known:
            self.set_cookie(self.site.cookies.set(name, asked, YEAR_S))
            return known[asked]
        kept = self.request.cookies.get(name, "")
        return known.get(kept) or preferred(self.request.headers.get("accept-language", ""))


Anyone = NamedDependency[Visit]
Visitor = NamedDependency[Visit]
Member = NamedDependency[Visit]
Writer = NamedDependency[Visit]
