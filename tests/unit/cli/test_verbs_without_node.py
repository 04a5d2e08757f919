"""What the command line says where no node has ever run: one line, status 1, and nothing is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

VERBS = (
    ("database-url",),
    ("cell",),
    ("log", "checkpoint"),
    ("token", "mint", "ann@example.test"),
    ("operator", "add", "ann@example.test"),
    ("operator", "restore", "ann@example.test"),
)


def _holdfast(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "holdfast", *arguments],
        env={"PATH": os.environ["PATH"], **environ}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_folder_without_a_node_is_refused_in_one_line_and_stays_as_it_is(
    verb: tuple[str, ...], tmp_path: Path
) -> None:
    answer = _holdfast(*verb, HOLDFAST_DATA=str(tmp_path / "data"))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("holdfast: ")
    assert len(answer.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_the_address_of_ones_own_server_is_the_one_that_was_set() -> None:
    url = "postgresql://me:hunter2@db.example/holdfast"
    assert _holdfast("database-url", HOLDFAST_DATABASE_URL=url).stdout == f"{url}\n"
