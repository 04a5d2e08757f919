"""A cell in a database of the test's own, and the jobs on it."""

import pytest

from holdfast.db.connect import CoreConnection
from holdfast.db.passwords import Role
from support.cells import Cell
from support.database import Database
from support.jobs import Jobs


@pytest.fixture
def jobs(database: Database, writer: CoreConnection) -> Jobs:
    """On Monday, before anything was booked."""
    return Jobs(Cell(writer), database.url(Role.READER))
