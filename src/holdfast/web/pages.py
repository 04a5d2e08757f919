"""Every page of the node, as wiring puts it beside the API."""

from litestar import Router
from litestar.di import Provide

from holdfast.reads.reader import Reader
from holdfast.settings import Settings
from holdfast.web import assets, home, problems, status
from holdfast.web.board import Board, Relay
from holdfast.web.site import Site

_MB = 1 << 20

RESOURCES = (home, status, assets, problems)
"""Each module names its routes in HANDLERS."""


def routes(settings: Settings, relay: Relay, reader: Reader) -> list[Router]:
    """The routes outside /api and /log. What they cannot find or show is a page too."""
    board = Board(reader, relay, settings.data / "checkpoint", settings.journal_max_mb * _MB)
    site = Site(settings.public_url, reader, board)
    return [
        Router(
            "/",
            route_handlers=[handler for resource in RESOURCES for handler in resource.HANDLERS],
            dependencies={"site": Provide(lambda: site, sync_to_thread=False)},
            exception_handlers=problems.EXCEPTION_HANDLERS,
        )
    ]
