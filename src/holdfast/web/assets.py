"""Files that pages refer to, each named after its content, so that browsers may keep them for ever."""

import hashlib
from importlib.resources import files
from pathlib import PurePath

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

FOR_EVER = "public, max-age=31536000, immutable"

_MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
_HASH_CHARS = 12


class Asset:
    """A file beside this one, under a name that changes with its content."""

    def __init__(self, name: str) -> None:
        path = PurePath(name)
        self.content = files("holdfast.web").joinpath(name).read_bytes()
        self.media_type = _MEDIA_TYPES[path.suffix]
        self.name = f"{path.stem}-{hashlib.sha256(self.content).hexdigest()[:_HASH_CHARS]}{path.suffix}"

    @property
    def path(self) -> str:
        return f"/assets/{self.name}"


STYLESHEET = Asset("holdfast.css")
ICON = Asset("holdfast.svg")

_BY_NAME = {asset.name: asset for asset in (STYLESHEET, ICON)}


@get("/assets/{name:str}", include_in_schema=False)
async def show_asset(name: FromPath[str]) -> Response[bytes]:
    """The file of that name and content, or 404."""
    asset = _BY_NAME.get(name)
    if asset is None:
        raise NotFoundException
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": FOR_EVER})


@get("/robots.txt", include_in_schema=False, sync_to_thread=False)
def show_robots() -> Response[str]:
    """Pages may be found, the API's answers are not pages (RFC 9309)."""
    return Response("User-agent: *\nAllow: /\nDisallow: /api/\n", media_type="text/plain")


HANDLERS = (show_asset, show_robots)
