"""The node's pages beside its API, as wiring serves them, over a database and a relay that a test takes away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.db.connect import CoreConnection
from support.cells import Cell
from support.database import Database
from support.pages import Pages, serving
from support.site import site
from support.town import Town


@pytest.fixture
def cell(writer: CoreConnection) -> Cell:
    """A founded cell."""
    return Cell(writer)


@pytest.fixture
def pages(database: Database, cell: Cell, tmp_path: Path) -> Iterator[Pages]:
    """Pages over that cell, with a relay that is well."""
    assert cell.count("cell.cell") == 1
    with serving(database, tmp_path) as running:
        yield running


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Iterator[Town]:
    """People, listings, and a browser that is each of them in turn."""
    with site(database, tmp_path) as (served, browser):
        yield Town(served, browser)
