"""The API on a cell of its own, with a customer, a provider with two listings, and an operator."""

from collections.abc import Iterator

import pytest

from holdfast.db.connect import CoreConnection
from support.database import Database
from support.face import Face, facing
from support.history import History, Market, founded


@pytest.fixture
def history(writer: CoreConnection) -> History:
    return History(writer)


@pytest.fixture
def cell(history: History) -> Market:
    """Who and what there is; its time is Monday, 20 October 2025."""
    return founded(history)


@pytest.fixture
def face(database: Database, history: History, cell: Market) -> Iterator[Face]:
    with facing(database, history) as ready:
        yield ready
