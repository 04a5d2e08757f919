"""What every handler works with: the way in for commands, the way to read, the clock, the keys and the limits."""

from collections.abc import Callable
from typing import Any

from holdfast.api.known import Known
from holdfast.api.once import Once
from holdfast.core.envelope import Market
from holdfast.core.passwords import Passwords
from holdfast.domain.instants import DAY_US, Instant
from holdfast.reads.reader import Reader
from holdfast.secrets import Secrets
from holdfast.settings import Settings

NEAREST_S = 1.0
"""For how long the free slots near a lost one are offered to others who lost it."""


class ApiContext:
    """One for a process. `clock` tells the node's time; keys are of 32 bytes, one for each purpose."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        market: Market,
        reader: Reader,
        clock: Callable[[], Instant],
    ) -> None:
        self.market = market
        self.reader = reader
        self.known = Known(reader)
        self.nearest: Once[list[Any]] = Once(NEAREST_S)
        self.clock = clock
        self.cell_hmac = secrets.cell_hmac
        self.token_key = secrets.subkey("token")
        self.offer_key = secrets.subkey("offer")
        self.cursor_key = secrets.subkey("cursor")
        self.password_key = secrets.subkey("password")
        self.public_url = settings.public_url
        self.deadline_s = settings.deadline_ms / 1000
        self.token_us = settings.token_days * DAY_US
        self.post_limit_per_minute = settings.post_limit_per_minute
        self.signin_limit_per_minute = settings.signin_limit_per_minute
        self.signup_limit_per_minute = settings.signup_limit_per_minute
        self.passwords = Passwords()
