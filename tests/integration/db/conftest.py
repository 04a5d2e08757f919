"""For tests that ask the server about values alone."""

from collections.abc import Iterator

import pytest

from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.passwords import Role
from support.database import new_database


@pytest.fixture(scope="module")
def shared_connection(server: EmbeddedServer) -> Iterator[CoreConnection]:
    """One connection for all tests of a module."""
    with new_database(server) as database:
        connection = writer_connection(database.url(Role.WRITER))
        yield connection
        connection.close()


@pytest.fixture
def values(shared_connection: CoreConnection) -> Iterator[CoreConnection]:
    """The module's connection, in a transaction that leaves nothing behind."""
    yield shared_connection
    shared_connection.rollback()
