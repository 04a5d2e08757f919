"""One slot and many who want it, and one wish sent many times."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx

from support.node import Node
from support.people import Person, Shop, crowd

TWENTY = 20


def at_once(requests: Sequence[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """All of them in parallel, none before the others are ready."""
    together = Barrier(len(requests))

    def send(request: Callable[[], httpx.Response]) -> httpx.Response:
        together.wait(30)
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def _claims(node: Node, shop: Shop, slot: dict[str, Any]) -> int:
    query = (
        f"SELECT count(*) FROM cell.claim WHERE calendar = '{shop.calendar}' "
        f"AND during && tstzrange('{slot['starts_at']}', '{slot['ends_at']}')"
    )
    ((count,),) = node.rows(query)
    assert isinstance(count, int)
    return count


def _one_won(answers: Sequence[httpx.Response]) -> str:
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: TWENTY - 1}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slot_taken"}
    return next(str(answer.json()["id"]) for answer in answers if answer.status_code == 201)


def test_case_1_twenty_parallel_posts_of_one_customer_for_one_slot_make_one_booking(node: Node) -> None:
    shop, (customer,) = Shop(node), crowd(node, 1)
    slot = shop.slots()[0]
    booking = _one_won(at_once([lambda: customer.post("/bookings", shop.wish(slot))] * TWENTY))
    assert list(customer.bookings()) == [booking]
    assert _claims(node, shop, slot) == 1


def test_case_1_twenty_customers_at_once_for_one_slot_make_one_booking(node: Node) -> None:
    shop, customers = Shop(node), crowd(node, TWENTY)
    slot = shop.slots()[0]
    booking = _one_won(at_once([_posting(each, shop.wish(slot)) for each in customers]))
    assert [list(each.bookings()) for each in customers if each.bookings()] == [[booking]]
    assert _claims(node, shop, slot) == 1


def test_case_4_a_stretch_that_overlaps_a_booking_is_refused_with_its_buffers(node: Node) -> None:
    shop, (first, second) = Shop(node, step_min=15, buffer_after_min=15), crowd(node, 2)
    slots = shop.slots()
    assert first.post("/bookings", shop.wish(slots[4])).status_code == 201
    for near in (slots[0], slots[3], slots[8]):
        answer = second.post("/bookings", shop.wish(near))
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert second.post("/bookings", shop.wish(slots[9])).status_code == 201
    listed = {slot["starts_at"] for slot in shop.slots()}
    assert not listed & {slot["starts_at"] for slot in slots[:14]}


def test_a_key_sent_again_with_the_same_body_names_the_same_booking_at_once_and_later(node: Node) -> None:
    shop, (customer,) = Shop(node), crowd(node, 1)
    key, body = str(uuid.uuid4()), shop.wish(shop.slots()[0])
    answers = at_once([lambda: customer.post("/bookings", body, key)] * TWENTY)
    answers.append(customer.post("/bookings", body, key))
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["id"] for answer in answers} == set(customer.bookings())
    assert len(customer.bookings()) == 1


def test_a_refused_key_sent_again_is_refused_again_though_the_slot_is_free_by_then(node: Node) -> None:
    shop, (first, second) = Shop(node), crowd(node, 2)
    key, body = str(uuid.uuid4()), shop.wish(shop.slots()[0])
    booking = first.made("/bookings", body)
    refused = second.post("/bookings", body, key)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    first.made(f"/bookings/{booking['id']}/cancellation", {})
    again = second.post("/bookings", body, key)
    assert (again.status_code, again.json()["code"]) == (409, "slot_taken")
    assert second.post("/bookings", body).status_code == 201


def test_a_key_sent_again_with_another_body_is_refused_and_books_nothing(node: Node) -> None:
    shop, (customer,) = Shop(node), crowd(node, 1)
    key, slots = str(uuid.uuid4()), shop.slots()
    customer.made("/bookings", shop.wish(slots[0]), key)
    for body in (shop.wish(slots[1]), {**shop.wish(slots[0]), "note": "The second floor"}):
        answer = customer.post("/bookings", body, key)
        assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert len(customer.bookings()) == 1


def test_the_key_of_another_member_is_another_key(node: Node) -> None:
    shop, (first, second) = Shop(node), crowd(node, 2)
    key, slots = str(uuid.uuid4()), shop.slots()
    mine = first.made("/bookings", shop.wish(slots[0]), key)["id"]
    theirs = second.made("/bookings", shop.wish(slots[1]), key)["id"]
    assert mine != theirs
    assert (set(first.bookings()), set(second.bookings())) == ({mine}, {theirs})


def _posting(customer: Person, body: dict[str, Any]) -> Callable[[], httpx.Response]:
    return lambda: customer.post("/bookings", body)
