"""An answer worked out once for all who ask the same within a moment."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Answers by key, each kept for `fresh_s` seconds. Of one event loop."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._kept: dict[Hashable, tuple[float, asyncio.Task[T]]] = {}

    async def get(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What `make` gives, or gave somebody else a moment ago."""
        now = time.monotonic()
        since, answer = self._kept.get(key, (0.0, None))
        if answer is None or now - since > self._fresh_s:
            self._kept = {other: kept for other, kept in self._kept.items() if now - kept[0] <= self._fresh_s}
            answer = asyncio.create_task(make())
            self._kept[key] = now, answer
        # One of many who wait may give up; the others still get it.
        return await asyncio.shield(answer)
