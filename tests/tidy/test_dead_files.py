"""Nothing lies about that nobody uses."""

import ast
import tomllib
from pathlib import Path

from holdfast.cli import VERBS
from support.source import PACKAGE, ROOT, expect_none, files_of, here, module_name, tree_of

STARTED_BY_OTHERS = ("holdfast.__main__", "holdfast.api.status_codes", "holdfast.db.migrations")
"""The first two by python -m, the last by Alembic, by file name."""


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_every_module_is_imported_or_started() -> None:
    started = set(VERBS.values()) | {_entry_point()}
    used = started.union(*(_imported(path) for path in files_of(".py", "src")))
    dead = [
        here(path)
        for path in files_of(".py", "src")
        if path.name != "__init__.py"
        and (name := module_name(path)) not in used
        and not name.startswith(STARTED_BY_OTHERS)
    ]
    expect_none(dead)


def test_the_package_has_the_folders_of_the_design_and_no_others() -> None:
    layers = {"domain", "core", "log", "continuity", "db", "reads", "web", "api", "desk", "jobs", "integrations"}
    folders = layers | {"drills", "cli", "demo"}
    modules = {"__init__.py", "__main__.py", "wiring.py", "settings.py", "secrets.py"}
    found = {path.relative_to(PACKAGE).parts[0] for path in files_of(".py", "src")}
    expect_none(found - folders - modules)


def _entry_point() -> str:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    return str(scripts["holdfast"]).partition(":")[0]
