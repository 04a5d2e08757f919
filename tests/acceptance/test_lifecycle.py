"""A node from its first start to its end: one a folder, nothing left behind, mistakes told in a line."""

import signal
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.node import Node, descendants, new_node, running
from support.people import Shop, crowd

REAL_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def own() -> Iterator[Node]:
    """A node of this file's own, started."""
    with new_node() as fresh:
        fresh.start()
        yield fresh


def test_ctrl_c_leaves_no_process_and_a_second_start_keeps_bookings_and_keys(own: Node) -> None:
    shop, (customer, other) = Shop(own), crowd(own, 2)
    key, slots = str(uuid.uuid4()), shop.slots()
    booking = customer.made("/bookings", shop.wish(slots[0]), key)["id"]
    refused = other.post("/bookings", shop.wish(slots[0]), key)
    assert refused.json()["code"] == "slot_taken"
    assert own.process is not None
    all_of_it = descendants(own.process.pid)
    assert len(all_of_it) > 5
    assert own.stop(signal.SIGINT) == 0
    assert running(all_of_it) == set()
    assert list((own.data / "run").glob("*.pid")) == []
    own.start()
    assert list(customer.bookings()) == [booking]
    assert customer.made("/bookings", shop.wish(slots[0]), key)["id"] == booking
    assert other.post("/bookings", shop.wish(slots[0]), key).json()["code"] == "slot_taken"
    changed = customer.post("/bookings", shop.wish(slots[1]), key)
    assert (changed.status_code, changed.json()["code"]) == (422, "key_reused")
    assert customer.made("/bookings", shop.wish(slots[1]))["state"] == "confirmed"


def test_one_serve_a_data_folder(own: Node) -> None:
    second = Node(own.data)
    told = second.holdfast("serve")
    second.end()
    assert own.process is not None
    assert (told.returncode, f"(process {own.process.pid})" in told.stderr) == (1, True)
    assert own.is_up()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("port", "eighty", "HOLDFAST_PORT=eighty: write a whole number from 1 to 65535"),
        ("zone", "Lisbon", "HOLDFAST_ZONE=Lisbon: write an IANA time zone"),
        ("deadline", "3", "HOLDFAST_DEADLINE: there is no such setting; did you mean HOLDFAST_DEADLINE_MS?"),
        ("database_url", "mysql://me:secret@db/x", "HOLDFAST_DATABASE_URL: write a PostgreSQL URL"),
    ],
)
def test_a_wrong_setting_is_refused_in_a_line_that_says_what_to_write(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    node = Node(tmp_path / "d", **{name: value})
    answer = node.holdfast("serve")
    node.end()
    assert answer.returncode == 1
    (line,) = answer.stderr.splitlines()
    assert line.startswith(f"holdfast: {told}")
    assert "secret" not in line
    assert not (tmp_path / "d").exists()


def test_a_postgresql_older_than_18_is_refused_by_name(tmp_path: Path) -> None:
    programs = REAL_15 if (REAL_15 / "initdb").exists() else _imitation(tmp_path / "bin")
    node = Node(tmp_path / "d", postgres_bin=str(programs))
    answer = node.holdfast("serve")
    node.end()
    assert answer.returncode == 1
    (line,) = answer.stderr.splitlines()
    assert "PostgreSQL 15." in line
    assert "Holdfast needs 18 or newer" in line


def _imitation(folder: Path) -> Path:
    """Programs that say of themselves what those of PostgreSQL 15 say."""
    folder.mkdir()
    for name in ("postgres", "initdb"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) 15.13'\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder
