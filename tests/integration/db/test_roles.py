"""The three roles can be made by whoever may, again and again; else it is said what to run."""

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from holdfast.db.embedded import EmbeddedServer
from holdfast.db.migrate import migrate, pending
from holdfast.db.passwords import Passwords, Role
from holdfast.db.roles import RolesMissing, ensure_database, ensure_roles
from support.database import Database, data_folder, start, stop


def test_making_roles_and_database_again_changes_nothing(database: Database) -> None:
    for _ in range(2):
        ensure_database(database.server.superuser_url("postgres"), database.name)
        ensure_roles(database.superuser_url, database.server.passwords)
    for role in Role:
        with psycopg.connect(database.url(role)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_the_reader_cannot_write(database: Database) -> None:
    with psycopg.connect(database.url(Role.READER)) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("CREATE TEMPORARY TABLE mine ()")


def test_on_a_server_of_ones_own_who_makes_roles_and_owns_the_database_needs_one_extension_made_for_it() -> None:
    with data_folder() as data:
        server = EmbeddedServer(data, Passwords.generate())
        server.prepare()
        child = start(server)
        try:
            with psycopg.connect(server.superuser_url("postgres"), autocommit=True) as admin:
                admin.execute("CREATE ROLE ours LOGIN CREATEROLE PASSWORD 'ours'")
                admin.execute("CREATE DATABASE market OWNER ours")
            url = f"postgresql://ours:ours@127.0.0.1:{server.port()}/market"
            with pytest.raises(RolesMissing, match="CREATE EXTENSION earthdistance"):
                ensure_roles(url, server.passwords)
            with psycopg.connect(server.superuser_url("market"), autocommit=True) as admin:
                admin.execute("CREATE EXTENSION earthdistance SCHEMA public CASCADE")
            for _ in range(2):
                ensure_roles(url, server.passwords)
                migrate(server.url(Role.OWNER, "market"))
            assert pending(server.url(Role.WRITER, "market")) == []
        finally:
            stop(child)


def test_a_user_who_may_not_make_roles_is_told_what_to_run(server: EmbeddedServer, database: Database) -> None:
    with psycopg.connect(database.superuser_url, autocommit=True) as admin:
        admin.execute("CREATE ROLE simple LOGIN PASSWORD 'simple'")
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO simple").format(sql.Identifier(database.name)))
    url = make_conninfo(**{**conninfo_to_dict(database.superuser_url), "user": "simple", "password": "simple"})
    with pytest.raises(RolesMissing, match="ALTER ROLE simple CREATEROLE"):
        ensure_roles(url, Passwords.generate())
    with psycopg.connect(database.superuser_url, autocommit=True) as admin:
        admin.execute("DROP OWNED BY simple")
        admin.execute("DROP ROLE simple")
    for role in Role:
        psycopg.connect(server.url(role, database.name)).close()
