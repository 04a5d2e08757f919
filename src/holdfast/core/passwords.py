"""Passwords: argon2id (RFC 9106) in threads, a few at once, so that a wave of sign-ins leaves room for the rest."""

import asyncio
import os

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

MOST_AT_ONCE = 2


class Passwords:
    """Hashes and verifies. Of one event loop."""

    def __init__(self) -> None:
        # OWASP's password storage cheat sheet: 19 MiB, two passes, one lane; about 30 ms.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._nobodys = self._hasher.hash(os.urandom(16).hex())

    async def hash(self, password: str) -> str:
        """The PHC string to keep."""
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password. With no hash the answer is no, after as long as any other takes."""
        async with self._places:
            fits = await asyncio.to_thread(self._fits, password_hash or self._nobodys, password)
        return fits and password_hash is not None

    def _fits(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
