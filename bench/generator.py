"""The load generator, a process of its own: `python -m bench.generator JOB` sends prepared requests over HTTP/1.1.

Each connection has one request under way and sends the next as soon as it is answered. One thread, epoll, no parsing
beyond status and length: what it costs itself is measured, too, for it shares the machine with what it measures.
"""

import resource
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import msgspec
from msgspec import Struct

from bench.figures import Invalid

DRAIN_S = 30.0
"""How long what is under way may take once no more is sent."""


class Job(Struct, frozen=True):
    """Requests as they go over the wire, in order; sending ends after `seconds`, or with the last request."""

    port: int
    connections: int
    seconds: float
    requests: list[bytes]


class Shot(Struct, frozen=True):
    """What came of it. answers: how many by status, refusals as "409 slot_taken"; in_time: those within `seconds`.

    latencies_us: of each answer, from sending to its last byte; since_start_us: from the first sending of all.
    """

    elapsed_s: float
    cpu_s: float
    sent: int
    answers: dict[str, int]
    in_time: dict[str, int]
    latencies_us: list[int]
    since_start_us: list[int]

    def insist(self, expected: set[str]) -> None:
        """Raises Invalid unless every request was answered, in one of these ways."""
        if sum(self.answers.values()) < self.sent:
            raise Invalid(f"{self.sent - sum(self.answers.values())} of {self.sent} requests were not answered")
        if others := {kind: count for kind, count in self.answers.items() if kind not in expected}:
            raise Invalid(f"answers that should not be: {others} beside {self.answers}")


def shoot(job: Job) -> Shot:
    """Runs the job in a process of its own."""
    with tempfile.NamedTemporaryFile(suffix=".job") as file:
        file.write(msgspec.msgpack.encode(job))
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "bench.generator", file.name],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            timeout=job.seconds + 2 * DRAIN_S,
            check=False,
        )
    if done.returncode:
        raise Invalid(f"the load generator failed: {done.stderr.decode(errors='replace')[-500:]}")
    return msgspec.msgpack.decode(done.stdout, type=Shot)


class _Run:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.next = 0
        self.open = 0
        self.answers: Counter[bytes] = Counter()
        self.in_time: Counter[bytes] = Counter()
        self.latencies_us: list[int] = []
        self.since_start_us: list[int] = []
        self.sockets: dict[int, socket.socket] = {}
        self.sent_at: dict[int, float] = {}
        self.partial: dict[int, bytes] = {}
        self.start = self.end = 0.0

    def go(self) -> Shot:
        poll = self._connect()
        before = time.process_time()
        self.start = time.perf_counter()
        self.end = self.start + self.job.seconds
        for fd in self.sockets:
            self._send(fd)
        while self.open and time.perf_counter() < self.end + DRAIN_S:
            for fd, _ in poll.poll(1.0):
                self._receive(fd)
        elapsed = time.perf_counter() - self.start
        return Shot(
            min(elapsed, self.job.seconds),
            time.process_time() - before,
            self.next,
            {kind.decode(): count for kind, count in self.answers.items()},
            {kind.decode(): count for kind, count in self.in_time.items()},
            self.latencies_us,
            self.since_start_us,
        )

    def _connect(self) -> select.epoll:
        poll = select.epoll()
        for _ in range(min(self.job.connections, len(self.job.requests))):
            one = socket.create_connection(("127.0.0.1", self.job.port), timeout=DRAIN_S)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.setblocking(False)
            self.sockets[one.fileno()] = one
            poll.register(one.fileno(), select.EPOLLIN)
        return poll

    def _send(self, fd: int) -> None:
        now = time.perf_counter()
        if self.next >= len(self.job.requests) or now >= self.end:
            return
        request = self.job.requests[self.next]
        self.next += 1
        self.open += 1
        self.sent_at[fd] = now
        if self.sockets[fd].send(request) < len(request):
            raise Invalid("a request did not fit the socket's buffer")

    def _receive(self, fd: int) -> None:
        data = self.partial.pop(fd, b"") + self.sockets[fd].recv(262_144)
        head = data.find(b"\r\n\r\n")
        if head < 0 or len(data) < head + 4 + _length(data[:head]):
            if not data:
                raise Invalid("the server closed a connection")
            self.partial[fd] = data
            return
        now = time.perf_counter()
        kind = _kind(data)
        self.open -= 1
        self.answers[kind] += 1
        if now <= self.end:
            self.in_time[kind] += 1
        self.latencies_us.append(int((now - self.sent_at[fd]) * 1e6))
        self.since_start_us.append(int((now - self.start) * 1e6))
        self._send(fd)


def _length(head: bytes) -> int:
    at = head.find(b"content-length: ")
    if at < 0:
        raise Invalid(f"an answer without content-length: {head[:200]!r}")
    return int(head[at + 16 : at + 26].split(b"\r")[0])


def _kind(data: bytes) -> bytes:
    status = data[9:12]
    if status < b"400":
        return status
    at = data.find(b'"code":"')
    return status if at < 0 else status + b" " + data[at + 8 : at + 60].split(b'"')[0]


def main() -> None:
    """Reads the job from the file that is named, and writes what came of it to standard output."""
    job = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=Job)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sys.stdout.buffer.write(msgspec.msgpack.encode(_Run(job).go()))


if __name__ == "__main__":
    main()
