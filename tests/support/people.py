"""People of a running node: each with a token, talking to it over HTTP as any client would."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from holdfast.continuity.client import RelayClient
from holdfast.continuity.clock import now
from holdfast.core.envelope import Envelope, Sender, Settled, envelop
from holdfast.core.tokens import mint
from holdfast.domain import commands as c
from holdfast.domain.ids import signup_actor
from holdfast.domain.instants import DAY_US, Instant
from holdfast.domain.rows import SYSTEM, MemberId, TokenId
from support.node import Node

SETTLE_S = 10.0
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in WEEKDAYS]
PASSWORD = "a password of ten"


class Person:
    """A client with a token, or a stranger with none. Of any thread."""

    def __init__(self, node: Node, member: str = "", token: str = "") -> None:
        self.id = member
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = node.http

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self._http.get(_below(path), params=query, headers=self._headers)

    def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        """With a key of its own unless one is given. Raises httpx.TransportError where no answer came."""
        headers = {**self._headers, "Idempotency-Key": key or str(uuid.uuid4())}
        return self._http.post(_below(path), json=body, headers=headers)

    def put(self, path: str, body: Any) -> httpx.Response:
        return self._http.put(_below(path), json=body, headers=self._headers)

    def delete(self, path: str) -> httpx.Response:
        return self._http.delete(_below(path), headers=self._headers)

    def shown(self, path: str, **query: Any) -> dict[str, Any]:
        """What a GET that must succeed says."""
        return _good(self.get(path, **query))

    def made(self, path: str, body: Any = None, key: str | None = None) -> dict[str, Any]:
        """What a POST that must be accepted says."""
        return _good(self.post(path, body, key))

    def bookings(self) -> dict[str, dict[str, Any]]:
        """All of one's own bookings, by id."""
        found: dict[str, dict[str, Any]] = {}
        cursor: str | None = None
        while True:
            page = self.shown("/bookings", limit=100, **({"cursor": cursor} if cursor else {}))
            found.update({item["id"]: item for item in page["items"]})
            cursor = page["next"]
            if cursor is None:
                return found


def _below(path: str) -> str:
    return path if path.startswith("/log") else f"/api/v1{path}"


def _good(response: httpx.Response) -> dict[str, Any]:
    assert response.is_success, f"{response.request.method} {response.url}: {response.status_code} {response.text}"
    body: dict[str, Any] = response.json() if response.content else {}
    return body


def newcomer(node: Node, name: str, email: str | None = None) -> Person:
    """Somebody who signs up over HTTP."""
    body = {
        "email": email or f"{uuid.uuid4().hex}@example.com",
        "password": PASSWORD,
        "name": name,
        "time_zone": "Europe/Lisbon",
    }
    joined = Person(node).made("/members", body)
    return Person(node, joined["id"], joined["token"])


def crowd(node: Node, count: int) -> list[Person]:
    """So many members at once: signed up through the relay, without the work that a password is, tokens minted."""
    secrets = node.secrets
    emails = [f"{uuid.uuid4().hex}@example.com" for _ in range(count)]
    joining = [
        envelop(
            secrets.cell_hmac,
            Sender(signup_actor(secrets.cell_hmac, email)),
            "join",
            c.SignUp(email, "A guest", "Europe/Lisbon", "!"),
            now(),
        )
        for email in emails
    ]
    members = settled(node, joining)
    expires_at = Instant(now() + DAY_US)
    return [
        Person(node, each, mint(secrets.subkey("token"), MemberId(each), 1, TokenId(str(uuid.uuid4())), expires_at))
        for each in members
    ]


def by_system(node: Node, *commands: c.AnyCommand) -> list[str]:
    """Commands that no member may send, through the relay. Gives what each made or changed."""
    sender = Sender(SYSTEM)
    return settled(
        node, [envelop(node.secrets.cell_hmac, sender, str(uuid.uuid4()), command, now()) for command in commands]
    )


def settled(node: Node, envelopes: Sequence[Envelope]) -> list[str]:
    """Sends through the node's socket what must be accepted; the subject of each."""

    async def submit_all() -> list[Any]:
        client = RelayClient(node.data / "run" / "relay.sock")
        replies = await asyncio.gather(*(client.submit(each, SETTLE_S) for each in envelopes))
        await client.close()
        return replies

    replies = asyncio.run(submit_all())
    for reply in replies:
        assert isinstance(reply, Settled), reply
        assert reply.outcome.subject is not None, reply.outcome.refusal
    return [reply.outcome.subject for reply in replies]


class Shop:
    """A provider with one calendar that is always open, and one published listing on it."""

    def __init__(self, node: Node, **terms: Any) -> None:
        self.provider = crowd(node, 1)[0]
        (category,) = by_system(node, c.AddCategory(None, f"c{uuid.uuid4().hex}", "Home", 1))
        self.calendar = self.provider.made(
            "/calendars", {"name": "Mine", "time_zone": "Europe/Lisbon", "hours": ALWAYS}
        )["id"]
        self.listing = self.provider.made("/listings", listing(category, self.calendar, **terms))["id"]
        self.provider.made(f"/listings/{self.listing}/publication")

    def slots(self, days: int = 2) -> list[dict[str, Any]]:
        """What can be booked, from the day after tomorrow on."""
        first = (datetime.now(UTC) + timedelta(days=2)).date()
        found: list[dict[str, Any]] = self.provider.shown(
            f"/listings/{self.listing}/slots", **{"from": str(first), "to": str(first + timedelta(days=days))}
        )["items"]
        return found

    def wish(self, slot: dict[str, Any]) -> dict[str, Any]:
        """The body that books a slot."""
        return {"listing": self.listing, "starts_at": slot["starts_at"]}


def listing(category: str, calendar: str, **terms: Any) -> dict[str, Any]:
    """A listing's body: an hour at the customer's or, as given in `terms`, anything else."""
    return {
        "title": "Taps and pipes",
        "description": "What drips and what does not.",
        "category": category,
        "calendars": [calendar],
        "place": "online",
        "price_minor": 4500,
        "duration_min": 60,
        "step_min": 60,
        **terms,
    }
