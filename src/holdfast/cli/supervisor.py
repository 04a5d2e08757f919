"""Keeps child processes running: starts them in order, restarts what dies, stops all of them, leaves nothing behind."""

import contextlib
import os
import random
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from subprocess import Popen

import structlog

from holdfast.cli.processes import (
    REFUSED,
    Child,
    adopt_orphans,
    children_of,
    kill_group,
    reap,
    signal_pid,
    spawn,
)
from holdfast.settings import Refused

BACKOFF_FIRST_S = 0.1
BACKOFF_MAX_S = 10.0
LONG_LIFE_S = 30.0  # who lived this long starts again at once, with its count of failures at nought
ORPHANS_WAIT_S = 5.0
STOP_WAIT_S = 15.0
POLL_S = 0.05

_log = structlog.get_logger("supervisor")


class _Kept:
    """One child, and what has become of it."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: Popen[bytes] | None = None
        self.ready = False
        self.failures = 0
        self.started_at = 0.0
        self.due_at = 0.0

    def delay_s(self) -> float:
        """Exponential backoff with full jitter, so that what failed together does not come back together."""
        bound = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2**self.failures)
        return random.uniform(0, bound)  # noqa: S311 - spreads restarts in time, guards nothing


def supervise(children: Sequence[Child], run: Path, when_ready: Callable[[], None]) -> None:
    """Run the children until SIGINT, SIGTERM or SIGHUP, then stop them in reverse order. Main thread only.

    `when_ready` is called once, as soon as all of them are ready; it must return soon. Each child's pid is in
    `run`/NAME.pid. Raises Refused if a child's `before` does.
    """
    adopt_orphans()
    supervisor = _Supervisor(children, run)
    told = False
    with _signals() as (woken, stopping):
        try:
            while not stopping:
                supervisor.turn()
                if not told and supervisor.all_ready():
                    when_ready()
                    told = True
                select.select([woken], [], [], supervisor.pause_s())
                with contextlib.suppress(BlockingIOError):
                    woken.recv(4096)
        finally:
            supervisor.stop()


@contextlib.contextmanager
def _signals() -> Iterator[tuple[socket.socket, list[int]]]:
    """A socket that turns readable at each signal, and the signals so far that mean an end."""
    woken, waker = socket.socketpair()
    woken.setblocking(False)
    waker.setblocking(False)
    stopping: list[int] = []
    before = {number: signal.signal(number, lambda got, _: stopping.append(got)) for number in _ENDS}
    before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    try:
        yield woken, stopping
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        woken.close()
        waker.close()


_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Supervisor:
    def __init__(self, children: Sequence[Child], run: Path) -> None:
        self.kept = {child.name: _Kept(child) for child in children}
        self.run = run
        self.since = time.monotonic()
        self.stopping = False

    def turn(self) -> None:
        """Note who died and who is ready, and start who is due."""
        self._note_ended()
        now = time.monotonic()
        for kept in self.kept.values():
            if kept.process is None and now >= kept.due_at and self._may_start(kept.child):
                self._start(kept)
            elif kept.process is not None and not kept.ready and kept.child.ready():
                kept.ready = True
                _log.info("ready", child=kept.child.name, after_s=round(time.monotonic() - kept.started_at, 2))

    def all_ready(self) -> bool:
        return all(kept.ready for kept in self.kept.values())

    def pause_s(self) -> float:
        """How long nothing needs to be done unless a signal comes."""
        return LONG_LIFE_S if self.all_ready() else POLL_S

    def stop(self) -> None:
        """Stop the children, last started first, each with a bounded wait; then kill all that is left."""
        self.stopping = True
        for kept in reversed(self.kept.values()):
            self._stop(kept)
        self._end_orphans()

    def _stop(self, kept: _Kept) -> None:
        if kept.process is None:
            return
        signal_pid(kept.process.pid, kept.child.stop_signal)
        if not self._wait(lambda: kept.process is None, STOP_WAIT_S):
            _log.warning("killed: it did not stop in time", child=kept.child.name)
            kill_group(kept.process.pid)
            self._wait(lambda: kept.process is None, STOP_WAIT_S)

    def _may_start(self, child: Child) -> bool:
        waited = time.monotonic() - self.since > child.patience_s
        return waited or all(self.kept[name].ready for name in child.after)

    def _start(self, kept: _Kept) -> None:
        kept.started_at = time.monotonic()
        try:
            kept.child.before()
            kept.process = spawn(kept.child)
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 - whatever keeps one child down must not end the others
            _log.exception("cannot start", child=kept.child.name, told=getattr(error, "stderr", None))
            self._back_off(kept)
            return
        (self.run / f"{kept.child.name}.pid").write_text(f"{kept.process.pid}\n")
        _log.info("started", child=kept.child.name, pid=kept.process.pid)

    def _note_ended(self) -> None:
        ended = reap()
        for kept in self.kept.values():
            if kept.process is not None and kept.process.pid in ended:
                pid = kept.process.pid
                kept.process.returncode = ended[pid]  # reaped here: Popen must not wait for the pid's next owner
                kept.process, kept.ready = None, False
                kill_group(pid)
                (self.run / f"{kept.child.name}.pid").unlink(missing_ok=True)
                self._back_off(kept)
                if ended[pid] == REFUSED and not self.stopping:
                    raise Refused(f"{kept.child.name} cannot run, for the reason above")
                tell = _log.info if self.stopping else _log.warning
                tell("ended", child=kept.child.name, status=ended[pid])

    def _back_off(self, kept: _Kept) -> None:
        now = time.monotonic()
        kept.failures = 0 if now - kept.started_at > LONG_LIFE_S else kept.failures + 1
        kept.due_at = now + kept.delay_s()

    def _orphans(self) -> set[int]:
        """Processes that dead children left to us."""
        ours = {kept.process.pid for kept in self.kept.values() if kept.process is not None}
        return children_of(os.getpid()) - ours

    def _end_orphans(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._orphans():
                signal_pid(pid, number)
            if self._wait(lambda: not self._orphans(), ORPHANS_WAIT_S):
                return

    def _wait(self, reached: Callable[[], bool], limit_s: float) -> bool:
        deadline = time.monotonic() + limit_s
        self._note_ended()
        while not reached() and time.monotonic() < deadline:
            time.sleep(POLL_S / 5)
            self._note_ended()
        return reached()
