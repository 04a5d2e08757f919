"""Processes of this machine as /proc knows them: who belongs to whom, processor time, memory. Linux only."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_KB = 1024


class Usage(Struct, frozen=True):
    """What a process and all below it use. cpu_s: user and system, reaped children included. pss: a page that several
    processes share counts in equal parts."""

    cpu_s: float
    rss_bytes: int
    pss_bytes: int


def usage(root: int) -> Usage:
    """Of the process and its descendants, as of now."""
    members = [root, *_descendants(root)]
    fields = [fields for pid in members if (fields := _stat(pid))]
    cpu_s = sum(sum(map(int, stat[11:15])) for stat in fields) * _TICK_S
    memory = [_memory(pid) for pid in members]
    return Usage(cpu_s, sum(rss for rss, _ in memory), sum(pss for _, pss in memory))


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _descendants(root: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        if stat := _stat(int(path.name)):
            children.setdefault(int(stat[1]), []).append(int(path.name))
    left = [root]
    while left:
        below = children.get(left.pop(), [])
        yield from below
        left += below


def _stat(pid: int) -> list[str]:
    """The fields of proc(5)'s stat after the name: [0] is the state, [1] the parent, [11:15] the ticks."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def _memory(pid: int) -> tuple[int, int]:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        values = {name: int(rest.split()[0]) * _KB for name, _, rest in (line.partition(":") for line in lines)}
        return values["Rss"], values["Pss"]
    return 0, 0
