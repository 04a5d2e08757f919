"""What became of something that was received while the records were away, and taking it back while it waits."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from holdfast.core.envelope import Busy, RelayAway, Waiting
from holdfast.core.settle import TurnedAway
from holdfast.domain.refusals import Refusal
from holdfast.reads.receipts import outcome
from holdfast.web.booking_paths import id_in
from holdfast.web.posts import Post
from holdfast.web.refusals import REFUSALS
from holdfast.web.visit import SignInFirst, Visit, Writer

AWAY_RETRY_S = 1


@get("/commands/{name:str}", include_in_schema=False)
async def show_command(writer: Writer, name: FromPath[str]) -> Response[bytes]:
    """For its sender alone. While it waits the node itself answers, without any database."""
    return await _shown(writer, id_in(name))


@post("/commands/{name:str}/withdrawal", include_in_schema=False)
async def withdraw(writer: Writer, posted: Post, name: FromPath[str]) -> Response[bytes]:
    """Takes it back, if it still waits; then shows what became of it. A second press finds it withdrawn."""
    assert posted.key
    command = id_in(name)
    try:
        taken = await writer.site.market.withdraw(command, writer.id)
    except RelayAway:
        raise TurnedAway(Busy("relay_away", AWAY_RETRY_S)) from None
    if taken:
        return writer.page("command_withdrawn.html", command=command)
    return await _shown(writer, command, too_late=True)


async def _shown(visit: Visit, command: str, *, too_late: bool = False) -> Response[bytes]:
    """Raises NotFoundException, SignInFirst, TurnedAway where it may wait and nobody can say, ReadsUnavailable."""
    waits, away = None, False
    try:
        waits = await visit.site.market.waiting(command, visit.id)
    except RelayAway:
        away = True
    if waits is not None:
        return _waiting_page(visit, waits, too_late=too_late)
    await visit.recognise()
    if visit.principal is None:
        raise SignInFirst
    # One that was settled between the two looks is found by the second.
    settled = await outcome(visit.site.reader, command, visit.id)
    if settled is None and away:
        raise TurnedAway(Busy("relay_away", AWAY_RETRY_S))
    if settled is None:
        raise NotFoundException(command)
    if settled.refusal == Refusal.withdrawn:
        return visit.page("command_withdrawn.html", command=command)
    words = REFUSALS[Refusal(settled.refusal)] if settled.refusal else None
    return visit.page("command_settled.html", settled=settled, words=words, too_late=too_late, zone=visit.site.zone)


def _waiting_page(visit: Visit, waits: Waiting, *, too_late: bool) -> Response[bytes]:
    if waits.withdrawn:
        return visit.page("command_withdrawn.html", command=waits.command)
    return visit.page("command_waiting.html", received=waits, too_late=too_late, zone=visit.site.zone)


HANDLERS: tuple[Any, ...] = (show_command, withdraw)
