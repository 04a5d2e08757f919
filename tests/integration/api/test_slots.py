"""Every slot that is listed can be booked, and its offer is honoured."""

import httpx

from holdfast.api.bodies import shown_at
from holdfast.core.offers import open_offer
from support.face import Face, expect_invalid
from support.history import Market

DAYS = {"from": "2025-10-21", "to": "2025-10-23"}


def slots(face: Face, listing: str, **changed: object) -> httpx.Response:
    return face.get(f"/listings/{listing}/slots", **(DAYS | changed))


def test_a_listed_slot_is_booked_at_its_price(face: Face, cell: Market) -> None:
    answer = slots(face, cell.instant)
    assert answer.status_code == 200
    assert answer.json()["next"] is None
    first = answer.json()["items"][0]
    assert (first["starts_at"], first["ends_at"]) == ("2025-10-21T08:00:00+01:00", "2025-10-21T09:00:00+01:00")
    assert (first["total_minor"], first["currency"]) == (5000, "EUR")
    body = {"listing": cell.instant, "starts_at": first["starts_at"], "offer": first["offer"]}
    booked = face.post("/bookings", cell.customer, **body)
    assert booked.status_code == 201, booked.text
    assert booked.json()["state"] == "confirmed"
    assert booked.json()["total_minor"] == 5000


def test_case_6_every_listed_slot_can_be_booked_and_a_booked_one_is_listed_no_more(face: Face, cell: Market) -> None:
    body = {"listing": cell.instant, "starts_at": "2025-10-21T10:00:00+01:00"}
    assert face.post("/bookings", cell.customer, **body).status_code == 201
    starts = [item["starts_at"][11:16] for item in slots(face, cell.instant, to="2025-10-22").json()["items"]]
    # The buffer of 15 minutes before each booking counts on both sides.
    assert {"08:45", "11:15"} <= set(starts)
    assert not {"09:00", "09:15", "10:00", "11:00"} & set(starts)


def test_offers_run_out_half_an_hour_after_their_issue(face: Face, cell: Market) -> None:
    item = slots(face, cell.instant).json()["items"][0]
    taken = open_offer(face.context.offer_key, item["offer"])
    assert taken is not None
    assert shown_at(taken.starts_at, "Europe/Lisbon").isoformat() == item["starts_at"]
    assert 29 * 60_000_000 < taken.expires_at - face.history.now <= 30 * 60_000_000
    face.history.wait_until(taken.expires_at)
    body = {"listing": cell.instant, "starts_at": item["starts_at"], "offer": item["offer"]}
    assert face.post("/bookings", cell.customer, **body).json()["code"] == "offer_expired"


WRONG = [
    ({"to": "2025-10-21"}, "to"),
    ({"to": "2025-10-20"}, "to"),
    ({"to": "2025-12-23"}, "to"),
    ({"from": "2025-02-30"}, "from"),
    ({"from": "21.10.2025"}, "from"),
    ({"from": "2025-10-21T10:00Z"}, "from"),
    ({"to": "9999-12-31"}, "to"),
    ({"duration_min": "61"}, "duration_min"),
    ({"duration_min": "-1"}, "duration_min"),
    ({"duration_min": "x"}, "duration_min"),
    ({"limit": "1"}, "limit"),
]


def test_a_wrong_parameter_is_refused_by_its_name(face: Face, cell: Market) -> None:
    for changed, field in WRONG:
        expect_invalid(slots(face, cell.instant, **changed), field)


def test_dates_are_needed(face: Face, cell: Market) -> None:
    answer = face.get(f"/listings/{cell.instant}/slots")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error in ({"field": name, "message": "is required"} for name in ("from", "to"))


def test_slots_cost_five_queries_whatever_the_days(face: Face, cell: Market) -> None:
    for last in ("2025-10-22", "2025-12-22"):
        slots(face, cell.instant, to=last)
        assert face.queries == 5


def test_a_draft_has_no_page_for_strangers_and_no_slots_for_its_owner(face: Face, cell: Market) -> None:
    face.send("DELETE", f"/listings/{cell.instant}/publication", cell.provider)
    for path in ("", "/slots?from=2025-10-21&to=2025-10-22", "/reviews"):
        answer = face.send("GET", f"/listings/{cell.instant}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "listing_unknown")
        assert face.send("GET", f"/listings/{cell.instant}{path}", cell.provider).status_code == 200
        assert face.send("GET", f"/listings/{cell.instant}{path}", cell.operator).status_code == 200
        assert face.send("GET", f"/listings/{cell.instant}{path}", cell.customer).status_code == 404
    owners = face.send("GET", f"/listings/{cell.instant}/slots?from=2025-10-21&to=2025-10-22", cell.provider)
    assert owners.json()["items"] == []


def test_a_lost_slot_comes_with_the_nearest_free_ones(face: Face, cell: Market) -> None:
    body = {"listing": cell.instant, "starts_at": "2025-10-21T10:00:00+01:00"}
    assert face.post("/bookings", cell.customer, **body).status_code == 201
    lost = face.post("/bookings", cell.operator, **body)
    assert (lost.status_code, lost.json()["code"]) == (409, "slot_taken")
    nearest = lost.json()["nearest"]
    assert [item["starts_at"][11:16] for item in nearest] == ["08:45", "11:15", "08:30", "11:30", "08:15"]
    again = {"listing": cell.instant, "starts_at": nearest[0]["starts_at"], "offer": nearest[0]["offer"]}
    assert face.post("/bookings", cell.operator, **again).status_code == 201
    closed = face.post("/bookings", cell.customer, listing=cell.instant, starts_at="2025-10-21T03:00:00+01:00")
    assert (closed.status_code, closed.json()["code"]) == (409, "outside_hours")
    assert closed.json()["nearest"]


def test_a_listings_page_says_what_is_agreed(face: Face, cell: Market) -> None:
    shown = face.get(f"/listings/{cell.instant}").json()
    assert face.queries == 2
    assert shown["title"] == "Haircut"
    assert shown["provider"] == {"id": cell.provider, "name": "Paulo", "rating": None, "rating_count": 0}
    assert shown["time_zone"] == "Europe/Lisbon"
    assert (shown["lat"], shown["lng"]) == (38.71, -9.14)
    assert shown["terms"]["cancellation"] == [
        {"hours_before": 48, "refund_percent": 100},
        {"hours_before": 24, "refund_percent": 50},
    ]
