"""What stands in a shop's window: listings of one provider, made through the API; and how often a page asks."""

from collections.abc import Callable
from typing import Any

import pytest

from holdfast.domain import commands as c
from holdfast.reads.reader import Reader
from support.site import SiteServed

HOURS = [{"weekday": "wednesday", "opens": "09:00", "closes": "12:00"}]


def category(cell: SiteServed, slug: str = "plumbing", name: str = "Plumbing") -> str:
    """A category at the top of the tree; its slug."""
    cell.api.command(c.AddCategory(None, slug, name, 1))
    return slug


def listing(cell: SiteServed, *, published: bool = True, **changed: Any) -> str:
    """Free on Wednesdays from 09:00 to 12:00, for one hour or two, at 30 euros an hour; its id."""
    api = cell.api
    if "provider" not in api.tokens:
        api.join("provider")
        category(cell)
    body = {"name": "Mine", "time_zone": "Europe/Lisbon", "hours": HOURS}
    calendar = api.made("POST", "/calendars", "provider", body)
    draft = {
        "title": "Pipes",
        "description": "Everything that drips.",
        "category": "plumbing",
        "calendars": [calendar["id"]],
        "place": "provider",
        "area": "Graça",
        "address": "Rua 9",
        "lat": 38.7167,
        "lng": -9.1333,
        "price_minor": 3000,
        "price_unit": "hour",
        "duration_min": 60,
        "duration_max_min": 120,
        "step_min": 60,
        "cancellation": [
            {"hours_before": 24, "refund_percent": 100},
            {"hours_before": 2, "refund_percent": 50},
        ],
        **changed,
    }
    made = str(api.made("POST", "/listings", "provider", draft)["id"])
    if published:
        api.made("POST", f"/listings/{made}/publication", "provider")
    return made


def queries_of(monkeypatch: pytest.MonkeyPatch, visit: Callable[[], object]) -> int:
    """How many queries a visit takes."""
    asked: list[bytes] = []
    ask = Reader.all

    async def counted(self: Reader, query: bytes, *arguments: Any, **options: Any) -> Any:
        asked.append(query)
        return await ask(self, query, *arguments, **options)

    monkeypatch.setattr(Reader, "all", counted)
    visit()
    return len(asked)
