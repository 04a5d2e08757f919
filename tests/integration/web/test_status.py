"""The status is the node's own: it is there, and right, when everything else is gone."""

import time
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.db.connect import writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.migrate import migrate
from holdfast.db.passwords import Passwords, Role
from holdfast.db.roles import ensure_database, ensure_roles
from holdfast.log.checkpoint import Checkpoint, origin_of, sign_checkpoint
from support.cells import Cell
from support.database import Database, data_folder, start, stop
from support.pages import WELL, Pages, serving
from support.until import until

STATUSPAGE = {"page", "components", "incidents", "scheduled_maintenances", "status"}
COMPONENT = {
    "id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date",
    "group_id", "page_id", "group", "only_show_if_degraded",
}  # fmt: skip
OPERATIONAL = dict.fromkeys(("pages", "reads", "core", "journal", "log"), "operational")


def sign(data: Path, size: int) -> None:
    """What the relay keeps on the node's disk."""
    checkpoint = Checkpoint(origin_of("11111111-1111-8111-8111-111111111111"), size, bytes(32))
    (data / "checkpoint").write_text(sign_checkpoint(checkpoint, Ed25519PrivateKey.from_private_bytes(b"c" * 32)))


def test_a_node_that_is_well_says_so_in_every_form(pages: Pages) -> None:
    sign(pages.data, 12)
    assert pages.states() == OPERATIONAL
    assert "All Systems Operational" in pages.get("/status").text
    assert "Signed as of entry 12." in pages.get("/status").text
    summary = pages.get("/summary.json").json()
    assert set(summary) == STATUSPAGE
    assert summary["status"] == {"indicator": "none", "description": "All Systems Operational"}
    assert all(set(component) == COMPONENT for component in summary["components"])


def test_a_relay_that_died_is_told_and_the_page_stays(pages: Pages) -> None:
    sign(pages.data, 12)
    pages.relay.close()
    assert pages.states() == OPERATIONAL | {"core": "major_outage", "journal": "major_outage"}
    assert "Major outage" in pages.get("/status").text


def test_a_core_that_is_away_is_told_with_what_becomes_of_bookings(pages: Pages) -> None:
    sign(pages.data, 12)
    pages.relay.health = msgspec.structs.replace(WELL, state="core_away", waiting=3, oldest_us=60_000_000)
    assert pages.states() == OPERATIONAL | {"core": "major_outage", "journal": "degraded_performance"}
    assert "received, not yet confirmed" in pages.get("/status").text


@pytest.mark.parametrize("path", ["/status", "/status.json", "/summary.json"])
def test_without_a_database_and_with_a_frozen_relay_the_status_still_answers(
    server: EmbeddedServer, tmp_path: Path, path: str
) -> None:
    with serving(Database(server, "never_made"), tmp_path) as pages:
        pages.relay.frozen = True
        answer = pages.get(path)
    assert answer.status_code == 200
    assert "major_outage" in answer.text or "Major outage" in answer.text


def test_a_database_that_is_killed_is_told_and_told_again_when_it_is_back(tmp_path: Path) -> None:
    with data_folder() as data:
        server = EmbeddedServer(data, Passwords.generate())
        server.prepare()
        child = start(server, "-c", "fsync=off")
        try:
            ensure_database(server.superuser_url("postgres"), "market")
            ensure_roles(server.superuser_url("market"), server.passwords)
            with serving(Database(server, "market"), tmp_path) as pages:
                assert pages.states()["reads"] == "major_outage", "a database without a cell in it serves nobody"
                migrate(server.url(Role.OWNER, "market"))
                with writer_connection(server.url(Role.WRITER, "market")) as writer:
                    Cell(writer)
                until(lambda: pages.states()["reads"] == "operational", "the database serves")
                child.kill()
                child.wait()
                server.wait_for_orphans(time.monotonic() + 10)
                until(lambda: pages.states()["reads"] == "major_outage", "the database is gone")
                assert pages.get("/").status_code == 200
                child = start(server, "-c", "fsync=off")
                until(lambda: pages.states()["reads"] == "operational", "the database is back")
        finally:
            stop(child)


def test_without_a_database_home_is_there_and_says_so(server: EmbeddedServer, tmp_path: Path) -> None:
    with serving(Database(server, "never_made"), tmp_path) as pages:
        answer = pages.get("/")
    assert answer.status_code == 200
    assert "cannot reach its records right now" in answer.text
