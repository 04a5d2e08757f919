"""`/`: what runs here, and where to go."""

from litestar import Response, get

from holdfast import __version__
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.web.site import Here
from holdfast.web.templates import page


@get("/", include_in_schema=False)
async def show_home(site: Here) -> Response[str]:
    """Also without a database: then it says so."""
    try:
        cell = await site.cell()
    except ReadsUnavailable:
        cell = None
    return page("home.html", version=__version__, cell=cell)


HANDLERS = (show_home,)
