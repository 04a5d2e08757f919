"""Bring a database to this version's schema: Alembic, driven from here, on migrations in plain SQL."""

import psycopg
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from holdfast.db.roles import grant


class SchemaUnknown(Exception):
    """The database was migrated by a newer Holdfast than this one."""


def migrate(owner_url: str) -> list[str]:
    """Apply what is pending, all in one transaction, and give the roles their rights; return what was applied.

    `owner_url` is the owner's role's (see passwords.Role), after roles.ensure_roles. Two processes at once: the second
    waits, and finds nothing to do. Raises SchemaUnknown and psycopg's errors.
    """
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_url), poolclass=NullPool)
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection), "the engine's creator makes psycopg's connections"
        # A lock of the session's own statement, so that what follows sees what its last holder committed.
        driver.execute("SELECT pg_advisory_xact_lock(hashtext('holdfast migrations'))")
        steps = _steps(connection)
        _run(connection, steps)
        grant(driver)
    return [step.revision.revision for step in steps]


def pending(url: str) -> list[str]:
    """The revisions that the database still lacks, oldest first; any role's URL will do. Raises SchemaUnknown."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    with engine.connect() as connection:
        return [step.revision.revision for step in _steps(connection)]


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "holdfast.db:migrations")
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def _steps(connection: Connection) -> list[RevisionStep]:
    scripts = _scripts()
    heads = MigrationContext.configure(connection).get_current_heads()
    known = {script.revision for script in scripts.walk_revisions()}
    if unknown := set(heads) - known:
        raise SchemaUnknown(
            f"The database is at schema {', '.join(sorted(unknown))}, which this Holdfast does not know. A newer one "
            f"has migrated it: run that, or restore the backup from before."
        )
    return scripts._upgrade_revs("head", heads)  # type: ignore[arg-type]  # what alembic's own upgrade command calls


def _run(connection: Connection, steps: list[RevisionStep]) -> None:
    context = MigrationContext.configure(connection, opts={"fn": lambda _heads, _context: steps})
    with Operations.context(context):
        context.run_migrations()
