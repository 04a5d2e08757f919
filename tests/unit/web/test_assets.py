"""Pages ask no other host for anything, and style and script nothing inline."""

import re
from importlib.resources import files

import pytest

from holdfast.web.assets import ICON, STYLESHEET

TEMPLATES = sorted(path.name for path in files("holdfast.web").iterdir() if path.name.endswith(".html"))
GROUNDS = ("paper", "sheet")
PAIRS = tuple((text, ground) for text in ("ink", "muted", "kelp", "coral") for ground in GROUNDS)
STATES = (
    ("pending", "pending-paper"),
    ("ink", "pending-paper"),
    ("muted", "pending-paper"),
    ("confirmed", "confirmed-paper"),
    ("on-kelp", "kelp"),
    ("on-deep", "deep"),
    ("ink", "kelp-paper"),
    ("coral", "coral-paper"),
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_no_inline_style_or_script_and_names_no_other_host(name: str) -> None:
    text = files("holdfast.web").joinpath(name).read_text()
    text = re.sub(r'<script (src="[^"]+" defer|type="application/ld\+json")>', "", text)
    assert not re.search(r"style=|<style|<script|\son\w+=|\shx-on|https?://|//\w", text)


def test_the_stylesheet_asks_for_nothing_and_the_names_of_assets_follow_their_content() -> None:
    referred = re.findall(rb'url\("?([^")]*)', STYLESHEET.content)
    assert referred
    assert all(re.fullmatch(rb"/assets/[a-z-]+-[0-9a-f]{12}\.(woff2|svg)", each) for each in referred)
    assert b"@import" not in STYLESHEET.content
    assert re.fullmatch(r"/assets/holdfast-[0-9a-f]{12}\.css", STYLESHEET.path)
    assert re.fullmatch(r"/assets/holdfast-[0-9a-f]{12}\.svg", ICON.path)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_colours_for_text_has_a_contrast_above_4_5(theme: str) -> None:
    light, dark, *_ = STYLESHEET.content.decode().split("prefers-color-scheme: dark")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light if theme == "light" else dark))
    for text, paper in PAIRS + STATES:
        assert _contrast(colours[text], colours[paper]) > 4.5, (text, paper)


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2: relative luminance and contrast ratio."""
    darker, lighter = sorted(_luminance(colour) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
