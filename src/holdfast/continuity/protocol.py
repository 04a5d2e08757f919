"""What HTTP workers and the relay of a node say to each other on their Unix socket.

A frame is a length (u32, big-endian) and MessagePack. Requests carry a number, and the answer carries it again;
answers come in any order.
"""

import struct

import msgspec
from msgspec import Struct

from holdfast.core.envelope import Reply, Waiting

LENGTH = struct.Struct(">I")
MOST_BYTES = 1 << 20
"""A frame is never longer: a command is at most 64 kB."""


class Submit(Struct, frozen=True, array_like=True, tag="s"):
    """envelope: the bytes that the journal will keep. deadline_ms: how long the caller waits."""

    n: int
    envelope: bytes
    deadline_ms: int


class LookUp(Struct, frozen=True, array_like=True, tag="l"):
    n: int
    command: str
    actor: str


class Withdraw(Struct, frozen=True, array_like=True, tag="w"):
    n: int
    command: str
    actor: str


class Allow(Struct, frozen=True, array_like=True, tag="a"):
    n: int
    bucket: str
    per_minute: int


class Ask(Struct, frozen=True, array_like=True, tag="h"):
    """How is the relay?"""

    n: int


class Health(Struct, frozen=True, tag="health"):
    """What the relay knows of itself. state: "settling", "core_away", "clock_refused" or "journal_failed".

    reason: in words, where it is not settling. oldest_us: how long the oldest command has waited. log_size: as of the
    last commit or checkpoint that it saw, None before.
    """

    state: str
    reason: str
    waiting: int
    oldest_us: int
    journal_bytes: int
    settled: int
    log_size: int | None
    settled_at: int | None


class Replied(Struct, frozen=True, array_like=True, tag="r"):
    n: int
    reply: Reply


class Found(Struct, frozen=True, array_like=True, tag="f"):
    n: int
    waiting: Waiting | None


class Count(Struct, frozen=True, array_like=True, tag="c"):
    """A number: 1 or 0 for withdrawn or not, the seconds to wait for a limit."""

    n: int
    value: int


class Healthy(Struct, frozen=True, array_like=True, tag="g"):
    n: int
    health: Health


Request = Submit | LookUp | Withdraw | Allow | Ask
Answer = Replied | Found | Count | Healthy

_ENCODER = msgspec.msgpack.Encoder()


def frame(message: Request | Answer) -> bytes:
    """The message with its length before it."""
    payload = _ENCODER.encode(message)
    return LENGTH.pack(len(payload)) + payload


class Frames:
    """Cuts a stream into the payloads of its frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads that are complete now. Raises ValueError for a frame longer than any can be."""
        buffer = self._buffer
        buffer += data
        payloads, at = [], 0
        while len(buffer) - at >= LENGTH.size:
            (length,) = LENGTH.unpack_from(buffer, at)
            if length > MOST_BYTES:
                raise ValueError(f"a frame of {length} bytes")
            end = at + LENGTH.size + length
            if len(buffer) < end:
                break
            payloads.append(bytes(buffer[at + LENGTH.size : end]))
            at = end
        del buffer[:at]
        return payloads
