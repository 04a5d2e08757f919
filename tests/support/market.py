"""A market to try things on: seven kinds of people, and one of everything that they may meet, as often as asked for."""

import uuid
from datetime import UTC, datetime
from typing import Any

from holdfast.domain import commands as c
from holdfast.domain.instants import HOUR_US, MINUTE_US, Instant, moment_of
from holdfast.domain.rows import MemberId
from support.api import Api

ROLES = ("stranger", "customer", "other_customer", "provider", "other_provider", "operator", "suspended")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in WEEKDAYS]


class Market:
    """The people, and what they make. Every method makes something new and names it."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.members = {role: api.join(role) for role in ROLES[1:]}
        api.command(c.AppointOperator(MemberId(self.members["operator"])))
        api.command(c.SuspendMember(MemberId(self.members["suspended"]), "a test"))
        self.category_id = self.category()
        self.calendar_id = self.calendar()
        self._next_start = api.clock()

    def newcomer(self) -> str:
        """A member whom nobody knows."""
        return self.api.join(f"m{uuid.uuid4().hex}")

    def suspended(self) -> str:
        member = self.newcomer()
        self.api.made("POST", f"/members/{member}/suspension", "operator", {})
        return member

    def category(self) -> str:
        body = {"slug": f"c{uuid.uuid4().hex}", "name": "Home"}
        return self._id("POST", "/categories", "operator", body)

    def calendar(self) -> str:
        body = {"name": "Mine", "time_zone": "Europe/Lisbon", "hours": ALWAYS}
        return self._id("POST", "/calendars", "provider", body)

    def exception(self) -> str:
        """A closed day, far away, of the provider's calendar."""
        body = {"first_day": "2031-01-01", "last_day": "2031-01-01"}
        return self._id("POST", f"/calendars/{self.calendar_id}/exceptions", "provider", body)

    def listing_body(self, **changes: Any) -> dict[str, Any]:
        body = {
            "title": "Taps and pipes",
            "description": "What drips and what does not.",
            "category": self.category_id,
            "calendars": [self.calendar_id],
            "place": "provider",
            "area": "Alfama",
            "address": "Rua da Regueira 1",
            "lat": 38.712,
            "lng": -9.13,
            "price_minor": 4500,
            "duration_min": 60,
        }
        return {**body, **changes}

    def draft(self, **changes: Any) -> str:
        return self._id("POST", "/listings", "provider", self.listing_body(**changes))

    def published(self, **changes: Any) -> str:
        listing = self.draft(**changes)
        self.api.made("POST", f"/listings/{listing}/publication", "provider")
        return listing

    def start(self) -> str:
        """A start that nobody has taken."""
        earliest = Instant((self.api.clock() // HOUR_US + 2) * HOUR_US)
        self._next_start = max(earliest, Instant(self._next_start + HOUR_US))
        return moment_of(self._next_start).isoformat()

    def requested(self) -> str:
        return self._booked(instant=False)

    def confirmed(self) -> str:
        return self._booked()

    def started(self) -> str:
        """A confirmed booking that began a minute ago."""
        booking = self._booked()
        starts_at = datetime.fromisoformat(self.api.made("GET", f"/bookings/{booking}", "customer")["starts_at"])
        self.api.clock.now = Instant(int(starts_at.astimezone(UTC).timestamp()) * 1_000_000 + MINUTE_US)
        return booking

    def completed(self) -> str:
        booking = self.started()
        self.api.made("POST", f"/bookings/{booking}/completion", "provider")
        return booking

    def reviewed(self) -> str:
        """The customer's review of a booking that both have reviewed, so that both reviews can be seen."""
        booking = self.completed()
        review = self._id("POST", f"/bookings/{booking}/review", "customer", {"stars": 4, "text": "Dry again."})
        self.api.made("POST", f"/bookings/{booking}/review", "provider", {"stars": 5, "text": "A friendly house."})
        return review

    def command(self) -> str:
        """The customer's command, settled: the newest outcome that is theirs."""
        key = str(uuid.uuid4())
        self.api.send("POST", "/calendars", "customer", {"name": "Mine", "time_zone": "Europe/Lisbon"}, key)
        return self.api.command_id(self.members["customer"], key)

    def _booked(self, **terms: Any) -> str:
        body = {"listing": self.published(**terms), "starts_at": self.start()}
        return self._id("POST", "/bookings", "customer", body)

    def _id(self, method: str, path: str, who: str, body: dict[str, Any]) -> str:
        return str(self.api.made(method, path, who, body)["id"])
