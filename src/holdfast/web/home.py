"""`/`: what runs here, and where to go."""

from litestar import Response, get

from holdfast import __version__
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.web.visit import Anyone


@get("/", include_in_schema=False)
async def show_home(visit: Anyone) -> Response[bytes]:
    """Also without a database: then it says so."""
    try:
        cell = await visit.site.cell()
    except ReadsUnavailable:
        cell = None
    return visit.page("home.html", version=__version__, cell=cell)


HANDLERS = (show_home,)
