"""A command that waits can be looked up and taken back, by its sender alone."""

from support.face import Face
from support.history import Market

START = "2025-10-22T10:00:00+01:00"


def test_what_waits_is_received_then_withdrawn(face: Face, cell: Market) -> None:
    face.market.core_away = True
    answer = face.post("/bookings", cell.customer, listing=cell.instant, starts_at=START)
    assert answer.status_code == 202
    body = answer.json()
    assert (body["status"], body["receipt"]) == ("received", "receipt")
    assert body["valid_until"][:10] == "2025-10-21", "a day after its receipt, which is before the start"
    path = body["status_url"].removeprefix("/api/v1")
    waits = face.get(path, cell.customer)
    assert face.queries == 0, "the node answers without any database"
    assert waits.status_code == 200, waits.text
    assert (waits.status_code, waits.json()["state"]) == (200, "received")
    assert face.get(path, cell.provider).json()["code"] == "command_unknown"
    assert face.send("DELETE", path, cell.provider).status_code == 404
    taken_back = face.send("DELETE", path, cell.customer)
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "withdrawn")
    for method in ("GET", "DELETE"):
        assert face.send(method, path, cell.customer).json()["state"] == "withdrawn"


def test_what_is_settled_says_so_and_cannot_be_taken_back(face: Face, cell: Market) -> None:
    booked = face.post("/bookings", cell.customer, listing=cell.instant, starts_at=START).json()
    lost = face.post("/bookings", cell.operator, listing=cell.instant, starts_at=START)
    assert lost.status_code == 409
    rows = face.history.connection.execute(
        "SELECT command::text, actor::text FROM ledger.outcome ORDER BY decided_at DESC LIMIT 2"
    ).fetchall()
    face.history.connection.rollback()
    states = {}
    for command, actor in rows:
        seen = face.get(f"/commands/{command}", actor)
        assert face.queries == 2
        states[actor] = seen.json()
        answer = face.send("DELETE", f"/commands/{command}", actor)
        assert (answer.status_code, answer.json()["code"]) == (409, "command_settled")
    assert states[cell.customer]["state"] == "accepted"
    assert states[cell.customer]["booking"] == booked["id"]
    assert (states[cell.operator]["state"], states[cell.operator]["code"]) == ("refused", "slot_taken")


def test_a_command_counts_until_its_slot_less_the_notice(face: Face, cell: Market) -> None:
    face.market.core_away = True
    soon = face.post("/bookings", cell.customer, listing=cell.instant, starts_at="2025-10-20T08:00:00+01:00")
    assert soon.json()["valid_until"] == "2025-10-20T07:00:00Z"


def test_nobodys_commands_are_unknown(face: Face, cell: Market) -> None:
    for name in ("99999999-9999-4999-8999-999999999999", "nonsense"):
        assert face.get(f"/commands/{name}", cell.customer).json()["code"] == "command_unknown"
    assert face.get("/commands/99999999-9999-4999-8999-999999999999").status_code == 401


def test_what_cannot_be_taken_back_any_more_is_under_way(face: Face, cell: Market) -> None:
    face.market.core_away = face.market.sent = True
    path = face.post("/bookings", cell.customer, listing=cell.instant, starts_at=START).json()["status_url"]
    answer = face.send("DELETE", path.removeprefix("/api/v1"), cell.customer)
    assert (answer.status_code, answer.json()["code"]) == (409, "command_under_way")


def test_without_a_relay_nobody_is_told_that_their_command_is_unknown(face: Face, cell: Market) -> None:
    booked = face.post("/bookings", cell.customer, listing=cell.instant, starts_at=START)
    assert booked.status_code == 201
    ((settled,),) = face.history.connection.execute(
        "SELECT command::text FROM ledger.outcome ORDER BY decided_at DESC LIMIT 1"
    ).fetchall()
    face.history.connection.rollback()
    face.market.relay_away = True
    assert face.get(f"/commands/{settled}", cell.customer).json()["state"] == "accepted"
    for method in ("GET", "DELETE"):
        answer = face.send(method, "/commands/99999999-9999-4999-8999-999999999999", cell.customer)
        assert (answer.status_code, answer.json()["code"]) == (503, "relay_away")
        assert answer.headers["retry-after"] == "1"
