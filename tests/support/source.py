"""The project's own files, for the tests that read them."""

import ast
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
PACKAGE = SRC / "holdfast"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return tuple(sorted(path for name in set(listed.split("\0")) if name and (path := ROOT / name).is_file()))


def files_of(suffix: str, *folders: str) -> list[Path]:
    """Those with this suffix in these folders, or anywhere."""
    inside = [ROOT / folder for folder in folders] or [ROOT]
    return [
        path for path in project_files() if path.suffix == suffix and any(path.is_relative_to(top) for top in inside)
    ]


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(), filename=str(path))


def here(path: Path) -> str:
    """The path as people write it."""
    return str(path.relative_to(ROOT))


def module_name(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def expect_none(found: Iterable[str]) -> None:
    """Fail with all that was found, one a line."""
    listed = list(found)
    assert not listed, "\n" + "\n".join(listed)
