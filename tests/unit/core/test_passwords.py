"""Passwords: verified by their hash, and in the same way where there is none."""

import asyncio

from holdfast.core.passwords import Passwords


def test_a_password_fits_its_own_hash_alone() -> None:
    async def check() -> list[bool]:
        passwords = Passwords()
        kept = await passwords.hash("a fine password")
        assert kept.startswith("$argon2id$")
        return [await passwords.verify(kept, text) for text in ("a fine password", "a fine passwort", "")]

    assert asyncio.run(check()) == [True, False, False]


def test_nobody_signs_in_where_there_is_no_hash() -> None:
    async def check() -> list[bool]:
        passwords = Passwords()
        return [await passwords.verify(kept, "a fine password") for kept in (None, "not a hash")]

    assert asyncio.run(check()) == [False, False]
