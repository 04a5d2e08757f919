"""A booking's life through the API, and who sees what of it."""

from holdfast.domain.commands import SuspendMember
from holdfast.domain.instants import DAY_US, HOUR_US
from holdfast.domain.rows import SYSTEM, MemberId
from support.face import Face, expect_invalid
from support.history import Market

START = "2025-10-22T10:00:00+01:00"


def book(face: Face, by: str, listing: str, start: str = START, **more: object) -> str:
    """Its id."""
    answer = face.post("/bookings", by, listing=listing, starts_at=start, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def act(face: Face, by: str, booking: str, verb: str, **body: object) -> tuple[int, str]:
    """Status, and the booking's state or the problem's code."""
    answer = face.post(f"/bookings/{booking}/{verb}", by, **body)
    return answer.status_code, answer.json().get("state") or answer.json()["code"]


def test_placing_costs_no_query_once_the_listing_is_known(face: Face, cell: Market) -> None:
    book(face, cell.customer, cell.instant)
    book(face, cell.customer, cell.instant, "2025-10-22T14:00:00+01:00")
    assert face.queries == 0


def test_an_act_whose_fields_are_all_optional_needs_no_body_and_others_say_that_they_do(
    face: Face, cell: Market
) -> None:
    booking = book(face, cell.customer, cell.instant)
    cancelled = face.send("POST", f"/bookings/{booking}/cancellation", cell.customer)
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    for path in ("/bookings", f"/bookings/{booking}/review"):
        expect_invalid(face.send("POST", path, cell.customer), "body")


def test_an_id_counts_in_capitals_too(face: Face, cell: Market) -> None:
    booking = book(face, cell.customer, cell.instant.upper())
    assert face.get(f"/bookings/{booking.upper()}", cell.customer).json()["id"] == booking


def test_a_repeated_request_books_once(face: Face, cell: Market) -> None:
    body = {"listing": cell.instant, "starts_at": START}
    first, again = (face.post("/bookings", cell.customer, key="twice", **body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    other = face.post("/bookings", cell.customer, key="twice", **(body | {"note": "more"}))
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    elses = face.post("/bookings", cell.operator, key="twice", **body)
    assert (elses.status_code, elses.json()["code"]) == (409, "slot_taken")


def test_a_request_is_accepted_done_and_reviewed_by_both(face: Face, cell: Market) -> None:
    booking = book(face, cell.customer, cell.by_request, note="Third floor", address="Rua 2")
    seen = face.get(f"/bookings/{booking}", cell.provider).json()
    assert (seen["state"], seen["note"], seen["address"], seen["side"]) == (
        "requested",
        "Third floor",
        None,
        "provider",
    )
    assert act(face, cell.customer, booking, "acceptance") == (403, "not_yours")
    assert act(face, cell.provider, booking, "acceptance") == (200, "confirmed")
    assert face.get(f"/bookings/{booking}", cell.provider).json()["address"] == "Rua 2"
    assert act(face, cell.provider, booking, "completion") == (409, "booking_not_started")
    face.history.wait_until(face.history.now + 3 * DAY_US)
    assert act(face, cell.provider, booking, "completion") == (200, "completed")
    written = face.post(f"/bookings/{booking}/review", cell.customer, stars=4, text="Good")
    assert (written.status_code, written.json()["visible_since"]) == (201, None)
    assert face.get(f"/bookings/{booking}", cell.provider).json()["reviews"] == []
    assert face.get(f"/listings/{cell.by_request}/reviews").json()["items"] == []
    assert face.post(f"/bookings/{booking}/review", cell.provider, stars=5, text="On time").status_code == 201
    (shown,) = face.get(f"/listings/{cell.by_request}/reviews").json()["items"]
    assert (shown["stars"], shown["text"], shown["author"]["name"]) == (4, "Good", "Carla")
    replied = face.post(f"/reviews/{shown['id']}/reply", cell.provider, text="Thanks")
    assert (replied.status_code, replied.json()["reply"]["text"]) == (201, "Thanks")
    page = face.get(f"/listings/{cell.by_request}").json()
    assert (page["rating"], page["rating_count"], page["rating_stars"]) == (4.0, 1, [0, 0, 0, 1, 0])
    history = face.get(f"/bookings/{booking}", cell.customer).json()["history"]
    assert [(step["state"], step["by"]) for step in history] == [
        ("requested", "customer"), ("confirmed", "provider"), ("completed", "provider"),
    ]  # fmt: skip


def test_a_cancellation_gives_back_what_was_shown(face: Face, cell: Market) -> None:
    booking = book(face, cell.customer, cell.instant)
    face.history.wait_until(face.history.now + 16 * HOUR_US)
    shown = face.get(f"/bookings/{booking}", cell.customer).json()["cancellation"]
    assert shown["refund_now_minor"] == 2500
    assert shown["deadlines"] == [
        {"until": "2025-10-20T10:00:00+01:00", "refund_minor": 5000},
        {"until": "2025-10-21T10:00:00+01:00", "refund_minor": 2500},
    ]
    assert face.get(f"/bookings/{booking}", cell.provider).json()["cancellation"]["refund_now_minor"] == 5000
    assert act(face, cell.customer, booking, "cancellation", refund_minor=5000) == (409, "refund_changed")
    cancelled = face.post(f"/bookings/{booking}/cancellation", cell.customer, refund_minor=2500, reason="Ill")
    assert (cancelled.json()["state"], cancelled.json()["refund_minor"]) == ("cancelled", 2500)
    page = face.get(f"/bookings/{booking}", cell.provider).json()
    assert page["history"][-1]["remark"] == "Ill"
    assert page["cancellation"] == {"refund_now_minor": None, "deadlines": []}


def test_a_request_past_its_time_is_shown_as_expired_and_its_slot_as_free(face: Face, cell: Market) -> None:
    booking = book(face, cell.customer, cell.by_request)
    face.history.wait_until(face.history.now + 2 * HOUR_US)
    assert face.get(f"/bookings/{booking}", cell.customer).json()["state"] == "expired"
    for state, count in (("expired", 1), ("requested", 0)):
        answer = face.get("/bookings", cell.customer, state=state)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["items"]) == count
    slots = face.send("GET", f"/listings/{cell.instant}/slots?from=2025-10-22&to=2025-10-23").json()["items"]
    assert START in [item["starts_at"] for item in slots]


def test_a_stranger_cannot_tell_a_booking_from_nothing(face: Face, cell: Market) -> None:
    booking = book(face, cell.customer, cell.instant)
    outsider = cell.operator
    face.history.connection.execute("UPDATE cell.member SET operator_since = NULL WHERE id = %s", [outsider])
    face.history.connection.commit()
    missing = "99999999-9999-4999-8999-999999999999"
    for path in ("", "/receipt"):
        answers = [face.get(f"/bookings/{one}{path}", outsider) for one in (booking, missing, "nonsense")]
        assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "booking_unknown")] * 3
    for verb in ("acceptance", "decline", "cancellation", "completion", "no-show"):
        assert [act(face, outsider, one, verb) for one in (booking, missing)] == [(404, "booking_unknown")] * 2


