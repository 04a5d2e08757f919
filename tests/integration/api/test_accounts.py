"""Accounts: joining, signing in and out, being suspended."""

from collections.abc import Iterator

import pytest

from holdfast.domain import commands as c
from holdfast.domain.rows import MemberId
from support.api import PASSWORD, Api, serving
from support.database import Database

RITA = {"email": "Rita@Example.test", "password": PASSWORD, "name": " Rita ", "time_zone": "Europe/Lisbon"}
CALENDAR = {"name": "Mine", "time_zone": "UTC"}


@pytest.fixture
def api(database: Database) -> Iterator[Api]:
    with serving(database) as running:
        yield running


def sign_in(api: Api, email: str, password: str = PASSWORD) -> tuple[int, str]:
    response = api.send("POST", "/tokens", json={"email": email, "password": password})
    return response.status_code, response.json().get("code", "")


def test_a_repeated_sign_up_is_one_member_with_a_token_that_counts(api: Api) -> None:
    first, second = (api.send("POST", "/members", json=RITA, key="k") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["token"] != second.json()["token"]
    for answer in (first, second):
        api.tokens["rita"] = answer.json()["token"]
        me = api.made("GET", "/members/me", "rita")
        assert (me["email"], me["name"]) == ("rita@example.test", "Rita")


def test_a_repeated_sign_up_with_another_password_gives_nobody_a_token(api: Api) -> None:
    api.send("POST", "/members", json=RITA, key="k")
    other = api.send("POST", "/members", json={**RITA, "password": "another password"}, key="k")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_an_address_is_taken_once_whatever_its_case(api: Api) -> None:
    api.made("POST", "/members", json=RITA)
    again = api.send("POST", "/members", json={**RITA, "email": "rita@example.TEST"})
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")


def test_signing_in_never_tells_whether_an_address_is_known(api: Api) -> None:
    api.made("POST", "/members", json=RITA)
    assert sign_in(api, "RITA@example.test") == (201, "")
    assert sign_in(api, "rita@example.test", "a wrong password") == sign_in(api, "nobody@example.test")


def test_a_sign_in_that_was_ended_counts_no_more_and_the_others_do(api: Api) -> None:
    api.join("rita")
    token = api.tokens["rita"]
    api.tokens["again"] = api.made("POST", "/tokens", json={"email": "rita@example.test", "password": PASSWORD})[
        "token"
    ]
    assert api.send("DELETE", "/tokens/current%0A", "rita").status_code == 422
    key = {"Idempotency-Key": "before"}
    assert api.send("POST", "/calendars", "rita", CALENDAR, headers=key).status_code == 201
    assert api.send("DELETE", "/tokens/current", "rita").status_code == 204
    assert api.send("POST", "/calendars", "rita", CALENDAR, headers=key).json()["code"] == "session_ended"
    assert api.send("GET", "/members/me", "rita").json()["code"] == "session_ended"
    assert api.send("POST", "/calendars", "rita", CALENDAR).json()["code"] == "session_ended"
    assert api.send("GET", "/listings", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert api.send("GET", "/members/me", "again").status_code == 200


def test_who_is_suspended_reads_and_starts_nothing_until_restored(api: Api) -> None:
    rita = api.join("rita")
    api.command(c.AppointOperator(MemberId(api.join("olga"))))
    assert api.made("POST", f"/members/{rita}/suspension", "olga", {"reason": "spam"})["suspended_at"] is not None
    assert api.made("GET", "/members/me", "rita")["suspended_at"] is not None
    refused = api.send("POST", "/calendars", "rita", CALENDAR)
    assert (refused.status_code, refused.json()["code"]) == (403, "member_suspended")
    assert api.made("DELETE", f"/members/{rita}/suspension", "olga")["suspended_at"] is None
    assert api.send("POST", "/calendars", "rita", CALENDAR).status_code == 201


def test_every_answer_has_a_request_id_and_careful_headers(api: Api) -> None:
    for path in ("/members/me", "/no-such-thing", "/categories"):
        headers = api.send("GET", path, headers={"Request-Id": "mine-1"}).headers
        assert headers["request-id"] == "mine-1"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
    assert len(api.send("GET", "/categories", headers={"X-Request-Id": "a b"}).headers["request-id"]) == 24


def test_a_head_is_a_get_without_its_body(api: Api) -> None:
    response = api.client.head("/api/v1/categories")
    assert (response.status_code, response.content) == (200, b"")


def test_a_post_that_writes_needs_a_key(api: Api) -> None:
    for key, code in ((None, "idempotency_key_missing"), ("a b", "idempotency_key_invalid"), ("x" * 201,) * 2):
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = api.client.post("/api/v1/members", json=RITA, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["code"] in (code, "idempotency_key_invalid")


def test_a_command_that_the_core_does_not_answer_is_received_and_can_be_looked_up(api: Api) -> None:
    api.join("rita")
    api.market.away = True
    answer = api.send("POST", "/calendars", "rita", CALENDAR)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/v1/commands/{answer.json()['command']}"
    assert api.made("GET", f"/commands/{answer.json()['command']}", "rita")["state"] == "received"
