"""The supervisor on real processes: what dies comes back, and nothing outlives it however it ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.until import until

SCRIPT = Path(__file__).with_name("supervised.py")
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(*specs: tuple[str, str, list[str]], ready: bool = True) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(tmp_path), json.dumps(specs)], stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        if ready:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        return process

    yield begin
    for process in running:
        process.terminate()
        process.communicate(timeout=40)


def _pid(file: Path) -> int:
    return int(until(lambda: file.exists() and file.read_text(), f"{file.name} is written"))


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_child_that_dies_is_started_again(start: Start, tmp_path: Path) -> None:
    start(("one", "sleeper", []), ("two", "sleeper", []))
    first, other = _pid(tmp_path / "one.pid"), _pid(tmp_path / "two.pid")
    os.kill(first, signal.SIGKILL)
    until(lambda: (tmp_path / "one.pid").exists() and _pid(tmp_path / "one.pid") != first, "another process")
    assert _pid(tmp_path / "two.pid") == other


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_no_process_and_no_pid_file(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    supervisor = start(("one", "sleeper", []), ("two", "parent", []))
    pids = [_pid(tmp_path / name) for name in ("one.pid", "two.pid", "two.near", "two.far")]
    supervisor.send_signal(number)
    assert supervisor.wait(40) == 0
    assert all(_is_gone(pid) for pid in pids)
    assert not list(tmp_path.glob("*.pid"))


def test_a_killed_supervisor_takes_its_children_along(start: Start, tmp_path: Path) -> None:
    supervisor = start(("one", "sleeper", []), ("two", "sleeper", []))
    pids = [_pid(tmp_path / "one.pid"), _pid(tmp_path / "two.pid")]
    supervisor.kill()
    supervisor.wait(10)
    until(lambda: all(_is_gone(pid) for pid in pids), "the children are gone")


def test_a_child_that_outlives_a_killed_supervisor_is_ended_by_the_next(start: Start, tmp_path: Path) -> None:
    supervisor = start(("one", "stubborn", []))
    stubborn = _pid(tmp_path / "one.pid")
    supervisor.kill()
    supervisor.wait(10)
    assert not _is_gone(stubborn)
    start(("one", "sleeper", []))
    assert _is_gone(stubborn)


def test_a_pid_file_whose_content_was_lost_with_the_power_stops_no_start(start: Start, tmp_path: Path) -> None:
    (tmp_path / "one.pid").write_text("")
    start(("one", "sleeper", []))
    assert not _is_gone(_pid(tmp_path / "one.pid"))


def test_the_processes_of_a_child_that_dies_die_with_it(start: Start, tmp_path: Path) -> None:
    start(("one", "parent", []))
    near = _pid(tmp_path / "one.near")
    os.kill(_pid(tmp_path / "one.pid"), signal.SIGKILL)
    until(lambda: _is_gone(near), "its group is gone")


def test_a_second_supervisor_of_a_folder_is_refused_with_the_pid_of_the_first(start: Start, tmp_path: Path) -> None:
    first = start(("one", "sleeper", []))
    second = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path), "[]"], capture_output=True, text=True, timeout=20, check=False
    )
    assert f"(process {first.pid})" in second.stderr
    assert first.poll() is None


def test_a_child_waits_for_what_must_be_ready_first(start: Start, tmp_path: Path) -> None:
    supervisor = start(("late", "sleeper", ["early"]), ("early", "sleeper", []), ready=False)
    _pid(tmp_path / "early.pid")
    assert not (tmp_path / "late.pid").exists()
    (tmp_path / "early.ready").touch()
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "ready\n"
    assert (tmp_path / "late.pid").exists()


def test_a_child_that_keeps_dying_does_not_disturb_the_others(start: Start, tmp_path: Path) -> None:
    supervisor = start(("bad", "dying", []), ("good", "sleeper", []), ready=False)
    good = _pid(tmp_path / "good.pid")
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert _is_gone(good)
