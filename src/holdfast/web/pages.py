"""Every page of the node, as wiring puts it beside the API."""

from collections.abc import Callable
from typing import Protocol

from litestar import Router
from litestar.di import Provide

from holdfast.core.envelope import Market
from holdfast.domain.instants import Instant
from holdfast.reads.reader import Reader
from holdfast.secrets import Secrets
from holdfast.settings import Settings
from holdfast.web import (
    accounts,
    assets,
    booking_acts,
    booking_check,
    booking_reviews,
    bookings,
    commands,
    home,
    listings,
    problems,
    provider,
    provider_calendars,
    provider_listings,
    search,
    status,
    tiles,
)  # fmt: skip
from holdfast.web.board import Board, Relay
from holdfast.web.posts import posted_of
from holdfast.web.roles import member_of, visit_of, visitor_of, writer_of
from holdfast.web.site import Site

_MB = 1 << 20
MOST_BYTES = 64 * 1024
"""Of a form, as of the API's bodies."""

RESOURCES = (
    home, search, listings, provider_calendars, provider, provider_listings, booking_check, bookings, booking_acts,
    booking_reviews, commands, accounts, status, tiles, assets, problems,
)  # fmt: skip
"""Each module names its routes in HANDLERS."""


class Node(Market, Relay, Protocol):
    """The relay as pages know it: it takes commands, and says how it is."""


def routes(
    settings: Settings, secrets: Secrets, relay: Node, reader: Reader, clock: Callable[[], Instant]
) -> list[Router]:
    """The routes outside /api and /log. What they cannot find or show is a page too."""
    board = Board(reader, relay, settings.data / "checkpoint", settings.journal_max_mb * _MB)
    site = Site(settings, secrets, relay, reader, board, clock)
    handlers = [handler for resource in RESOURCES for handler in resource.HANDLERS]
    site.paths = frozenset(path for handler in handlers for path in handler.paths)
    return [
        Router(
            "/",
            route_handlers=handlers,
            dependencies={
                "site": Provide(lambda: site, sync_to_thread=False),
                "visit": Provide(visit_of),
                "visitor": Provide(visitor_of),
                "member": Provide(member_of),
                "writer": Provide(writer_of),
                "posted": Provide(posted_of),
            },
            exception_handlers=problems.handlers(site),
            request_max_body_size=MOST_BYTES,
        )
    ]
