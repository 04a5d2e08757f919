"""A real PostgreSQL for every integration test: see support.database."""

from collections.abc import Iterator

import pytest

from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.passwords import Role
from support.database import Database, new_database, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """The running server of this pytest process, stopped at its end."""
    with running_server() as running:
        yield running


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[Database]:
    """A migrated, empty database of the test's own."""
    with new_database(server) as fresh:
        yield fresh


@pytest.fixture
def writer(database: Database) -> Iterator[CoreConnection]:
    """A connection of the writer's role, as the relay has it: the test begins and commits."""
    connection = writer_connection(database.url(Role.WRITER))
    yield connection
    connection.close()
