"""The ledger, the cell, the vault and what may be lost."""

from holdfast.db.migrations import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the four schemas with their tables."""
    run_sql(revision)
