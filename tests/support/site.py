"""The node's pages over a real database: commands are applied where they arrive; a browser without scripts visits."""

import contextlib
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from litestar.testing import TestClient

from holdfast.api.app import create_api
from holdfast.api.context import ApiContext
from holdfast.continuity.protocol import Health
from holdfast.db.connect import writer_connection
from holdfast.db.passwords import Role
from holdfast.db.read_pool import ReadPool
from holdfast.domain import commands as c
from holdfast.reads.reader import Reader
from holdfast.settings import Settings
from holdfast.web.pages import routes
from support.api import CELL, SECRETS, Api, ApplyingMarket, Clock
from support.database import Database

HOST = "http://cell.test"
_FORM = re.compile(r'<form [^>]*action="(?P<action>[^"]*)"[^>]*>(?P<inside>.*?)</form>', re.DOTALL)
_INPUT = re.compile(r"<input [^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_SELECT = re.compile(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_SELECTED = re.compile(r'<option value="([^"]*)" selected>')


class SiteMarket(ApplyingMarket):
    """Also says how it is, as the relay does, and can have a limit spent."""

    wait_s = 0

    async def health(self) -> Health:
        return Health("core_away" if self.away else "settling", "", 0, 0, 1000, 7, 12, None)

    async def allow(self, bucket: str, per_minute: int) -> int:
        return self.wait_s


class Browser:
    """One person's: keeps cookies, follows redirects, sends forms as they stand on the page. `page`: where it is."""

    def __init__(self, client: "TestClient[Any]") -> None:
        self.client = client
        self.page: httpx.Response | None = None

    def become_another(self) -> None:
        """Somebody else's browser, without a cookie."""
        self.client.cookies.clear()

    @property
    def text(self) -> str:
        assert self.page is not None
        return html.unescape(self.page.text)

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.url.path

    def go(self, path: str, **options: Any) -> httpx.Response:
        self.page = self.client.get(path, **options)
        return self.page

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form on this page that is sent there, as they stand."""
        assert self.page is not None
        forms = {found["action"]: found["inside"] for found in _FORM.finditer(self.page.text)}
        inputs = [dict(_ATTRIBUTE.findall(each)) for each in _INPUT.findall(forms[action])]
        fields = {each["name"]: html.unescape(each.get("value", "")) for each in inputs}
        for name, options in _SELECT.findall(forms[action]):
            fields[name] = (_SELECTED.findall(options) or [""])[0]
        return fields

    def send(self, action: str, headers: dict[str, str] | None = None, **typed: str) -> httpx.Response:
        """Fills in the form of this page and presses its button."""
        return self.post(action, {**self.form(action), **typed}, headers)

    def post(self, action: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        """What a browser sends from a page of this host, unless other headers are given."""
        sent = {"Origin": HOST} if headers is None else headers
        self.page = self.client.post(action, data=fields, headers=sent)
        return self.page


class SiteServed:
    """A founded cell's pages, its market and its clock."""

    def __init__(self, api: Api, market: SiteMarket) -> None:
        self.api = api
        self.market = market
        self.clock = api.clock


@contextlib.contextmanager
def site(database: Database, data: Path, **settings: Any) -> Iterator[tuple[SiteServed, Browser]]:
    """Pages and API over this database, and a browser."""
    clock = Clock()
    connection = writer_connection(database.url(Role.WRITER))
    market = SiteMarket(connection, clock)
    pool = ReadPool(database.url(Role.READER), 4)
    reader = Reader(pool, 5.0)
    chosen = Settings(data=data, **settings)
    context = ApiContext(chosen, SECRETS, market, reader, clock)
    beside = routes(chosen, SECRETS, market, reader, clock)
    app: Any = create_api(context, beside, on_shutdown=[pool.close])
    with TestClient(app, base_url=HOST) as client:
        api = Api(app, client, market, clock)
        api.command(c.FoundCell(CELL, "EUR", "Europe/Lisbon", "test key", None))
        yield SiteServed(api, market), Browser(client)
    connection.close()
