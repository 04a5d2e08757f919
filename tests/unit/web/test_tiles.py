"""Covers: always the same of one listing, never the same of two, and drawn without style."""

import uuid
import xml.etree.ElementTree as ET

from holdfast.web.tiles import PALETTES, cover_svg

LISTINGS = [str(uuid.UUID(int=number)) for number in range(400)]


def test_a_listing_always_has_the_same_cover() -> None:
    assert cover_svg(LISTINGS[0], "hair") == cover_svg(LISTINGS[0], "hair")


def test_no_two_of_some_hundred_listings_look_alike() -> None:
    assert len({cover_svg(listing, "hair") for listing in LISTINGS}) == len(LISTINGS)


def test_a_category_keeps_its_palette() -> None:
    used = {next(glaze for glaze, *_ in PALETTES if glaze in cover_svg(listing, "hair")) for listing in LISTINGS[:50]}
    assert len(used) == 1


def test_a_cover_is_well_formed_and_has_no_style_that_a_policy_could_take_away() -> None:
    for listing in LISTINGS[:50]:
        cover = cover_svg(listing, "")
        ET.fromstring(cover)  # noqa: S314 - our own drawing, just made
        assert "style" not in cover
