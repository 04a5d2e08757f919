"""The server's user passes through closed folders, and nobody else gains anything by it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.db.system_user import let_through
from support.database import data_folder

SERVER, STRANGER = 54_321, 54_322


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder of ours, closed to others, with a file below it that anybody may read."""
    with data_folder() as folder:
        (folder / "file").write_text("x")
        (folder / "file").chmod(0o644)
        yield folder


def may(uid: int, *command: str) -> bool:
    """Whether a command succeeds as that user, who is in our group."""
    done = subprocess.run(command, user=uid, group=os.getegid(), extra_groups=[], capture_output=True, cwd="/")
    return done.returncode == 0


@pytest.mark.parametrize("mode", [0o700, 0o740])
def test_one_user_passes_and_no_other_right_changes_even_after_a_chmod(closed: Path, mode: int) -> None:
    if os.geteuid() != 0:
        return  # only root needs another user for PostgreSQL, or could have one
    for setting in (mode, 0o700):
        closed.chmod(setting)
        for _ in range(2):
            let_through(closed / "file", SERVER)
        assert may(SERVER, "cat", str(closed / "file"))
        assert not may(SERVER, "ls", str(closed))
        assert not may(STRANGER, "cat", str(closed / "file"))
        assert may(STRANGER, "ls", str(closed)) == bool(setting & 0o040)
