"""The schema's history. A migration is a file sql/NNNN_name.sql and a revision in versions/ that runs it."""

from importlib.resources import files

from alembic import op


def run_sql(revision: str) -> None:
    """Run the one file of sql/ whose name starts with the revision's number, inside the migration's transaction."""
    folder = files("holdfast.db.migrations").joinpath("sql")
    found = [entry for entry in folder.iterdir() if entry.name.startswith(f"{revision}_")]
    assert len(found) == 1, f"revision {revision} needs exactly one file in sql/, not {[entry.name for entry in found]}"
    driver = op.get_bind().connection.driver_connection
    assert driver is not None, "a migration runs on an open connection"
    # Straight to psycopg, without parameters: many statements in one message, and no % or : that means something.
    driver.execute(found[0].read_bytes())
