"""The whole way of people who are new here, through the API of a real node."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import Struct

from holdfast.log.note import decode64
from holdfast.log.proof import verify_proof
from support.node import Node, new_node
from support.past import CUSTOMER, PROVIDER, Past, give_past
from support.people import PASSWORD, WEEKDAYS, Person, listing, newcomer

HOURS = [
    {"weekday": day, "opens": opens, "closes": closes}
    for day in WEEKDAYS
    for opens, closes in (("09:00", "12:00"), ("14:00", "18:00"))
]
STARTS = ["09:00", "10:00", "11:00", "14:00", "15:00", "16:00", "17:00"]
HALF_BACK = [{"hours_before": 24 * 30, "refund_percent": 100}, {"hours_before": 1, "refund_percent": 50}]
VISITS = {"place": "customer", "area": "Alfama", "lat": 38.712, "lng": -9.13, "cancellation": HALF_BACK}


class Town(Struct, frozen=True):
    """A node, what happened there before, and one provider's calendar and instant listing."""

    node: Node
    past: Past
    provider: Person
    category: str
    calendar: str
    listing: str


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with new_node() as node:
        past = give_past(node)
        node.start()
        email = f"{uuid.uuid4().hex}@example.com"
        operator, provider = newcomer(node, "Ana Matos", email), newcomer(node, "Duarte Pinto")
        added = node.holdfast("operator", "add", email)
        assert added.returncode == 0, added.stderr
        category = operator.made("/categories", {"slug": "plumbing", "name": "Plumbing"})["id"]
        calendar = provider.made("/calendars", {"name": "Mine", "time_zone": "Europe/Lisbon"})["id"]
        assert provider.put(f"/calendars/{calendar}/hours", {"hours": HOURS}).status_code == 200
        offered = provider.made("/listings", listing(category, calendar, **VISITS))["id"]
        provider.made(f"/listings/{offered}/publication")
        yield Town(node, past, provider, category, calendar, offered)


def _day() -> str:
    return str((datetime.now(UTC) + timedelta(days=3)).date())


def _offered(town: Town, **terms: Any) -> str:
    """Another published listing of the provider's, on a calendar of its own."""
    body = {"name": "Other", "time_zone": "Europe/Lisbon", "hours": HOURS}
    calendar = town.provider.made("/calendars", body)["id"]
    offered: str = town.provider.made("/listings", listing(town.category, calendar, **terms))["id"]
    town.provider.made(f"/listings/{offered}/publication")
    return offered


def _slots(town: Town, listing_id: str) -> list[dict[str, Any]]:
    day = datetime.fromisoformat(_day()).date()
    found: list[dict[str, Any]] = Person(town.node).shown(
        f"/listings/{listing_id}/slots", **{"from": str(day), "to": str(day + timedelta(days=1))}
    )["items"]
    return found


def _booked(town: Town, customer: Person, slot: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"listing": town.listing, "starts_at": slot["starts_at"], "address": "Beco do Mirante 3", **more}
    return customer.made("/bookings", body)


def test_a_listing_is_its_owners_until_it_is_published_and_then_found_by_search(town: Town) -> None:
    stranger = Person(town.node)
    body = listing(town.category, town.calendar, title="Canalizações do Pátio")
    drafted = town.provider.made("/listings", body)["id"]
    path = f"/listings/{drafted}"
    assert (stranger.get(path).status_code, town.provider.shown(path)["state"]) == (404, "draft")
    search = {"q": "canalizacoes patio", "category": "plumbing"}
    assert stranger.shown("/listings", **search)["items"] == []
    town.provider.made(f"{path}/publication")
    assert [item["id"] for item in stranger.shown("/listings", **search)["items"]] == [drafted]
    assert stranger.shown("/listings", category="past")["items"][0]["id"] == town.past.listing
    assert [slot["starts_at"][11:16] for slot in _slots(town, drafted)] == STARTS


def test_a_booking_is_shown_to_its_two_parties_and_nobody_else_and_its_receipt_verifies(town: Town) -> None:
    customer, stranger = newcomer(town.node, "Inês Lobo"), newcomer(town.node, "Nobody")
    slot = _slots(town, town.listing)[0]
    booking = _booked(town, customer, slot, offer=slot["offer"], note="Third bell")
    assert (booking["state"], booking["total_minor"]) == ("confirmed", slot["total_minor"])
    for party, side in ((customer, "customer"), (town.provider, "provider")):
        shown = party.shown(f"/bookings/{booking['id']}")
        assert (shown["side"], shown["note"], shown["address"]) == (side, "Third bell", "Beco do Mirante 3")
        assert party.bookings()[booking["id"]]["state"] == "confirmed"
    assert stranger.get(f"/bookings/{booking['id']}").status_code == 404
    _check_receipt(town, customer, booking)


def _check_receipt(town: Town, customer: Person, booking: dict[str, Any]) -> None:
    """With nothing but what the cell publishes: its key and the proof."""
    name, _, key = customer.get("/log/key").text.strip().split("+", 2)
    public_key = decode64(key)
    assert public_key is not None
    receipt = customer.get(f"/bookings/{booking['id']}/receipt")
    assert receipt.status_code == 200, receipt.text
    proven = verify_proof(receipt.text, name, public_key[1:])
    assert booking["id"].encode() in proven.body
    assert b"Mirante" not in proven.body
    assert proven.index == customer.shown(f"/bookings/{booking['id']}")["history"][0]["log_seq"]
    assert town.provider.get(f"/bookings/{booking['id']}/receipt").status_code == 200