def test_pages_of_bookings_hold_each_once(face: Face, cell: Market) -> None:
    starts = [f"2025-10-2{day}T1{hour}:00:00+01:00" for day in (2, 3, 4) for hour in (0, 2, 4)]
    for start in starts:
        book(face, cell.customer, cell.instant, start)
    seen, cursor = [], None
    while True:
        page = face.get("/bookings", cell.provider, limit=2, role="provider", **({"cursor": cursor} if cursor else {}))
        assert face.queries == 2
        seen += [item["starts_at"] for item in page.json()["items"]]
        cursor = page.json()["next"]
        if cursor is None:
            break
    assert seen == sorted(starts, reverse=True)
    assert face.get("/bookings", cell.provider, role="customer").json()["items"] == []
    of_a_day = face.get("/bookings", cell.customer, **{"from": "2025-10-23", "to": "2025-10-24"}).json()["items"]
    assert len(of_a_day) == 3


WRONG = [
    ({"from": "yesterday"}, "from"),
    ({"to": "2025-10-20T10:00:00"}, "to"),
    ({"state": "held"}, "state"),
    ({"role": "admin"}, "role"),
    ({"cursor": "AAAA"}, "cursor"),
    ({"limit": "101"}, "limit"),
    ({"page": "2"}, "page"),
]


def test_a_wrong_parameter_of_the_list_is_refused_by_its_name(face: Face, cell: Market) -> None:
    for params, field in WRONG:
        expect_invalid(face.get("/bookings", cell.customer, **params), field)


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"starts_at": "2025-10-22T10:00:00"}, "invalid_input"),
    ({"starts_at": "9999-12-31T23:59:59Z"}, "invalid_input"),
    ({"starts_at": "2025-10-22T10:07:00+01:00"}, "outside_hours"),
    ({"duration_min": 61}, "duration_not_offered"),
    ({"duration_min": 2**40}, "invalid_input"),
    ({"offer": "x" * 72}, "offer_invalid"),
    ({"listing": "99999999-9999-4999-8999-999999999999"}, "listing_unknown"),
    ({"listing": "x"}, "invalid_input"),
    ({"note": "\0"}, "invalid_input"),
    ({"nothing": 1}, "invalid_input"),
]


def test_what_cannot_be_booked_is_refused_by_name(face: Face, cell: Market) -> None:
    for changed, code in REFUSED:
        body: dict[str, object] = {"listing": cell.instant, "starts_at": START}
        answer = face.post("/bookings", cell.customer, **(body | changed))
        assert answer.json()["code"] == code, answer.text


def test_a_bookings_page_costs_five_queries(face: Face, cell: Market) -> None:
    booking = book(face, cell.customer, cell.instant)
    face.get(f"/bookings/{booking}", cell.customer)
    assert face.queries == 5


def test_a_suspended_operator_sees_nothing_of_others(face: Face, cell: Market) -> None:
    booking = book(face, cell.customer, cell.instant)
    assert face.get(f"/bookings/{booking}", cell.operator).status_code == 200
    face.history.made(SYSTEM, SuspendMember(MemberId(cell.operator), ""))
    assert face.get(f"/bookings/{booking}", cell.operator).json()["code"] == "booking_unknown"
