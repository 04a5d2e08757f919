"""Joining: how a face makes a member of somebody who has none of a member's means yet."""

import hmac
from typing import Protocol

from holdfast.core.envelope import Sender, fingerprint_of
from holdfast.core.passwords import Passwords
from holdfast.core.settle import Way, settle
from holdfast.domain.commands import SignUp
from holdfast.domain.ids import signup_actor
from holdfast.domain.rows import MemberId

JOINED_EPOCH = 1
"""Every member's epoch at first (evolutions.market). A repeated sign-up gives no token of a later one."""


class Registry(Way, Protocol):
    """What a sign-up needs besides the way in."""

    passwords: Passwords
    password_key: bytes


async def join(registry: Registry, key: str, email: str, password: str, name: str, time_zone: str) -> MemberId:
    """The new member, or the same one for the same key and body. Raises what `settle` raises."""
    command = SignUp(email.lower(), name.strip(), time_zone, await registry.passwords.hash(password))
    # The hash has a salt of its own each time: a repeated request is known by the password itself, keyed.
    same = SignUp(command.email, command.name, time_zone, "")
    proof = hmac.digest(registry.password_key, password.encode(), "sha256")
    sender = Sender(signup_actor(registry.cell_hmac, command.email))
    accepted = await settle(registry, sender, key, command, fingerprint=fingerprint_of(same, proof))
    return MemberId(accepted.subject)
