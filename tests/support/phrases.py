"""What pages say, collected from their source: templates by Jinja2's own reader, Python by its syntax tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2.ext import babel_extract

from support.source import PACKAGE, tree_of

Phrase = str | tuple[str, str]
"""A text, or the two of what is counted."""

WEB = PACKAGE / "web"
TEMPLATES = sorted(WEB.rglob("*.html"))
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
_ONE, _COUNTED = ("phrase", "say"), ("say_n",)


def phrases() -> dict[Phrase, str]:
    """Every phrase, with the file that says it."""
    found: dict[Phrase, str] = {}
    for template in TEMPLATES:
        for text in _of_template(template):
            found.setdefault(text, template.name)
    for path in sorted(WEB.rglob("*.py")):
        for text in _of_module(path):
            found.setdefault(text, path.name)
    return found


def _of_template(template: Path) -> Iterator[Phrase]:
    options = {"newstyle_gettext": "true", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
    with template.open("rb") as opened:
        for _, function, said, _ in babel_extract(opened, _KEYWORDS, (), options):
            if function == "ngettext":
                yield str(said[0]), str(said[1])
            elif isinstance(text := said[0] if isinstance(said, tuple) else said, str):
                yield text


def _of_module(path: Path) -> Iterator[Phrase]:
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        said = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if name in _ONE and said:
            yield said[0]
        elif name in _COUNTED and len(said) >= 2:
            yield said[0], said[1]
