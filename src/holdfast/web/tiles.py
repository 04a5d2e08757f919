"""Covers of listings without pictures: a pattern in the manner of azulejos, drawn from the listing's id and category.

A quarter of a tile is drawn and turned about the tile's centre, tiles are laid side by side: the symmetry p4 of the
walls of Lisbon. The same listing always has the same cover, and no two are alike: sixty-four bits of the id's hash
choose palette, shapes, sizes and turns.
"""

import hashlib
from collections.abc import Callable
from typing import Annotated, NamedTuple

from litestar import Response, get
from litestar.params import FromPath, QueryParameter

from holdfast.web.assets import FOR_EVER

_ACROSS, _DOWN = 4, 3
_TILE = 96
_HALF = _TILE // 2

PALETTES = (
    ("#e8f0ec", "#0b5d57", "#1d7f8c", "#e0a458"),
    ("#f3ead8", "#1f4e79", "#0b5d57", "#d98c4a"),
    ("#e6eef5", "#1b3f6b", "#3f7cac", "#e2b45c"),
    ("#f5e9e0", "#8c3b2a", "#1d6a72", "#e5b567"),
    ("#e9efe2", "#2f5d3a", "#5b8c5a", "#d9a441"),
    ("#f1e8ee", "#5a3564", "#2f6f7e", "#d89a5b"),
    ("#e4eff0", "#155e75", "#0f3d4c", "#e8a87c"),
    ("#f4efdf", "#3d4f2a", "#8a5a2b", "#3f8f8a"),
)
"""Glaze, line, second line, accent: middle tones, that sit well on light and on dark paper."""

_COVER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice">'
    '<defs><g id="q">{quarter}</g><g id="t"><rect width="{tile}" height="{tile}" fill="{glaze}"/>'
    '<g transform="translate({half} {half})">{turns}</g>'
    '<rect x=".5" y=".5" width="{inner}" height="{inner}" fill="none" stroke="{line}" stroke-opacity=".18"/></g></defs>'
    "{tiles}</svg>"
)


class _Dice:
    """Choices out of a hash, always the same for the same thing."""

    def __init__(self, seed: str) -> None:
        self._left = int.from_bytes(hashlib.sha256(seed.encode()).digest())

    def roll(self, sides: int) -> int:
        self._left, rolled = divmod(self._left, sides)
        return rolled


class _Inks(NamedTuple):
    """A palette without its glaze."""

    line: str
    other: str
    accent: str


def _petal(dice: _Dice, ink: _Inks) -> str:
    reach, width = 26 + dice.roll(20), 8 + dice.roll(16)
    return (
        f'<path d="M0 0C{width} 0 {reach} {reach - width} {reach} {reach}C{reach - width} {reach} 0 {width} 0 0Z" '
        f'fill="{ink.line}"/>'
    )


def _arc(dice: _Dice, ink: _Inks) -> str:
    radius, width = 14 + dice.roll(28), 3 + dice.roll(8)
    return f'<circle cx="{_HALF}" cy="{_HALF}" r="{radius}" fill="none" stroke="{ink.other}" stroke-width="{width}"/>'


def _corner(dice: _Dice, ink: _Inks) -> str:
    size = 10 + dice.roll(22)
    return f'<path d="M{_HALF} {_HALF}v-{size}q-{size // 2} {size // 2} -{size} {size}z" fill="{ink.accent}"/>'


def _lattice(dice: _Dice, ink: _Inks) -> str:
    at, width = 12 + dice.roll(26), 2 + dice.roll(5)
    lines = f"M{at} 0L{_HALF} {_HALF - at}M0 {at}L{_HALF - at} {_HALF}"
    return f'<path d="{lines}" stroke="{ink.line}" stroke-width="{width}"/>'


def _diamond(dice: _Dice, ink: _Inks) -> str:
    at, size = 18 + dice.roll(16), 5 + dice.roll(9)
    return f'<path d="M{at} {at - size}l{size} {size}l-{size} {size}l-{size} -{size}z" fill="{ink.accent}"/>'


def _wave(dice: _Dice, ink: _Inks) -> str:
    at, width = 8 + dice.roll(20), 3 + dice.roll(5)
    swell = f"M0 {at}Q{_HALF // 2} {at + 14} {_HALF} {at}"
    return f'<path d="{swell}" fill="none" stroke="{ink.other}" stroke-width="{width}"/>'


_SHAPES: tuple[Callable[[_Dice, _Inks], str], ...] = (_petal, _arc, _corner, _lattice, _diamond, _wave)


def cover_svg(listing: str, category: str) -> str:
    """The cover as SVG, four to three. Attributes only: no style in it, so that no policy takes its colours away."""
    glaze, line, other, accent = PALETTES[_Dice(category).roll(len(PALETTES))]
    dice = _Dice(listing)
    if dice.roll(3) == 0:
        line, other = other, line
    chosen = list(_SHAPES)
    shapes = [chosen.pop(dice.roll(len(chosen))) for _ in range(3 + dice.roll(2))]
    quarter = "".join(shape(dice, _Inks(line, other, accent)) for shape in shapes)
    centre = f'<circle r="{4 + dice.roll(9)}" fill="{accent}"/>' if dice.roll(2) else ""
    turns = "".join(f'<use href="#q" transform="rotate({turn})"/>' for turn in (0, 90, 180, 270)) + centre
    tiles = "".join(
        f'<use href="#t" x="{column * _TILE}" y="{row * _TILE}"/>' for row in range(_DOWN) for column in range(_ACROSS)
    )
    return _COVER.format(
        width=_ACROSS * _TILE, height=_DOWN * _TILE, tile=_TILE, half=_HALF, inner=_TILE - 1,
        glaze=glaze, line=line, quarter=quarter, turns=turns, tiles=tiles,
    )  # fmt: skip


def cover_path(listing: str, category: str) -> str:
    """Where the cover is: the same address for as long as it looks the same."""
    return f"/covers/{listing}.svg?of={category}"


@get("/covers/{name:str}", include_in_schema=False, sync_to_thread=False)
def show_cover(
    name: FromPath[str], of: Annotated[str, QueryParameter(pattern="^[a-z0-9-]{0,100}$")] = ""
) -> Response[str]:
    """Of any id: whether there is such a listing, a drawing does not tell."""
    return Response(
        cover_svg(name.removesuffix(".svg")[:36], of), media_type="image/svg+xml", headers={"Cache-Control": FOR_EVER}
    )


HANDLERS = (show_cover,)
