"""Migrations are applied once, whoever applies them, and never by a Holdfast that is older than the schema."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from holdfast.db.embedded import EmbeddedServer
from holdfast.db.migrate import SchemaUnknown, migrate, pending
from holdfast.db.passwords import Role
from support.database import Database, new_database


def test_two_processes_at_once_migrate_once(server: EmbeddedServer) -> None:
    with new_database(server, "template0") as empty:
        expected = pending(empty.url(Role.OWNER))
        assert expected[0] == "0001"
        with ThreadPoolExecutor(2) as pool:
            applied = list(pool.map(migrate, [empty.url(Role.OWNER)] * 2))
        assert sorted(applied) == [[], expected]
        assert pending(empty.url(Role.READER)) == []


def test_a_schema_of_a_newer_holdfast_is_refused_by_name(database: Database) -> None:
    with psycopg.connect(database.url(Role.OWNER)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaUnknown, match="9999"):
        pending(database.url(Role.OWNER))
    with pytest.raises(SchemaUnknown, match="9999"):
        migrate(database.url(Role.OWNER))
