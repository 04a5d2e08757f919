"""A demo's past comes through the one path, once, however often it was interrupted, and into no real cell."""

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.core.apply import apply_batch
from holdfast.core.genesis import Identity, genesis
from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.passwords import Passwords, Role
from holdfast.demo.plan import Plan, make_plan
from holdfast.demo.seed import Seeded, seed
from holdfast.demo.shapes import ZONE, Ending
from holdfast.domain.instants import Instant
from holdfast.domain.walltime import local_date
from holdfast.log.note import encode64, public_bytes
from holdfast.log.verify import verify
from holdfast.secrets import Secrets
from holdfast.settings import Refused
from support.database import Database, new_database

KEY = bytes(range(32))
SECRETS = Secrets(KEY, KEY, KEY, KEY, Passwords.generate())
PUBLIC_KEY = public_bytes(Ed25519PrivateKey.from_private_bytes(KEY))

SETTLED = "SELECT command, actor, key, fingerprint, refusal, subject, decided_at FROM ledger.outcome ORDER BY command"
MADE = (
    "SELECT * FROM cell.member ORDER BY id",
    "SELECT * FROM cell.calendar_exception ORDER BY id",
    "SELECT * FROM cell.listing ORDER BY id",
    "SELECT * FROM cell.booking ORDER BY id",
    "SELECT * FROM cell.claim ORDER BY calendar, during",
    "SELECT * FROM cell.review ORDER BY id",
    "SELECT email, member, password_hash FROM vault.sign_in ORDER BY email",
    "SELECT review, body FROM vault.reply_text ORDER BY review",
)


class Killed(Exception):
    """The seeding process ended here."""


def small(today: date) -> Plan:
    return make_plan(today, providers=12, listings=30, past_bookings=60)


def killed_after(batches: int) -> Callable[[int, int], None]:
    left = batches

    def report(_done: int, _of: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    return report


def ignored(_done: int, _of: int) -> None:
    pass


def rows(connection: psycopg.Connection[Any], *queries: str) -> list[list[tuple[Any, ...]]]:
    found = [connection.execute(query).fetchall() for query in queries]
    connection.rollback()
    return found


def test_a_seeded_cell_holds_every_invariant_and_all_that_the_plan_promises(
    database: Database, writer: CoreConnection
) -> None:
    seeded = seed(writer, SECRETS, ignored, small)
    assert seeded.refused == 0
    assert verify(database.url(Role.WRITER), PUBLIC_KEY).findings == []
    (((until, head, now),), states) = rows(
        writer,
        "SELECT simulated_until, head.at, clock_timestamp() FROM cell.cell, ledger.head",
        "SELECT state, count(*) FROM cell.booking GROUP BY state",
    )
    assert head == until < now
    planned = [booking.ending for booking in small(local_date(ZONE, until)).bookings]
    assert sum(count for _, count in states) == len(planned)
    assert dict(states)["completed"] == planned.count(Ending.completed)


def test_a_seeded_cell_is_left_alone(writer: CoreConnection) -> None:
    seed(writer, SECRETS, ignored, small)
    before = rows(writer, "SELECT * FROM ledger.head")
    assert seed(writer, SECRETS, ignored, small) == Seeded(0, 0)
    assert rows(writer, "SELECT * FROM ledger.head") == before


def test_a_seeding_that_was_killed_goes_on_to_the_same_end(server: EmbeddedServer, database: Database) -> None:
    with writer_connection(database.url(Role.WRITER)) as begun, pytest.raises(Killed):
        seed(begun, SECRETS, killed_after(1), small)
    with new_database(server, database.name) as in_one_go, new_database(server, database.name) as interrupted:
        with writer_connection(in_one_go.url(Role.WRITER)) as connection:
            seed(connection, SECRETS, ignored, small)
            expected = rows(connection, SETTLED, *MADE)
        for batches in (100, 40):
            with writer_connection(interrupted.url(Role.WRITER)) as connection, pytest.raises(Killed):
                seed(connection, SECRETS, killed_after(batches), small)
        with writer_connection(interrupted.url(Role.WRITER)) as connection:
            seed(connection, SECRETS, ignored, small)
            assert rows(connection, SETTLED, *MADE) == expected


def test_a_cell_that_is_not_a_demo_is_never_seeded(writer: CoreConnection) -> None:
    cell = Identity("11111111-1111-4111-8111-111111111111", "EUR", "Europe/Lisbon", encode64(PUBLIC_KEY))
    apply_batch(writer, KEY, genesis(KEY, cell, "node", encode64(PUBLIC_KEY), Instant(0)))
    before = rows(writer, "SELECT * FROM ledger.head")
    with pytest.raises(Refused, match="founded for real"):
        seed(writer, SECRETS, ignored, small)
    assert rows(writer, "SELECT * FROM ledger.head") == before


def test_everybody_has_the_password_that_is_printed(writer: CoreConnection) -> None:
    seed(writer, SECRETS, ignored, small)
    accounts = "SELECT password_hash FROM vault.sign_in WHERE email LIKE '%@demo.test'"
    ((found, *others),) = rows(writer, accounts)
    assert PasswordHasher().verify(found[0], "holdfast-demo")
    assert set(others) == {found}
