"""A load of customers who book at random while something breaks, and remember every word they were told."""

import contextlib
import os
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

import httpx
from msgspec import Struct

from support.node import Node
from support.people import Person, Shop, crowd
from support.until import until

CUSTOMERS = 30
DAYS = 4
LENGTH_MIN = 15
"""384 slots: enough for bookings to the end, few enough for some to be fought over."""
PAUSE_S = (0.05, 0.4)
PUT_OFF_S = (0.5, 1.5)
"""Between two wishes; and after one that got no answer."""
UNKNOWN = (503,)
"""No answer at all counts as this one: both say to send it again under the same key."""
RECOVERY_S = 90.0
AT_ONCE = 8
AGAIN = 20


def seed() -> int:
    """Drawn for each test, or given by HOLDFAST_TEST_SEED; printed, for the test to be run again with it."""
    drawn = int(os.environ.get("HOLDFAST_TEST_SEED") or random.randrange(1 << 32))
    print(f"HOLDFAST_TEST_SEED={drawn}")
    return drawn


class Attempt(Struct, eq=False):
    """One wish: what was sent, what was told first (503: nothing that says what became of it), what came of it."""

    customer: Person
    key: str
    body: dict[str, Any]
    told: int = 0
    answer: dict[str, Any] = {}
    booking: str | None = None

    def send(self) -> httpx.Response:
        return self.customer.post("/bookings", self.body, self.key)


class Load:
    """Customers in threads, from entering the context to leaving it."""

    def __init__(self, node: Node, rng: random.Random, customers: int = CUSTOMERS) -> None:
        self.node = node
        self.shop = Shop(node, duration_min=LENGTH_MIN, step_min=LENGTH_MIN)
        self.attempts: list[Attempt] = []
        self._slots = self.shop.slots(DAYS)
        self._stop = Event()
        self._customers = crowd(node, customers)
        self._threads = [
            Thread(target=self._book, args=(each, random.Random(rng.random()))) for each in self._customers
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def told(self, *statuses: int) -> int:
        """How many were told one of these."""
        return sum(attempt.told in statuses for attempt in list(self.attempts))

    def goes_on(self, more: int, *statuses: int) -> None:
        """Waits until so many more customers were told one of these (200 bookings or refusals unless given)."""
        wanted = statuses or (201, 409)
        goal = self.told(*wanted) + more
        until(lambda: self.told(*wanted) >= goal, f"{more} more answers {wanted}; so far {self.tally()}", RECOVERY_S)

    def tally(self) -> dict[int, int]:
        return dict(Counter(attempt.told for attempt in self.attempts))

    def settle(self) -> None:
        """Learns what became of every attempt, as its sender would: asks for the command, or sends it again."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._settle, self.attempts))

    def _book(self, customer: Person, rng: random.Random) -> None:
        pause_s = PAUSE_S
        while not self._stop.wait(rng.uniform(*pause_s)):
            attempt = Attempt(
                customer, str(uuid.UUID(int=rng.getrandbits(128))), self.shop.wish(rng.choice(self._slots))
            )
            pause_s = PUT_OFF_S if _note(attempt) in UNKNOWN else PAUSE_S
            self.attempts.append(attempt)

    def _settle(self, attempt: Attempt) -> None:
        if attempt.told in UNKNOWN:
            until(lambda: _note(attempt) not in UNKNOWN, f"an answer to {attempt.key}", RECOVERY_S)
        if attempt.told == 202:
            attempt.booking = _outcome(attempt.customer, str(attempt.answer["command"]))
        elif attempt.told == 201:
            attempt.booking = str(attempt.answer["id"])
        else:
            assert attempt.told == 409, f"{attempt.told}: {attempt.answer}"


def _note(attempt: Attempt) -> int:
    """Sends it and remembers what was told."""
    attempt.told = UNKNOWN[0]
    with contextlib.suppress(httpx.TransportError):
        answer = attempt.send()
        attempt.told, attempt.answer = answer.status_code, answer.json()
    return attempt.told


def _outcome(customer: Person, command: str) -> str | None:
    """The booking that a received command became, once it is settled; None where it was refused."""

    def settled() -> dict[str, Any] | None:
        answer = customer.get(f"/commands/{command}")
        if answer.status_code == 503:
            return None
        assert answer.status_code == 200, f"what was received is known: {answer.text}"
        shown: dict[str, Any] = answer.json()
        return None if shown["state"] == "received" else shown

    shown = until(settled, f"{command} is settled", RECOVERY_S)
    return str(shown["booking"]) if shown["state"] == "accepted" else None


def check(node: Node, load: Load) -> None:
    """A, B, C, E and G of FAULTS.md, by what customers see and by what the tables hold."""
    load.settle()
    kept = [attempt for attempt in load.attempts if attempt.booking is not None]
    assert len({attempt.booking for attempt in kept}) == len(kept), "one wish, one booking"
    assert len({attempt.body["starts_at"] for attempt in kept}) == len(kept), "one slot, one booking"
    _check_customers(kept, {attempt.customer.id: attempt.customer for attempt in load.attempts})
    _check_again(load.attempts)
    calendar = load.shop.calendar
    assert node.rows(f"SELECT count(*), count(DISTINCT booking) FROM cell.claim WHERE calendar = '{calendar}'") == [
        (len(kept), len(kept))
    ]
    assert node.rows(_OVERLAPS) == []
    assert node.rows(_GAPS) == [(True,)]
    until(lambda: node.rows(_SIGNED) == [(True,)], "the newest checkpoint covers the log")
    verified = node.holdfast("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def _check_customers(kept: Sequence[Attempt], customers: dict[str, Person]) -> None:
    """Everybody has what they were promised, confirmed, and nothing else."""
    promised: dict[str, dict[str, str]] = {member: {} for member in customers}
    for attempt in kept:
        promised[attempt.customer.id][str(attempt.booking)] = attempt.body["starts_at"]
    for member, customer in customers.items():
        held = customer.bookings()
        assert {each["state"] for each in held.values()} <= {"confirmed"}
        assert {name: each["starts_at"] for name, each in held.items()} == promised[member]


def _check_again(attempts: Sequence[Attempt]) -> None:
    """The same key and body once more: the same booking, or a refusal again."""
    for attempt in [*attempts[:AGAIN], *[late for late in attempts if late.told == 202][:AGAIN]]:
        answer = attempt.send()
        assert answer.status_code == (409 if attempt.booking is None else 201), answer.text
        assert attempt.booking in (None, answer.json().get("id"))


_OVERLAPS = """
SELECT a.booking, b.booking FROM cell.claim a JOIN cell.claim b
ON a.calendar = b.calendar AND a.during && b.during AND a.booking < b.booking
"""
_GAPS = """
SELECT count(*) = max(seq) + 1 AND min(seq) = 0 AND count(*) = (SELECT size FROM ledger.head) FROM ledger.log
"""
_SIGNED = "SELECT max(checkpoint.size) = max(head.size) FROM ledger.checkpoint, ledger.head"
