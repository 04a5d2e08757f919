"""`holdfast verify` on a cell made through the one path: clean, and what it says of a log that was rewritten."""

import msgspec
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.db.connect import CoreConnection
from holdfast.db.passwords import Role
from holdfast.log.checkpoint import Checkpoint, origin_of, sign_checkpoint
from holdfast.log.commit import entry_of
from holdfast.log.merkle import Frontier, leaf_hash
from holdfast.log.note import encode64, public_bytes
from holdfast.log.verify import INVARIANTS, Finding, Report, verify
from support.database import Database
from support.history import CELL, KEY, PUBLIC_KEY, fill

STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def run(database: Database, remembered: str | None = None, public_key: bytes | None = PUBLIC_KEY) -> Report:
    return verify(database.url(Role.READER), public_key, remembered)


def found(report: Report) -> set[tuple[int, str]]:
    return {(finding.invariant, finding.table) for finding in report.findings}


def test_an_empty_database_is_clean(database: Database) -> None:
    assert run(database, public_key=None).clean


def test_a_cell_with_a_past_is_clean_and_every_invariant_was_looked_at(
    database: Database, writer: CoreConnection
) -> None:
    remembered = fill(writer)
    report = run(database, remembered)
    assert report.findings == []
    assert (report.cell, report.key) == (CELL, "given")
    assert report.checked.keys() == INVARIANTS.keys()
    assert all(count > 0 for number, count in report.checked.items() if number != 11)


def test_hashing_in_a_process_of_its_own_finds_the_same(database: Database, writer: CoreConnection) -> None:
    fill(writer)
    with psycopg.connect(database.superuser_url) as superuser:
        superuser.execute("UPDATE ledger.log SET leaf = sha256('') WHERE seq = 7")
    reports = [
        verify(database.url(Role.READER), PUBLIC_KEY, apart_from=entries, progress=lambda *_: None)
        for entries in (1, 10**6)
    ]
    assert reports[0].findings == reports[1].findings != []
    assert (reports[0].root, reports[0].checked) == (reports[1].root, reports[1].checked)


def rewrite(database: Database, key: Ed25519PrivateKey) -> None:
    """Raises the price of the last version of terms everywhere, and makes the whole log consistent again."""
    with psycopg.connect(database.superuser_url) as superuser:
        rows = superuser.execute("SELECT seq, salt, body FROM ledger.opening ORDER BY seq").fetchall()
        frontier, edges = Frontier(), {}
        superuser.execute("DELETE FROM ledger.tile")
        for seq, salt, body in rows:
            new = body.replace(b'"price_minor":6000', b'"price_minor":6001').replace(
                encode64(PUBLIC_KEY).encode(), encode64(public_bytes(key)).encode()
            )
            entry = entry_of(salt, new)
            frontier.append(leaf_hash(entry))
            edges[seq + 1] = frontier.root()
            if new != body:
                superuser.execute("UPDATE ledger.opening SET body = %s WHERE seq = %s", [new, seq])
                superuser.execute(
                    "UPDATE ledger.log SET entry = %s, leaf = %s WHERE seq = %s", [entry, leaf_hash(entry), seq]
                )
        superuser.execute("UPDATE ledger.head SET edge = %s", [frontier.edge])
        leaves = "(SELECT string_agg(leaf, '' ORDER BY seq) FROM ledger.log WHERE seq < 256)"
        superuser.execute(f"INSERT INTO ledger.tile VALUES (0, 0, {leaves})")
        superuser.execute("UPDATE cell.listing_terms SET price_minor = 6001 WHERE price_minor = 6000")
        superuser.execute("UPDATE cell.cell SET public_key = %s", [encode64(public_bytes(key))])
        superuser.execute("UPDATE cell.node SET public_key = %s", [encode64(public_bytes(key))])
        if key is not KEY:
            before = None
            for (size,) in superuser.execute("SELECT size FROM ledger.checkpoint ORDER BY size").fetchall():
                note = sign_checkpoint(Checkpoint(origin_of(CELL), size, edges[size]), key, before)
                superuser.execute(
                    "UPDATE ledger.checkpoint SET root = %s, note = %s WHERE size = %s", [edges[size], note, size]
                )
                before = size


def test_a_log_rewritten_in_itself_consistently_contradicts_its_checkpoints(
    database: Database, writer: CoreConnection
) -> None:
    fill(writer)
    rewrite(database, KEY)
    assert (8, "ledger.checkpoint") in found(run(database))


