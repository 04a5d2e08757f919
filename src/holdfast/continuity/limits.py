"""Limits a minute, shared by all processes of a node: token buckets, refilled steadily. They may be lost."""

import math
import time

_MINUTE_S = 60.0
_MOST_BUCKETS = 100_000


class Limits:
    """Buckets by name. One of n a minute holds n tokens when full and gains n a minute."""

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}
        self._clear_at = _MOST_BUCKETS

    def spend(self, bucket: str, per_minute: int) -> int:
        """Takes one token: 0, or in how many whole seconds there is one."""
        now, a_token = time.monotonic(), _MINUTE_S / per_minute
        full_at = max(self._full_at.get(bucket, now), now)
        if full_at + a_token - now > _MINUTE_S:
            return max(1, math.ceil(full_at + a_token - now - _MINUTE_S))
        if len(self._full_at) >= self._clear_at:
            self._full_at = {name: until for name, until in self._full_at.items() if until > now}
            self._clear_at = max(_MOST_BUCKETS, 2 * len(self._full_at))
        self._full_at[bucket] = full_at + a_token
        return 0
