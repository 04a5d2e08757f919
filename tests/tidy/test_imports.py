"""Who may know whom, where import-linter's layers (pyproject.toml) do not say it."""

import ast
import sys

from support.source import expect_none, files_of, here, tree_of

NOT_PURE = {"socket", "subprocess", "threading", "asyncio", "random", "secrets", "time", "sqlite3", "urllib", "http"}


FACES = ("holdfast.web", "holdfast.api", "holdfast.desk", "holdfast.jobs")


def test_domain_imports_the_standard_library_and_msgspec_alone() -> None:
    allowed = (set(sys.stdlib_module_names) - NOT_PURE) | {"msgspec"}
    expect_none(
        f"{place}: {name}"
        for place, name in _imports("src/holdfast/domain")
        if name.partition(".")[0] not in allowed and not name.startswith("holdfast.domain")
    )


def test_the_command_line_starts_the_faces_through_wiring() -> None:
    expect_none(f"{place}: {name}" for place, name in _imports("src/holdfast/cli") if name.startswith(FACES))


def _imports(folder: str) -> list[tuple[str, str]]:
    return [
        (here(path), name)
        for path in files_of(".py", folder)
        for node in ast.walk(tree_of(path))
        for name in _modules(node)
    ]


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
