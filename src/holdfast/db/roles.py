"""The three roles in a database, its schemas' rights and extensions: everything that needs more than the owner's."""

from importlib.resources import files
from typing import LiteralString

import psycopg
from psycopg import sql

from holdfast.db.binaries import PostgresUnusable, refuse_old
from holdfast.db.connect import server_version
from holdfast.db.passwords import Passwords, Role

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "cube", "earthdistance")

_PLAIN = {"timezone": "UTC", "datestyle": "ISO, YMD"}
_KEEPALIVE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
SETTINGS: dict[Role, dict[str, str]] = {
    Role.OWNER: _PLAIN,
    # A frozen node must not keep the head: whatever it holds goes back within ten seconds.
    Role.WRITER: {
        **_PLAIN,
        "transaction_timeout": "10s",
        "idle_in_transaction_session_timeout": "5s",
        "lock_timeout": "0",
        "statement_timeout": "10s",
        "tcp_user_timeout": "10s",
        **_KEEPALIVE,
    },
    Role.READER: {**_PLAIN, "default_transaction_read_only": "on", "statement_timeout": "5s", **_KEEPALIVE},
}


class RolesMissing(Exception):
    """The URL's user may not make what is missing; the text says what an administrator has to run."""


def ensure_database(superuser_url: str, database: str) -> None:
    """Make the database on the embedded server where it is absent, owned by the owner's role. Idempotent."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def ensure_roles(admin_url: str, passwords: Passwords) -> None:
    """Make the roles, with their settings, and what they may do in this database as a whole. Idempotent.

    `admin_url` is the embedded server's superuser's, or that of a user who may create roles and owns the database.
    Raises PostgresUnusable (server older than 18, an extension that it lacks) and RolesMissing.
    """
    with psycopg.connect(admin_url) as connection:
        check_server(connection)
        # Roles are of the whole server: two databases prepared at once would collide in pg_authid.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('holdfast roles'))")
        for role in Role:
            _ensure_role(connection, role, passwords.of(role))
        _open_database(connection)
        _ensure_extensions(connection)


def check_server(connection: psycopg.Connection) -> None:
    """Raise PostgresUnusable unless the server is PostgreSQL 18 or newer and has the extensions that search needs."""
    refuse_old(server_version(connection))
    rows = connection.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(EXTENSIONS)])
    missing = set(EXTENSIONS) - {name for (name,) in rows}
    if missing:
        raise PostgresUnusable(
            f"This PostgreSQL lacks the extensions {', '.join(sorted(missing))}. They come with PostgreSQL's contrib "
            f"package (Debian: postgresql-contrib)."
        )


def _ensure_role(connection: psycopg.Connection, role: Role, password: str) -> None:
    name = sql.Identifier(role)
    exists = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None
    verb = sql.SQL("ALTER" if exists else "CREATE")
    try:
        with connection.transaction():
            login = sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, name, sql.Literal(password))
            connection.execute(login)
            for setting, value in SETTINGS[role].items():
                command = sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
                connection.execute(command)
    except psycopg.errors.InsufficientPrivilege as error:
        user = connection.info.user
        raise RolesMissing(
            f"The database user {user} may not {'alter' if exists else 'create'} the role {role}. As an administrator "
            f"run: ALTER ROLE {user} CREATEROLE;"
            + (f" GRANT {role} TO {user} WITH ADMIN OPTION;" if exists else "")
            + " Then start again."
        ) from error


def _open_database(connection: psycopg.Connection) -> None:
    """Let the owner make schemas, and the others connect."""
    database = sql.Identifier(connection.info.dbname)
    owner, writer, reader = (sql.Identifier(role) for role in (Role.OWNER, Role.WRITER, Role.READER))
    rights: tuple[LiteralString, ...] = (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {owner}",
        "GRANT CONNECT ON DATABASE {database} TO {writer}, {reader}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT CREATE, USAGE ON SCHEMA public TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {writer}, {reader}",
    )
    try:
        for right in rights:
            names = {"database": database, "owner": owner, "writer": writer, "reader": reader}
            connection.execute(sql.SQL(right).format(**names))
    except psycopg.errors.InsufficientPrivilege as error:
        raise RolesMissing(
            f"The database user {connection.info.user} must own the database {connection.info.dbname}. As an "
            f"administrator run: ALTER DATABASE {connection.info.dbname} OWNER TO {connection.info.user};"
        ) from error


def _ensure_extensions(connection: psycopg.Connection) -> None:
    """Make those that are absent. All but earthdistance are trusted: who may make schemas may make them."""
    there = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    for extension in EXTENSIONS:
        if extension in there:
            continue
        try:
            connection.execute(sql.SQL("CREATE EXTENSION {} SCHEMA public").format(sql.Identifier(extension)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise RolesMissing(
                f"The database user {connection.info.user} may not make the extension {extension}. As an administrator "
                f"run in the database {connection.info.dbname}: CREATE EXTENSION {extension} SCHEMA public CASCADE; "
                f"Then start again."
            ) from error


def grant(connection: psycopg.Connection) -> None:
    """Give the roles their rights on what the migrations made. The owner runs it at the end of every migration."""
    connection.execute(files("holdfast.db.migrations").joinpath("rights.sql").read_bytes())
