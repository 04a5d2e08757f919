"""A provider in their browser, beside a customer who knows them; how many queries a page asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from holdfast.reads.reader import Reader
from support.api import PASSWORD
from support.site import Browser


def sign_in(browser: Browser, name: str) -> None:
    """As somebody who joined by the API under this name, in a browser without cookies of another."""
    browser.become_another()
    browser.go("/sign-in")
    assert browser.send("/sign-in", email=f"{name}@example.test", password=PASSWORD).status_code == 200


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Every query that is asked meanwhile."""
    asked: list[bytes] = []
    ask = Reader.all

    async def all_counted(self: Reader, query: bytes, *arguments: Any, **options: Any) -> list[Any]:
        asked.append(query)
        return await ask(self, query, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "all", all_counted)
        yield asked
