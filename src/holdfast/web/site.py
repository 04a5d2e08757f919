"""What every page works with."""

from collections.abc import Callable

from litestar.di import NamedDependency

from holdfast.core.envelope import Market
from holdfast.core.passwords import Passwords
from holdfast.domain.instants import DAY_US, Instant
from holdfast.reads.overview import CellShown, cell
from holdfast.reads.reader import Reader
from holdfast.secrets import Secrets
from holdfast.settings import Settings
from holdfast.web.board import Board
from holdfast.web.sessions import Cookies, Sessions


class Site:
    """One for a process: the way in for commands, the way to read, the clock, the keys. paths: what pages there are."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        market: Market,
        reader: Reader,
        board: Board,
        clock: Callable[[], Instant],
    ) -> None:
        self.settings = settings
        self.public_url = settings.public_url
        self.market = market
        self.reader = reader
        self.board = board
        self.clock = clock
        self.deadline_s = settings.deadline_ms / 1000
        self.cell_hmac = secrets.cell_hmac
        self.offer_key = secrets.subkey("offer")
        self.password_key = secrets.subkey("password")
        self.form_key = secrets.subkey("form")
        self.sessions = Sessions(secrets.subkey("token"), settings.token_days * DAY_US)
        self.passwords = Passwords()
        self.cookies = Cookies(settings.public_url)
        self.paths: frozenset[str] = frozenset()
        self._cell: CellShown | None = None

    @property
    def zone(self) -> str:
        """The cell's time zone, as far as it is known without a database."""
        return self._cell.zone if self._cell else self.settings.zone

    async def cell(self) -> CellShown | None:
        """The cell, which never changes once it is founded. Raises ReadsUnavailable before it was read once."""
        if self._cell is None:
            self._cell = await cell(self.reader)
        return self._cell


Here = NamedDependency[Site]
