"""How reads ask: one query, its rows as Structs, and never a wait past the deadline."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from holdfast.db.read_pool import ReadPool

T = TypeVar("T")
Parameters = Mapping[str, Any] | Sequence[Any]


class Reader:
    """The node's reading database. Each query has `deadline_s` seconds; raises ReadsUnavailable when it takes longer,
    or when there is no database to be reached."""

    __slots__ = ("_deadline_s", "_pool")

    def __init__(self, pool: ReadPool, deadline_s: float) -> None:
        self._pool = pool
        self._deadline_s = deadline_s

    async def all(
        self,
        query: bytes,
        parameters: Parameters,
        into: Callable[..., T],
        *,
        binary: bool = False,
        prepare: bool | None = None,
    ) -> list[T]:
        """Every row, its columns in their order handed to `into`.

        binary: cheaper for a result of many instants. prepare=False: planned anew for just these values.
        """
        async with self._pool.connection(time.monotonic() + self._deadline_s) as connection:
            cursor = connection.cursor(binary=binary)
            await cursor.execute(query, parameters, prepare=prepare)
            return [into(*row) for row in await cursor.fetchall()]

    async def one(self, query: bytes, parameters: Parameters, into: Callable[..., T]) -> T | None:
        """The first row, or None where there is none."""
        rows = await self.all(query, parameters, into)
        return rows[0] if rows else None
