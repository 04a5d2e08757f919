"""Invariant 12: what an opening may hold, by its structure."""

from typing import get_args

import msgspec
import pytest

from holdfast.domain import events as e
from holdfast.domain.rows import SYSTEM, BookingId, MemberId
from holdfast.domain.vault import Sealed
from holdfast.log.verify.privacy import personal_in, texts_of

MEMBER = MemberId("0198c5c5-0000-7000-8000-000000000001")


def fault(event: e.AnyEvent, by: str = SYSTEM) -> str | None:
    recorded = e.Recorded(e.Instant(1), MemberId(by), "key", event)
    return personal_in(recorded, msgspec.json.encode(recorded))


def test_ids_zones_and_seals_are_all_that_an_event_says() -> None:
    assert fault(e.MemberJoined(MEMBER, "Europe/Lisbon", [Sealed("vault.profile", MEMBER, "0" * 64)])) is None


@pytest.mark.parametrize(
    "event",
    [
        e.MemberJoined(MemberId("carla@example.test"), "Europe/Lisbon", []),
        e.MemberJoined(MEMBER, "Rua das Flores 12, Porto", []),
        e.MemberJoined(MEMBER, "UTC", [Sealed("vault.profile", "Carla", "0" * 64)]),
        e.MemberJoined(MEMBER, "UTC", [Sealed("vault.profile", MEMBER, "Carla")]),
        e.MemberJoined(MEMBER, "UTC", [Sealed("vault", MEMBER, "0" * 64)]),
        e.BookingAccepted(BookingId(f"{MEMBER},carla")),
    ],
)
def test_text_in_place_of_an_id_a_zone_or_a_seal_is_told(event: e.AnyEvent) -> None:
    assert fault(event) is not None


def test_text_in_place_of_the_actor_is_told() -> None:
    assert fault(e.BookingAccepted(BookingId(MEMBER)), by="carla@example.test") is not None


@pytest.mark.parametrize("added", [b'"email":"carla@example.test",', b" "])
def test_anything_beside_an_event_s_own_fields_is_told(added: bytes) -> None:
    recorded = e.Recorded(e.Instant(1), SYSTEM, "key", e.BookingAccepted(BookingId(MEMBER)))
    body = msgspec.json.encode(recorded).replace(b'"booking":', added + b'"booking":')
    assert msgspec.json.decode(body, type=e.Recorded) == recorded
    assert personal_in(recorded, body) is not None


def test_every_id_in_every_event_is_looked_at() -> None:
    found = {name for event in get_args(e.AnyEvent) for name in (*texts_of(event).one, *texts_of(event).several)}
    assert found == {
        "member", "remark", "token", "category", "parent", "calendar", "exception", "listing", "booking", "provider",
        "review", "reviews",
    }  # fmt: skip
