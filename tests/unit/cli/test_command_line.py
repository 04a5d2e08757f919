"""The command line speaks in lines, and ends with 1 for what a person can put right, 2 for wrong usage."""

import json
import os
import subprocess
import sys

import pytest

from holdfast import __version__
from holdfast.cli import VERBS


def _holdfast(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "holdfast", *arguments],
        env={"PATH": os.environ["PATH"], **environ}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_help_lists_every_verb() -> None:
    answer = _holdfast("--help")
    assert answer.returncode == 0
    listed = answer.stdout.partition("Commands:")[2].split()
    assert [verb for verb in VERBS if verb not in listed] == []


def test_version_names_the_release() -> None:
    assert _holdfast("version").stdout == f"holdfast {__version__}\n"


def test_settings_show_what_is_chosen_and_hide_what_is_secret() -> None:
    answer = _holdfast("settings", HOLDFAST_PORT="8123", HOLDFAST_DATABASE_URL="postgresql://me:hunter2@localhost/db")
    assert "8123" in answer.stdout
    assert "hunter2" not in answer.stdout


@pytest.mark.parametrize("verb", ["version", "settings", "serve"])
def test_a_wrong_setting_is_one_line_and_status_1(verb: str) -> None:
    answer = _holdfast(verb, HOLDFAST_PORT="abc")
    assert (answer.returncode, answer.stderr) == (
        1,
        "holdfast: HOLDFAST_PORT=abc: write a whole number from 1 to 65535, such as 8000\n",
    )


def test_an_unknown_verb_is_status_2() -> None:
    answer = _holdfast("vrsion")
    assert answer.returncode == 2
    assert "version" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_data_folder_that_cannot_be_made_is_told_without_a_traceback() -> None:
    answer = _holdfast("serve", HOLDFAST_DATA="/dev/null/here", HOLDFAST_PORT="1")
    assert answer.returncode == 1
    assert answer.stderr.startswith("holdfast: ")
    assert "Traceback" not in answer.stderr


def test_a_log_line_is_one_json_object_where_asked_for() -> None:
    script = (
        "import logging, structlog; from holdfast.cli.logging import set_up_logging; set_up_logging('json')\n"
        "structlog.get_logger().info('started', child='web'); logging.getLogger('other').warning('odd %s', 1)"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    ours, others = (json.loads(line) for line in answer.stderr.splitlines())
    assert (ours["event"], ours["child"], ours["level"]) == ("started", "web", "info")
    assert (others["event"], others["level"]) == ("odd 1", "warning")
