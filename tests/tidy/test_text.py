"""What may not stand in any file, and what must stand in some."""

import re
import subprocess
import tomllib
from pathlib import Path

from holdfast.cli.settings import as_markdown
from support.source import ROOT, expect_none, files_of, here, project_files

UNDONE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
PLACES = re.compile(r"(?<![\w./~-])/(work|tmp|root|home/\w+|Users/\w+)/")
REGISTRIES = re.compile(
    r"(pypi\.(python\.)?org|pythonhosted\.org|registry\.npm" + r"js\.org|deb\.debian\.org|index-url\s*=)"
)
OPT_OUT = re.compile(r"#\s*(noqa\b(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[\w, -]+\])?)(?P<reason>.*)")
QUERY = re.compile(r"^-- name: (?P<name>[a-z0-9_]+)\S*\n-- (?P<purpose>\S.+)$", re.MULTILINE)


def _texts() -> list[tuple[str, str]]:
    texts = []
    for path in project_files():
        if path == Path(__file__) or path.suffix in (".png", ".woff2", ".gz", ".webp"):
            continue
        texts.append((here(path), path.read_text()))
    return texts


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number} {line.strip()[:100]}"
        for name, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_is_left_undone() -> None:
    expect_none(_lines_with(UNDONE))


def test_no_file_names_a_place_on_one_machine() -> None:
    expect_none(_lines_with(PLACES))


def test_no_file_names_a_registry() -> None:
    expect_none(_lines_with(REGISTRIES))


def test_every_opt_out_of_a_check_gives_its_code_and_its_reason() -> None:
    bare = [
        f"{here(path)}:{number} {line.strip()}"
        for path in files_of(".py")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := OPT_OUT.search(line))
        and (not (found[2] or found[3]) or not re.search(r"\w{2,}.*\w{2,}", found["reason"]))
    ]
    expect_none(bare)


def test_every_query_has_a_name_and_a_purpose() -> None:
    nameless = []
    for path in files_of(".sql", "src/holdfast/db/queries"):
        text = path.read_text()
        marks = len(re.findall(r"^-- name:", text, re.MULTILINE))
        if not marks or marks != len(QUERY.findall(text)):
            nameless.append(here(path))
    expect_none(nameless)


def test_no_two_queries_have_one_name() -> None:
    names = [
        found["name"]
        for path in files_of(".sql", "src/holdfast/db/queries")
        for found in QUERY.finditer(path.read_text())
    ]
    expect_none(sorted(name for name in set(names) if names.count(name) > 1))


def test_the_documented_settings_are_those_of_the_code() -> None:
    """When this fails: .venv/bin/holdfast settings --markdown > docs/settings.md"""
    assert (ROOT / "docs" / "settings.md").read_text() == as_markdown()


def test_the_locks_agree_and_every_line_has_a_hash() -> None:
    pinned = re.compile(r"^([a-z0-9][\w.-]*==\S+)(?:.*?) \\\n    --hash=sha256:", re.MULTILINE)
    release, development = ((ROOT / f"requirements{part}.lock").read_text() for part in ("", "-dev"))
    for text in (release, development):
        assert len(pinned.findall(text)) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0
    assert set(pinned.findall(release)) <= set(pinned.findall(development))


def test_every_dependency_is_locked() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    lock = (ROOT / "requirements.lock").read_text()
    names = [re.split(r"[\[<>=]", name)[0] for name in named]
    expect_none(name for name in names if not re.search(rf"^{name}==", lock, re.MULTILINE))


def test_ci_is_a_script_that_bash_can_read() -> None:
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
