"""The public log, as others' tools fetch it: c2sp.org/tlog-tiles. Served beside the API, below /log."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import PathParameter

from holdfast.api.access import CONTEXT
from holdfast.api.context import ApiContext
from holdfast.api.tree import stored, tile_hashes
from holdfast.log.checkpoint import origin_of
from holdfast.log.faults import LogError
from holdfast.log.merkle import HASH_BYTES
from holdfast.log.note import decode64, verifier_key
from holdfast.log.tiles import ENTRIES, TILE_WIDTH, format_bundle, is_within, parse_tile_path
from holdfast.reads.tiles import log_stretch, newest_checkpoint

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_NOW = {"Cache-Control": "public, max-age=1"}
_TEXT = "text/plain"
_BYTES = "application/octet-stream"

TilePath = Annotated[str, PathParameter(description="<L>/<N>[.p/<W>] or entries/<N>[.p/<W>]")]


@get("/log/checkpoint", include_in_schema=False)
async def show_checkpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The newest checkpoint, a signed note; 404 before the first."""
    checkpoint = await newest_checkpoint(_context(request).reader)
    if checkpoint is None:
        return _absent("The log has not been signed yet.")
    return Response(checkpoint.note.encode(), media_type=_TEXT, headers=_FOR_NOW)


@get("/log/key", include_in_schema=False)
async def show_key(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The line by which note verifiers are told the log's key: name+hash+key."""
    cell = await _context(request).known.cell()
    public_key = decode64(cell.public_key)
    assert public_key is not None, "the genesis event has the key in base 64"
    key = verifier_key(origin_of(cell.id), public_key)
    return Response(f"{key}\n".encode(), media_type=_TEXT, headers=_FOR_NOW)


@get("/log/tile/{tile_path:path}", include_in_schema=False)
async def show_tile(request: Request[Any, Any, Any], tile_path: TilePath) -> Response[bytes]:
    """A tile of hashes or a bundle of entries, never beyond the newest checkpoint: what it says never changes."""
    try:
        tile = parse_tile_path("tile/" + tile_path.lstrip("/"))
    except LogError:
        return _absent("This is not the path of a tile.")
    reader = _context(request).reader
    checkpoint = await newest_checkpoint(reader)
    if checkpoint is None or not is_within(tile, checkpoint.size):
        return _absent("The newest checkpoint does not reach so far.")
    if tile.level == ENTRIES:
        first = tile.index * TILE_WIDTH
        content = format_bundle([item.entry for item in await log_stretch(reader, first, first + tile.width)])
    else:
        whole = stored(tile, checkpoint.size)
        content = (await tile_hashes(reader, [whole]))[whole][: HASH_BYTES * tile.width]
    return Response(content, media_type=_BYTES, headers=_FOR_EVER)


def _context(request: Request[Any, Any, Any]) -> ApiContext:
    context: ApiContext = request.app.state[CONTEXT]
    return context


def _absent(why: str) -> Response[bytes]:
    return Response(f"{why}\n".encode(), status_code=404, media_type=_TEXT, headers=_FOR_NOW)


LOG_HANDLERS = (show_checkpoint, show_key, show_tile)
