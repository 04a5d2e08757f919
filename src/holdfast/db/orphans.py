"""Processes of a PostgreSQL whose supervisor or postmaster was killed: they must be gone before a new one starts."""

import contextlib
import os
import select
import signal
import time
from pathlib import Path


class OrphansRemain(Exception):
    """Processes of the last run would not end, not even when killed."""


def end_orphans(folder: Path, deadline: float) -> None:
    """End what still runs on this data folder, gently first; return when all of it is gone.

    A postmaster is asked to shut down; backends without one end by themselves once they notice. What is left when half
    of the time is over is killed: that is a crash, which PostgreSQL recovers from. `deadline` is in seconds of
    time.monotonic(). Raises OrphansRemain. Does nothing where there is no /proc.
    """
    pids = running_on(folder)
    if not pids:
        return
    if (postmaster := _postmaster_of(folder)) in pids:
        _signal(postmaster, signal.SIGINT)
    half = time.monotonic() + max(0.0, deadline - time.monotonic()) / 2
    _wait_gone(pids, half)
    for pid in (pids := running_on(folder)):
        _signal(pid, signal.SIGKILL)
    _wait_gone(pids, deadline)
    if pids := running_on(folder):
        raise OrphansRemain(f"PostgreSQL processes of an earlier run on {folder} do not end: {sorted(pids)}")


def running_on(folder: Path) -> set[int]:
    """Ids of all PostgreSQL processes whose working folder is this data folder: each goes there at its start."""
    found = set()
    target = folder.resolve()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            here = (entry / "cwd").readlink() == target
            if here and (entry / "comm").read_text().startswith("postgres") and not _is_zombie(entry):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def _is_zombie(entry: Path) -> bool:
    return (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"


def _postmaster_of(folder: Path) -> int:
    try:
        return int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return -1


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _wait_gone(pids: set[int], deadline: float) -> None:
    """Wait until all have ended, or the deadline passes. A pidfd turns readable when its process ends."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            poll.poll(max(0, int((deadline - time.monotonic()) * 1000)))
        finally:
            os.close(handle)
