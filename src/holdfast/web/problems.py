"""What pages say when something goes wrong: what happened, whether it was saved, what to do."""

import traceback
from typing import Any

import structlog
from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from holdfast.core.settle import CommandRefused, NotYetSettled, TurnedAway
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.domain.refusals import Refusal
from holdfast.web.languages import phrase
from holdfast.web.posts import NotFromHere
from holdfast.web.refusals import REFUSALS
from holdfast.web.site import Site
from holdfast.web.visit import SignInFirst, TooOften, Visit

Asked = Request[Any, Any, Any]

REQUEST_ID = "holdfast_request_id"
"""Where the scope holds the id that the answer's Request-Id header repeats, if anybody gave it one."""

RETRY_S = 2

_log = structlog.get_logger(__name__)


class Problem(Struct, frozen=True):
    """A page's words, in the order in which people need them."""

    title: str
    happened: str
    saved: str
    next: str


NOTHING_CHANGED = phrase("Nothing was changed.")
_SAFE = phrase("Nothing was changed by asking. What was booked or received before is safe.")

UNKNOWN = Problem(
    phrase("There is no such page"),
    phrase("Nothing is at this address. It may have been mistyped, or what was here may be gone."),
    NOTHING_CHANGED,
    phrase("Check the address."),
)
UNREADABLE = Problem(
    phrase("This page cannot be shown right now"),
    phrase("The marketplace cannot reach its records."),
    _SAFE,
    phrase("Try again in a moment."),
)
BROKEN = Problem(
    phrase("This page failed"),
    phrase("Holdfast made a mistake while it put this page together. It has been noted."),
    _SAFE,
    phrase("Try again; if it fails again, tell whoever runs this marketplace, with the reference below."),
)
REFUSED = Problem(
    phrase("This request was not understood"),
    phrase("What was sent is not what this page takes."),
    NOTHING_CHANGED,
    phrase("Go back and start again."),
)
NOT_FROM_HERE = Problem(
    phrase("This form was not accepted"),
    phrase(
        "It did not come from a page of this marketplace in this browser, or it was opened before you signed in or "
        "out. It is refused so that no other site can act in your name."
    ),
    NOTHING_CHANGED,
    phrase("Go back, load the page again, and send the form once more. Cookies must be allowed for it."),
)
TOO_OFTEN = Problem(
    phrase("Too many tries in a short time"),
    phrase("From here this was asked for more often than one minute allows."),
    NOTHING_CHANGED,
    phrase("Wait a minute, then try again."),
)
CLOSED = Problem(
    phrase("This cannot be taken right now"),
    phrase("The marketplace cannot reach its records, and this is nothing that it can keep for later."),
    phrase("Nothing was changed, and nothing was kept."),
    phrase("Try again in a few minutes."),
)

INTERRUPTED = Problem(
    phrase("The way to the records was interrupted"),
    phrase("What you sent may have been kept, or not."),
    phrase("If it was, it counts once, however often it is sent."),
    phrase("Go back and send the same form again, without loading the page anew."),
)


@route(
    "/{rest:path}",
    http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE],
    include_in_schema=False,
)
async def show_unknown(rest: FromPath[str]) -> Response[str]:
    """Every address that nothing else answers."""
    raise NotFoundException(rest)


class Problems:
    """Makes the pages, for one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __deepcopy__(self, _copied: dict[int, Any]) -> "Problems":
        """Itself: Litestar copies what it registers, and a site's connections are not to be copied."""
        return self

    def unknown(self, request: Asked, _error: NotFoundException) -> Response[bytes]:
        """404."""
        return self._shown(request, UNKNOWN, 404)

    def unreadable(self, request: Asked, _error: ReadsUnavailable) -> Response[bytes]:
        """503, with when to come again."""
        return self._shown(request, UNREADABLE, 503, RETRY_S)

    def refused(self, request: Asked, error: HTTPException) -> Response[bytes]:
        """What Litestar itself refuses."""
        if error.status_code >= 500:
            return self.broken(request, error)
        return self._shown(request, REFUSED, error.status_code)

    def broken(self, request: Asked, error: Exception) -> Response[bytes]:
        """500: a bug. The log has the trace, people the reference."""
        # Without the values of variables, which some renderers of exc_info show: among them are passwords and tokens.
        trace = "".join(traceback.format_exception(error))
        _log.error("page failed", request_id=_reference(request), path=request.url.path, exception=trace)
        return self._shown(request, BROKEN, 500)

    def not_from_here(self, request: Asked, _error: NotFromHere) -> Response[bytes]:
        """403: no form of ours, or one from before this browser's sign-in."""
        return self._shown(request, NOT_FROM_HERE, 403)

    def sign_in_first(self, request: Asked, _error: SignInFirst) -> Response[bytes]:
        """303 to the sign-in."""
        return Visit(self._site, request).sign_in_first()

    def too_often(self, request: Asked, error: TooOften) -> Response[bytes]:
        """429, with when to come again."""
        return self._shown(request, TOO_OFTEN, 429, error.wait_s)

    def turned_away(self, request: Asked, error: TurnedAway) -> Response[bytes]:
        """429 or 503: the node takes nothing, and kept nothing."""
        wait_s = error.busy.retry_after_s
        if error.busy.reason in ("rate_limited", "too_many_waiting"):
            return self._shown(request, TOO_OFTEN, 429, wait_s)
        return self._shown(request, INTERRUPTED if error.busy.reason == "relay_away" else CLOSED, 503, wait_s)

    def refusal(self, request: Asked, error: CommandRefused) -> Response[bytes]:
        """What the market refused, where no page says it in its own place."""
        words = REFUSALS[error.refusal]
        if error.refusal is Refusal.session_ended:
            return Visit(self._site, request).sign_in_first()
        return self._shown(request, Problem(words.title, words.happened, NOTHING_CHANGED, words.next), words.status)

    def received(self, request: Asked, error: NotYetSettled) -> Response[bytes]:
        """202: kept in the journal, not yet decided."""
        return Visit(self._site, request).page("received.html", 202, received=error.received, zone=self._site.zone)

    def _shown(self, request: Asked, problem: Problem, status: int, retry_s: int = 0) -> Response[bytes]:
        reference = _reference(request) if status >= 500 else ""
        shown = Visit(self._site, request).page("problem.html", status, problem=problem, reference=reference)
        if retry_s:
            shown.headers["Retry-After"] = str(retry_s)
        return shown


HANDLERS = (show_unknown,)


def handlers(site: Site) -> dict[int | type[Exception], Any]:
    """Each exception's page."""
    pages = Problems(site)
    return {
        NotFoundException: pages.unknown,
        ReadsUnavailable: pages.unreadable,
        NotFromHere: pages.not_from_here,
        SignInFirst: pages.sign_in_first,
        TooOften: pages.too_often,
        TurnedAway: pages.turned_away,
        CommandRefused: pages.refusal,
        NotYetSettled: pages.received,
        HTTPException: pages.refused,
        Exception: pages.broken,
    }


def _reference(request: Asked) -> str:
    scope: Any = request.scope
    return str(scope.get(REQUEST_ID, ""))
