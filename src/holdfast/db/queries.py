"""Named queries: SQL lives in db/queries/*.sql, and Python calls it by its name.

A query starts with `-- name: place_claims`, then at least one comment line that says what for and how often.
"""

import re
from collections.abc import Iterator
from importlib.resources import files

_NAME = re.compile(r"--\s*name:\s*(\S*)\s*")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class QueryFileWrong(Exception):
    """A file of queries breaks the rules above; the text says where."""


class Queries:
    """The queries of one file, as attributes: the SQL as bytes, the way psycopg takes it as it is."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._by_name = dict(_parse(file, text))

    def __getattr__(self, name: str) -> bytes:
        try:
            return self._by_name[name]
        except KeyError:
            raise AttributeError(f"{self._file} has no query named {name}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)


def load(name: str) -> Queries:
    """The queries of db/queries/NAME.sql. Raises QueryFileWrong, and FileNotFoundError for no such file."""
    file = f"{name}.sql"
    return Queries(file, files("holdfast.db").joinpath("queries", file).read_text())


def _parse(file: str, text: str) -> Iterator[tuple[str, bytes]]:
    """Split at the `-- name:` lines; what stands before the first one may only be comment."""
    preamble, *pieces = re.split(r"(?m)^(?=--\s*name:)", text)
    if _statement(preamble):
        raise QueryFileWrong(f"{file}: SQL before the first '-- name:'")
    seen: set[str] = set()
    for piece in pieces:
        heading, _, rest = piece.partition("\n")
        match = _NAME.fullmatch(heading)
        name = match.group(1) if match else ""
        if not _IDENTIFIER.fullmatch(name):
            raise QueryFileWrong(f"{file}: {heading!r} does not name a query")
        if name in seen:
            raise QueryFileWrong(f"{file}: two queries are named {name}")
        if not re.match(r"--[ \t]*\S", rest):
            raise QueryFileWrong(f"{file}: {name} does not say what it is for, in a comment under its name")
        if not (statement := _statement(rest)):
            raise QueryFileWrong(f"{file}: {name} has no SQL")
        seen.add(name)
        yield name, statement.encode()


def _statement(text: str) -> str:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    return "\n".join(lines).strip().removesuffix(";")
