"""A founded cell for every test of the one path."""

import pytest

from holdfast.db.connect import CoreConnection
from support.cells import Cell


@pytest.fixture
def cell(writer: CoreConnection) -> Cell:
    """With its cast, on the writer's connection."""
    return Cell(writer)