def test_a_log_rewritten_and_signed_with_another_key_is_found_by_the_key_that_is_not_in_it(
    database: Database, writer: CoreConnection
) -> None:
    fill(writer)
    rewrite(database, STRANGER)
    assert not {finding for finding in run(database, public_key=None).findings if finding.invariant == 8}
    assert {(8, "ledger.opening"), (8, "ledger.checkpoint")} <= found(run(database))


def test_a_log_cut_short_is_found_by_the_checkpoint_that_a_node_remembers(
    database: Database, writer: CoreConnection
) -> None:
    remembered = fill(writer)
    with psycopg.connect(database.superuser_url) as superuser:
        ((size,),) = superuser.execute("SELECT size FROM ledger.checkpoint ORDER BY size OFFSET 1 LIMIT 1").fetchall()
        rows = superuser.execute("SELECT leaf FROM ledger.log WHERE seq < %s ORDER BY seq", [size]).fetchall()
        frontier = Frontier()
        frontier.extend(leaf for (leaf,) in rows)
        for table in ("log", "opening"):
            superuser.execute(f"DELETE FROM ledger.{table} WHERE seq >= %s", [size])
        superuser.execute("DELETE FROM ledger.outcome WHERE batch >= %s", [size])
        superuser.execute("DELETE FROM ledger.checkpoint WHERE size > %s", [size])
        superuser.execute("DELETE FROM ledger.tile")
        superuser.execute("DELETE FROM cell.category WHERE slug LIKE 'trade-%'")
        superuser.execute(
            "UPDATE ledger.head SET size = %s, edge = %s, at = (SELECT max(decided_at) FROM ledger.outcome)",
            [size, frontier.edge],
        )
    assert run(database).findings == []
    assert (8, "ledger.log") in found(run(database, remembered))


def test_a_remembered_checkpoint_of_another_history_is_found(database: Database, writer: CoreConnection) -> None:
    fill(writer)
    other = sign_checkpoint(Checkpoint(origin_of(CELL), 12, bytes(32)), KEY)
    assert (8, "ledger.log") in found(run(database, other))


def test_a_gap_is_named_as_a_whole(database: Database, writer: CoreConnection) -> None:
    fill(writer)
    with psycopg.connect(database.superuser_url) as superuser:
        superuser.execute("DELETE FROM ledger.log WHERE seq BETWEEN 20 AND 29")
        superuser.execute("DELETE FROM ledger.opening WHERE seq BETWEEN 20 AND 29")
    missing = Finding(8, "ledger.log", "20…29", "missing: the log has a gap here")
    assert missing in run(database).findings


def test_personal_text_is_never_shown(database: Database, writer: CoreConnection) -> None:
    fill(writer)
    with psycopg.connect(database.superuser_url) as superuser:
        superuser.execute("UPDATE vault.sign_in SET password_hash = 'x', email = 'x' || email")
        superuser.execute("UPDATE vault.profile SET name = 'Somebody Else'")
    text = msgspec.json.encode(run(database)).decode()
    assert "vault.sign_in" in text
    assert not any(word in text for word in ("example.test", "Carla", "Somebody", "argon2"))


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("GRANT UPDATE (body) ON ledger.opening TO holdfast_writer", "ledger.opening"),
        ("GRANT DELETE ON ledger.outcome TO PUBLIC", "ledger.outcome"),
        ("GRANT TRUNCATE ON ledger.head TO holdfast_writer", "ledger.head"),
        ("CREATE RULE lost AS ON INSERT TO ledger.log DO INSTEAD NOTHING", "ledger.log"),
        (
            "ALTER TABLE ledger.opening ADD CONSTRAINT c FOREIGN KEY (seq) REFERENCES ledger.log ON DELETE CASCADE",
            "ledger.opening",
        ),
        (
            """CREATE FUNCTION ledger.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER t BEFORE UPDATE ON ledger.log FOR EACH ROW EXECUTE FUNCTION ledger.f()""",
            "ledger.log",
        ),
    ],
)
def test_invariant_11_whatever_may_change_the_log_is_named(database: Database, change: str, table: str) -> None:
    with psycopg.connect(database.superuser_url) as superuser:
        superuser.execute(change)
    assert found(run(database)) == {(11, table)}


def test_invariant_12_an_event_with_something_more_in_it_is_named(database: Database, writer: CoreConnection) -> None:
    """As if a release had written it: hashed, appended, with an outcome; but no event of Holdfast's says so much."""
    fill(writer)
    with psycopg.connect(database.superuser_url) as superuser:
        superuser.execute(
            """UPDATE ledger.opening SET body = convert_to(replace(convert_from(body, 'UTF8'),
            '"type":"member_joined"', '"type":"member_joined","email":"carla@example.test"'), 'UTF8') WHERE seq = 4"""
        )
    assert (12, "ledger.opening") in found(run(database))
