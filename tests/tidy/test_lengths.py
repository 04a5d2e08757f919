"""Files and functions stay short: a long function is two ideas."""

import ast

from support.source import expect_none, files_of, here, tree_of

FILE_LINES = 300
FUNCTION_LINES = 70


def test_no_file_is_longer_than_300_lines() -> None:
    counts = {here(path): len(path.read_text().splitlines()) for path in files_of(".py")}
    expect_none(f"{name}: {count} lines" for name, count in counts.items() if count > FILE_LINES)


def test_no_function_is_longer_than_70_lines() -> None:
    lengths = {
        f"{here(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in files_of(".py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    expect_none(f"{name}: {length} lines" for name, length in lengths.items() if length > FUNCTION_LINES)
