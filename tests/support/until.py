"""Waiting for what must become true, with a deadline: the tests' only way to wait."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")


def until(reached: Callable[[], T], what: str, limit_s: float = 20.0) -> T:
    """The first true answer of `reached`; fails with `what` when there is none within the limit."""
    deadline = time.monotonic() + limit_s
    while not (answer := reached()):
        assert time.monotonic() < deadline, f"not within {limit_s:g} s: {what}"
        Event().wait(0.01)
    return answer
