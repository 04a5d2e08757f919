"""Child processes that cannot outlive us: started in groups of their own, tied to our life, found again by pid file."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from holdfast.settings import Refused

_PR_SET_PDEATHSIG = 1  # prctl(2)
_PR_SET_CHILD_SUBREAPER = 36
_SAME_START_S = 2.0  # a pid file is written this soon after its process starts


def _nothing() -> None:
    pass


def _always() -> bool:
    return True


class Child(Struct, frozen=True, kw_only=True):
    """A process to keep running."""

    name: str
    argv: Sequence[str]
    before: Callable[[], None] = _nothing
    """Called before each start; what it raises is logged, and the start is tried again later."""
    ready: Callable[[], bool] = _always
    """Whether what comes after it may start. Asked every 50 ms, so it must answer at once."""
    stop_signal: signal.Signals = signal.SIGTERM
    user: int | None = None
    group: int | None = None
    after: tuple[str, ...] = ()
    """Names of children that should be ready first."""
    patience_s: float = 15.0
    """How long it waits for them; then it starts all the same: status pages need no database."""


REFUSED = 78
"""Status of a child that only a person can help (EX_CONFIG of sysexits.h): starting it again would change nothing."""


def adopt_orphans() -> None:
    """Become the parent of what dying children leave behind, to end it. On Linux; elsewhere init gets it."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def spawn(child: Child) -> subprocess.Popen[bytes]:
    """Start the child in its own process group, to be sent its stop signal by the kernel when we die."""
    parent = os.getpid()

    def tie_to_parent() -> None:
        _prctl(_PR_SET_PDEATHSIG, child.stop_signal)
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return subprocess.Popen(
        child.argv,
        stdin=subprocess.DEVNULL,
        process_group=0,
        user=child.user,
        group=child.group,
        extra_groups=None if child.user is None else [],
        cwd=None if child.user is None else "/",
        preexec_fn=tie_to_parent,
    )


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def reap() -> dict[int, int]:
    """Every child of ours that has ended, adopted ones too: its pid and exit code (negative: the signal)."""
    ended = {}
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended[found[0]] = os.waitstatus_to_exitcode(found[1])
    return ended


def children_of(parent: int) -> set[int]:
    """Pids of all processes whose parent is this one, from /proc (none where there is no /proc)."""
    return {pid for pid, fields in _processes() if int(fields[1]) == parent}


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Each process with the fields of proc(5)'s stat that come after its name."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            yield int(path.parent.name), path.read_text().rpartition(")")[2].split()


def signal_pid(pid: int, number: signal.Signals) -> None:
    """Signal one process, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def kill_group(pid: int) -> None:
    """Kill what is left of the process group that this process led: its number is not reused while it has members."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def end_leftovers(run: Path, wait_s: float) -> None:
    """Wait for children of a supervisor that was killed, which are stopping; kill those that take too long."""
    deadline = time.monotonic() + wait_s
    for file in run.glob("*.pid"):
        text = file.read_text().strip()
        pid = int(text) if text.isdecimal() else -1  # a machine that lost its power leaves files without content
        while _wrote(pid, file) and time.monotonic() < deadline:
            time.sleep(0.05)
        if _wrote(pid, file):
            kill_group(pid)
        file.unlink()


def _wrote(pid: int, file: Path) -> bool:
    """Whether the process of this number is the one that the pid file is about, not a later one."""
    fields = dict(_processes()).get(pid)
    if fields is None or fields[0] == "Z":
        return False
    boot = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime"))
    started = int(boot.split()[1]) + int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return abs(file.stat().st_mtime - started) < _SAME_START_S


@contextlib.contextmanager
def only_one(run: Path) -> Iterator[None]:
    """Hold the data folder's lock. Raises Refused, with the holder's pid, where another process has it."""
    run.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(run / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"another holdfast serves {run.parent} already (process {lock.read().strip()}): "
                "stop that one, or name another folder with HOLDFAST_DATA"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
