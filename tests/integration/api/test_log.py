"""The public log is served as c2sp.org/tlog-tiles says, and proves bookings."""

import pytest

from holdfast.log.checkpoint import origin_of, verify_checkpoint
from holdfast.log.merkle import leaf_hash, root_of
from holdfast.log.note import verifier_key
from holdfast.log.proof import verify_proof
from holdfast.log.tiles import parse_bundle
from support.face import Face
from support.history import CELL, PUBLIC_KEY, Market

ORIGIN = origin_of(CELL)


def grow(face: Face, cell: Market, size: int) -> None:
    """More events, until the log has at least so many."""
    while True:
        row = face.history.connection.execute("SELECT size FROM ledger.head").fetchone()
        face.history.connection.rollback()
        if row is not None and row[0] >= size:
            return
        answer = face.post(
            f"/calendars/{cell.calendar}/exceptions", cell.provider,
            first_day="2026-01-01", last_day="2026-01-01", windows=[],
        )  # fmt: skip
        assert answer.is_success, answer.text


def test_nothing_is_served_before_the_first_checkpoint(face: Face, cell: Market) -> None:
    assert face.get("/log/checkpoint").status_code == 404
    assert face.get("/log/tile/0/000.p/1").status_code == 404


def test_the_key_is_a_verifier_key(face: Face, cell: Market) -> None:
    assert face.get("/log/key").text == verifier_key(ORIGIN, PUBLIC_KEY) + "\n"


def test_others_can_rebuild_the_root_from_tiles_and_entries(face: Face, cell: Market) -> None:
    grow(face, cell, 300)
    face.history.sign()
    answer = face.get("/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    checkpoint = verify_checkpoint(answer.text, ORIGIN, PUBLIC_KEY)
    rest = checkpoint.size - 256
    tiles = [face.get(f"/log/tile/0/{path}") for path in ("000", f"001.p/{rest}")]
    for tile in tiles:
        assert tile.headers["content-type"] == "application/octet-stream"
        assert "immutable" in tile.headers["cache-control"]
    hashes = b"".join(tile.content for tile in tiles)
    leaves = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    assert root_of(leaves) == checkpoint.root
    bundles = [face.get(f"/log/tile/entries/{path}") for path in ("000", f"001.p/{rest}")]
    entries = [entry for bundle in bundles for entry in parse_bundle(bundle.content)]
    assert [leaf_hash(entry) for entry in entries] == leaves
    above = face.get("/log/tile/1/000.p/1")
    assert above.content == root_of(leaves[:256])
    assert face.get("/log/tile/0/000.p/7").content == hashes[: 7 * 32]


def test_what_is_no_tile_or_not_signed_yet_is_absent(face: Face, cell: Market) -> None:
    face.history.sign()
    for path in [
        "0/1",
        "0/000.p/256",
        "0/000.p/0",
        "0/001",
        "entries/001",
        "1/000",
        "2/000.p/1",
        "64/000",
        "x",
        "0/000/",
    ]:
        answer = face.get(f"/log/tile/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8"), path


@pytest.mark.parametrize("size", [1, 300])
def test_a_receipt_proves_a_booking_to_anyone(face: Face, cell: Market, size: int) -> None:
    body = {"listing": cell.by_request, "starts_at": "2025-10-22T10:00:00+01:00"}
    booking = face.post("/bookings", cell.customer, **body).json()["id"]
    face.post(f"/bookings/{booking}/acceptance", cell.provider)
    grow(face, cell, size)
    face.history.sign()
    for params, kind in (
        ({}, b"booking_accepted"),
        ({"step": 0}, b"booking_placed"),
        ({"step": 1}, b"booking_accepted"),
    ):
        for reader in (cell.customer, cell.provider, cell.operator):
            receipt = face.get(f"/bookings/{booking}/receipt", reader, **params)
            assert receipt.status_code == 200, receipt.text
            assert face.queries <= 5
            assert kind in verify_proof(receipt.text, ORIGIN, PUBLIC_KEY).body
    absent = face.get(f"/bookings/{booking}/receipt", cell.customer, step=2)
    assert (absent.status_code, absent.json()["code"]) == (404, "receipt_unknown")


def test_a_receipt_waits_for_its_checkpoint_and_then_says_when_to_come_again(face: Face, cell: Market) -> None:
    face.history.sign()
    body = {"listing": cell.instant, "starts_at": "2025-10-22T10:00:00+01:00"}
    booking = face.post("/bookings", cell.customer, **body).json()["id"]
    answer = face.get(f"/bookings/{booking}/receipt", cell.customer)
    assert (answer.status_code, answer.json()["code"]) == (503, "checkpoint_awaited")
    assert answer.headers["retry-after"] == "1"
