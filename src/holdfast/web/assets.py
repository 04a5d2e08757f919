"""Files that pages refer to, each named after its content, so that browsers may keep them for ever."""

import gzip
import hashlib
import re
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

FOR_EVER = "public, max-age=31536000, immutable"

_MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".js": "text/javascript", ".woff2": "font/woff2"}
_COMPRESSED = (".woff2",)
_HASH_CHARS = 12
_REFERENCE = re.compile(rb'url\("([\w./-]+)"\)')


class Asset:
    """A file beside this one, under a name that changes with its content."""

    def __init__(self, name: str) -> None:
        path = PurePath(name)
        content = files("holdfast.web").joinpath(name).read_bytes()
        self.content = _REFERENCE.sub(_under_its_name, content) if path.suffix == ".css" else content
        self.gzipped = None if path.suffix in _COMPRESSED else gzip.compress(self.content, 9, mtime=0)
        self.media_type = _MEDIA_TYPES[path.suffix]
        self.name = f"{path.stem}-{hashlib.sha256(self.content).hexdigest()[:_HASH_CHARS]}{path.suffix}"

    @property
    def path(self) -> str:
        return f"/assets/{self.name}"


def _under_its_name(reference: re.Match[bytes]) -> bytes:
    return b'url("%s")' % _REFERRED[reference[1].decode()].path.encode()


_REFERRED = {
    name: Asset(name)
    for name in (
        "static/inter-latin.woff2",
        "static/inter-latin-ext.woff2",
        "static/bricolage-latin.woff2",
        "static/band.svg",
    )
}
"""What the stylesheet refers to."""

STYLESHEET = Asset("holdfast.css")
ICON = Asset("holdfast.svg")
ICONS = Asset("static/icons.svg")
HTMX = Asset("static/htmx-2.0.11.min.js")
PRELOADED = tuple(_REFERRED[f"static/{name}.woff2"].path for name in ("inter-latin", "bricolage-latin"))
"""Faces that every page is set in: asked for at once, so that nothing moves when they come."""

_BY_NAME = {asset.name: asset for asset in (STYLESHEET, ICON, ICONS, HTMX, *_REFERRED.values())}


@get("/assets/{name:str}", include_in_schema=False)
async def show_asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The file of that name and content, or 404."""
    asset = _BY_NAME.get(name)
    if asset is None:
        raise NotFoundException
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    content = asset.content
    if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = asset.gzipped, "gzip"
    return Response(content, media_type=asset.media_type, headers=headers)


@get("/robots.txt", include_in_schema=False, sync_to_thread=False)
def show_robots() -> Response[str]:
    """Pages may be found, the API's answers are not pages (RFC 9309)."""
    return Response("User-agent: *\nAllow: /\nDisallow: /api/\n", media_type="text/plain")


HANDLERS = (show_asset, show_robots)