def test_case_7_a_cancellation_gives_the_refund_that_was_shown_and_frees_the_slot_at_once(town: Town) -> None:
    customer, other = newcomer(town.node, "Rui Vaz"), newcomer(town.node, "Marta Gil")
    slot = _slots(town, town.listing)[1]
    booking = _booked(town, customer, slot)
    assert slot["starts_at"] not in {each["starts_at"] for each in _slots(town, town.listing)}
    refund = customer.shown(f"/bookings/{booking['id']}")["cancellation"]["refund_now_minor"]
    assert refund == slot["total_minor"] // 2
    path = f"/bookings/{booking['id']}/cancellation"
    greedy = customer.post(path, {"refund_minor": refund + 1})
    assert (greedy.status_code, greedy.json()["code"]) == (409, "refund_changed")
    cancelled = customer.made(path, {"refund_minor": refund})
    assert (cancelled["state"], cancelled["refund_minor"]) == ("cancelled", refund)
    assert slot["starts_at"] in {each["starts_at"] for each in _slots(town, town.listing)}
    assert _booked(town, other, slot)["state"] == "confirmed"


def test_case_6_every_listed_slot_can_be_booked(town: Town) -> None:
    customer = newcomer(town.node, "Lia Sá")
    offered = _offered(town)
    slots = _slots(town, offered)
    for slot in slots:
        body = {"listing": offered, "starts_at": slot["starts_at"], "offer": slot["offer"]}
        assert customer.made("/bookings", body)["state"] == "confirmed"
    assert (len(slots), _slots(town, offered)) == (len(STARTS), [])


def test_a_request_waits_for_its_provider_who_accepts_or_declines(town: Town) -> None:
    customer = newcomer(town.node, "Eva Brito")
    on_request = _offered(town, instant=False)
    yes, no = _slots(town, on_request)[:2]
    accepted, declined = (
        customer.made("/bookings", {"listing": on_request, "starts_at": slot["starts_at"]}) for slot in (yes, no)
    )
    assert accepted["state"] == declined["state"] == "requested"
    assert accepted["answer_by"] is not None
    assert customer.post(f"/bookings/{accepted['id']}/acceptance").status_code == 403
    assert town.provider.made(f"/bookings/{accepted['id']}/acceptance")["state"] == "confirmed"
    assert town.provider.made(f"/bookings/{declined['id']}/decline", {"reason": "Away"})["state"] == "declined"
    free = {slot["starts_at"] for slot in _slots(town, on_request)}
    assert (yes["starts_at"] in free, no["starts_at"] in free) == (False, True)


def test_case_25_both_sides_review_a_completed_booking_and_only_that(town: Town) -> None:
    provider, customer = (_signed_in(town.node, email) for email in (PROVIDER, CUSTOMER))
    booking = f"/bookings/{town.past.booking}"
    early = customer.post(f"{booking}/review", {"stars": 4, "text": "Too early"})
    assert (early.status_code, early.json()["code"]) == (409, "booking_not_completed")
    assert provider.made(f"{booking}/completion")["state"] == "completed"
    review = customer.made(f"{booking}/review", {"stars": 4, "text": "Runs again."})
    reviews = f"/listings/{town.past.listing}/reviews"
    assert Person(town.node).shown(reviews)["items"] == []
    provider.made(f"{booking}/review", {"stars": 5, "text": "Good tea."})
    provider.made(f"/reviews/{review['id']}/reply", {"text": "Come again."})
    (shown,) = Person(town.node).shown(reviews)["items"]
    assert (shown["stars"], shown["text"], shown["reply"]["text"]) == (4, "Runs again.", "Come again.")
    rated = Person(town.node).shown(f"/listings/{town.past.listing}")
    assert (rated["rating"], rated["rating_count"], rated["rating_stars"]) == (4.0, 1, [0, 0, 0, 1, 0])


def _signed_in(node: Node, email: str) -> Person:
    signed_in = Person(node).made("/tokens", {"email": email, "password": PASSWORD})
    return Person(node, signed_in["id"], signed_in["token"])


def test_verify_passes_on_what_people_did_and_names_each_row_that_was_changed_by_sql(town: Town) -> None:
    verified = town.node.holdfast("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    booking = town.past.booking
    for table, change, undo in (
        ("cell.booking", "total_minor = total_minor + 1", "total_minor = total_minor - 1"),
        ("cell.booking_line", "amount_minor = amount_minor - 1", "amount_minor = amount_minor + 1"),
        ("ledger.outcome", "key = key || 'x'", "key = left(key, -1)"),
    ):
        column = {"cell.booking": "id", "cell.booking_line": "booking", "ledger.outcome": "subject"}[table]
        town.node.spoil(f"UPDATE {table} SET {change} WHERE {column} = '{booking}'")
        found = town.node.holdfast("verify", "--all")
        town.node.spoil(f"UPDATE {table} SET {undo} WHERE {column} = '{booking}'")
        assert found.returncode == 1, found.stdout + found.stderr
        assert table in found.stdout
        assert table.startswith("ledger") or booking in found.stdout
    assert town.node.holdfast("verify").returncode == 0
