"""Calls that are not made, each with where and what to use instead."""

import ast
import re
from pathlib import Path

import pytest
from msgspec import Struct

from support.source import ROOT, expect_none, files_of, here, tree_of


class Ban(Struct, frozen=True):
    """A call that the files of some folders must not make, files of others excepted."""

    call: str  # a pattern of the dotted name as it is written
    instead: str
    folders: tuple[str, ...] = ("src",)
    but: tuple[str, ...] = ()


PURE = ("src/holdfast/domain",)
NOW = "the instant that the command or decided_at carries"
BANS = [
    Ban(r"(datetime\.)*(datetime|date)\.(now|today|utcnow)", NOW, PURE),
    Ban(r"time\.(time|time_ns|monotonic|sleep)", NOW, PURE),
    Ban(r"(random|secrets)\.\w+|os\.urandom|uuid\.uuid\d", "ids derived from cell, actor, key and counter", PURE),
    Ban(r"open|Path\.\w+|os\.\w+", "facts that prefetch has read", PURE),
    Ban(r"datetime\.(utcnow|utcfromtimestamp)", "holdfast.domain.instants"),
    Ban(r"print", "structlog; only the command line speaks to people", but=("src/holdfast/cli",)),
    Ban(r"os\.(system|popen)|subprocess\.getoutput", "subprocess.run with a list of arguments"),
    Ban(r"(logging|logger|log|_log)\.debug", "a line of information, or none"),
    Ban(r"time\.sleep|asyncio\.sleep|\w*sleep", "support.until, which waits for what must become true", ("tests",)),
    Ban(r"(pytest\.)?(mark\.)?(skip|skipif|importorskip)", "a test that runs everywhere, or none", ("tests",)),
    Ban(r"(unittest\.)?(mock\.)?(Mock|MagicMock|AsyncMock|patch)", "the real thing", ("tests",)),
]


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def _calls(path: Path) -> list[tuple[int, str]]:
    return [(node.lineno, _dotted(node.func)) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.call)
def test_nobody_makes_a_banned_call(ban: Ban) -> None:
    found = [
        f"{here(path)}:{line} {call}: use {ban.instead}"
        for path in files_of(".py", *ban.folders)
        if not any(path.is_relative_to(ROOT / folder) for folder in ban.but)
        for line, call in _calls(path)
        if re.fullmatch(ban.call, call)
    ]
    expect_none(found)


def test_no_query_of_a_decision_reckons_in_time_zones() -> None:
    """Wall time is zoneinfo's, with the pinned tzdata; the server's own tables may be of another release."""
    queries = files_of(".sql", "src/holdfast/db/queries")
    zones = re.compile(r"at\s+time\s+zone|timezone\s*\(", re.IGNORECASE)
    expect_none(here(path) for path in queries if zones.search(path.read_text()))
