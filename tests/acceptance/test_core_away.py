"""While the core does not answer (FAULTS.md 10): bookings are received, with a receipt, and settled when it is back."""

import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.domain.instants import instant_of
from holdfast.log.note import public_bytes
from holdfast.log.receipts import verify_receipt
from support.node import Node
from support.people import Person, Shop, crowd
from support.until import until

DEADLINE_S = 0.5
"""As the node's settings have it."""
GENEROUS_S = 1.5
SETTLED_S = 60.0


@pytest.fixture
def shop(node: Node) -> Shop:
    return Shop(node)


def _received(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    body: dict[str, Any] = answer.json()
    return body


def _outcome(customer: Person, command: str) -> dict[str, Any]:
    """The command, once it is settled."""

    def settled() -> dict[str, Any] | None:
        answer = customer.get(f"/commands/{command}")
        return answer.json() if answer.status_code == 200 and answer.json()["state"] != "received" else None

    return until(settled, f"{command} is settled", SETTLED_S) or {}


def _cell(node: Node) -> str:
    ((cell,),) = node.rows("SELECT id::text FROM cell.cell")
    return str(cell)


def test_fault_10_a_booking_is_received_within_the_deadline_with_a_receipt_that_verifies(
    node: Node, shop: Shop
) -> None:
    cell, (customer,) = _cell(node), crowd(node, 1)
    key, body = str(uuid.uuid4()), shop.wish(shop.slots()[0])
    node_key = public_bytes(Ed25519PrivateKey.from_private_bytes(node.secrets.node_ed25519))
    with node.frozen("postgres"):
        began = time.monotonic()
        told = _received(customer.post("/bookings", body, key))
        took_s = time.monotonic() - began
        receipt = verify_receipt(told["receipt"], cell, node_key)
        assert receipt.command_id == told["command"]
        valid_until = datetime.fromisoformat(told["valid_until"])
        assert receipt.valid_until == instant_of(valid_until)
        assert valid_until <= datetime.fromisoformat(body["starts_at"])
        waiting = customer.shown(f"/commands/{told['command']}")
        assert (waiting["state"], waiting["receipt"]) == ("received", told["receipt"])
        assert _received(customer.post("/bookings", body, key)) == told
        other = customer.post("/bookings", {**body, "note": "Another"}, key)
        assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    outcome = _outcome(customer, told["command"])
    assert outcome["state"] == "accepted"
    assert customer.shown(f"/bookings/{outcome['booking']}")["state"] == "confirmed"
    assert customer.made("/bookings", body, key)["id"] == outcome["booking"]
    print(f"received after {took_s:.2f} s at a deadline of {DEADLINE_S} s")
    assert took_s < DEADLINE_S + GENEROUS_S


def test_fault_30_a_command_that_was_withdrawn_while_it_waited_books_nothing(node: Node, shop: Shop) -> None:
    slots, (first, second, third) = shop.slots(), crowd(node, 3)
    key, body = str(uuid.uuid4()), shop.wish(slots[1])
    with node.frozen("postgres"):
        on_its_way = _received(first.post("/bookings", shop.wish(slots[0])))
        told = _received(second.post("/bookings", body, key))
        behind = _received(third.post("/bookings", body))
        assert third.delete(f"/commands/{told['command']}").status_code != 200, "only its sender takes it back"
        withdrawn = second.delete(f"/commands/{told['command']}")
        assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    assert _outcome(second, told["command"])["state"] == "withdrawn"
    assert _outcome(first, on_its_way["command"])["state"] == "accepted"
    assert _outcome(third, behind["command"])["state"] == "accepted", "the slot went to who asked next"
    assert second.bookings() == {}
    again = second.post("/bookings", body, key)
    assert (again.status_code, again.json()["code"]) == (409, "withdrawn")


def test_fault_10_nobody_signs_up_while_the_core_is_away(node: Node, shop: Shop) -> None:
    slots, (customer,) = shop.slots(), crowd(node, 1)
    stranger = {"email": "later@example.com", "password": "a long password", "name": "Later", "time_zone": "UTC"}
    with node.frozen("postgres"):
        _received(customer.post("/bookings", shop.wish(slots[0])))

        def refused() -> httpx.Response | None:
            answer = Person(node).post("/members", {**stranger, "email": f"{uuid.uuid4().hex}@example.com"})
            return answer if answer.status_code == 503 else None

        answer = until(refused, "the relay knows that the core is away", SETTLED_S)
        assert (answer.json()["code"], "Retry-After" in answer.headers) == ("core_away", True)
    assert Person(node).made("/members", stranger)["id"]


def test_fault_10_a_postmaster_frozen_alone_stops_nobody_who_is_connected(node: Node, shop: Shop) -> None:
    slots, (customer,) = shop.slots(), crowd(node, 1)
    customer.made("/bookings", shop.wish(slots[0]))
    with node.frozen("postgres", alone=True):
        assert customer.post("/bookings", shop.wish(slots[1])).status_code in (201, 202)
    until(lambda: len(customer.bookings()) == 2, "both are booked", SETTLED_S)


def test_fault_9_13_what_was_received_survives_a_killed_relay_and_a_killed_core(node: Node, shop: Shop) -> None:
    slots, customers = shop.slots(), crowd(node, 5)
    wishes = [(each, str(uuid.uuid4()), shop.wish(slots[n // 2])) for n, each in enumerate(customers)]
    with node.frozen("postgres"):
        told = [_received(customer.post("/bookings", body, key))["command"] for customer, key, body in wishes]
        before = node.kill("relay")
        until(lambda: node.pid("relay") != before, "another relay")
        node.kill("postgres")
    outcomes = [_outcome(customer, command) for (customer, _, _), command in zip(wishes, told, strict=True)]
    assert [outcome["state"] for outcome in outcomes] == ["accepted", "refused", "accepted", "refused", "accepted"]
    for (customer, key, body), outcome in zip(wishes, outcomes, strict=True):
        again = customer.post("/bookings", body, key)
        assert again.json().get("id") == outcome["booking"]
        assert again.status_code == (201 if outcome["booking"] else 409)
        assert list(customer.bookings()) == [outcome["booking"]] * bool(outcome["booking"])


def test_a_relay_that_starts_while_the_core_is_frozen_takes_up_its_journal_and_takes_bookings(
    node: Node, shop: Shop
) -> None:
    slots, (early, late) = shop.slots(), crowd(node, 2)
    late.made("/bookings", shop.wish(slots[5]))
    with node.frozen("postgres"):
        kept = _received(early.post("/bookings", shop.wish(slots[0])))
        before = node.kill("relay")
        until(lambda: node.pid("relay") != before, "another relay")
        until(
            lambda: early.get(f"/commands/{kept['command']}").status_code == 200, "the relay knows it again", SETTLED_S
        )
        behind = _received(late.post("/bookings", shop.wish(slots[0])))
    assert _outcome(early, kept["command"])["state"] == "accepted"
    refused = _outcome(late, behind["command"])
    assert (refused["state"], refused["code"]) == ("refused", "slot_taken")


def test_a_command_counts_for_a_day_at_most_and_not_past_its_slots_notice(node: Node) -> None:
    strict, (customer,) = Shop(node, notice_min=2160), crowd(node, 1)
    slot = strict.slots()[12]
    latest = datetime.fromisoformat(slot["starts_at"]) - timedelta(minutes=2160)
    customer.made("/bookings", strict.wish(strict.slots()[20]))
    with node.frozen("postgres"):
        told = _received(customer.post("/bookings", strict.wish(slot)))
        valid_until = datetime.fromisoformat(told["valid_until"])
    assert valid_until <= latest
    assert _outcome(customer, told["command"])["state"] == "accepted"
