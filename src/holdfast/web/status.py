"""`/status`, `/status.json` and `/summary.json`: made by this node alone, without the core, in a second at most."""

from datetime import datetime

from litestar import Response, get
from msgspec import Struct

from holdfast import __version__
from holdfast.domain.instants import moment_of
from holdfast.web.components import Component, State
from holdfast.web.site import Here
from holdfast.web.visit import Anyone

PAGE_ID = "holdfast"


class StatusBody(Struct, frozen=True):
    """indicator: none, maintenance, minor, major or critical."""

    indicator: str
    description: str
    version: str
    checked_at: datetime
    components: list[Component]


class PagePart(Struct, frozen=True):
    """The page that a summary is of."""

    id: str
    name: str
    url: str
    time_zone: str
    updated_at: datetime


class StatusPart(Struct, frozen=True):
    """The whole in a word and in words."""

    indicator: str
    description: str


class ComponentPart(Struct, frozen=True):
    """A component as Statuspage's readers know it. created_at is the check's: components are not made, they are."""

    id: str
    name: str
    status: State
    created_at: datetime
    updated_at: datetime
    position: int
    description: str
    page_id: str
    showcase: bool = True
    start_date: str | None = None
    group_id: str | None = None
    group: bool = False
    only_show_if_degraded: bool = False


class SummaryBody(Struct, frozen=True):
    """Statuspage's summary.json (API v2). Incidents are written by people, and nobody can write one yet."""

    page: PagePart
    status: StatusPart
    components: list[ComponentPart]
    incidents: list[str]
    scheduled_maintenances: list[str]


@get("/status", include_in_schema=False)
async def show_status(visit: Anyone) -> Response[bytes]:
    """The page for people. 200 whatever is down: the page itself is there."""
    return visit.page("status.html", status=await visit.site.board.status())


@get("/status.json", include_in_schema=False)
async def show_status_json(site: Here) -> StatusBody:
    """The same for machines."""
    status = await site.board.status()
    checked_at = moment_of(status.checked_at)
    return StatusBody(status.indicator, status.description, __version__, checked_at, status.components)


@get("/summary.json", include_in_schema=False)
async def show_summary(site: Here) -> SummaryBody:
    """The same in Statuspage's shape, for what reads that."""
    status = await site.board.status()
    at = moment_of(status.checked_at)
    components = [
        ComponentPart(part.id, part.name, part.state, at, at, position, part.detail, PAGE_ID)
        for position, part in enumerate(status.components, 1)
    ]
    return SummaryBody(
        PagePart(PAGE_ID, "Holdfast", f"{site.public_url}/status", "Etc/UTC", at),
        StatusPart(status.indicator, status.description),
        components,
        [],
        [],
    )


HANDLERS = (show_status, show_status_json, show_summary)
