"""A commit that was done and whose acknowledgement was lost: applied again it is found, and done once."""

from collections.abc import Iterator

import pytest

from holdfast.core.apply import OutcomeUnknown, apply_batch
from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.passwords import Role
from support.cells import Cell, check_log
from support.database import Database
from support.paper import SECRET, place, sign_up
from support.proxy import Proxy, proxy_to
from support.until import until


@pytest.fixture
def proxy(cell: Cell) -> Iterator[Proxy]:
    with proxy_to("127.0.0.1", cell.connection.info.port) as running:
        yield running


def through(proxy: Proxy, database: Database) -> CoreConnection:
    return writer_connection(database.url(Role.WRITER), host="127.0.0.1", port=proxy.port)


@pytest.mark.parametrize("events", [3, 300], ids=["in one round trip", "across a tile"])
def test_a_commit_whose_answer_was_lost_is_found_when_applied_again(
    cell: Cell, database: Database, proxy: Proxy, events: int
) -> None:
    envelopes = [cell.envelope(*sign_up(f"n{n}")) for n in range(events)]
    envelopes.append(cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10)))
    connection = through(proxy, database)
    proxy.fatal = b"COMMIT"
    with pytest.raises(OutcomeUnknown):
        apply_batch(connection, SECRET, envelopes, cell.clock)
    connection.close()
    assert proxy.swallowed.is_set()
    until(lambda: cell.count("cell.booking") == 1, "the commit went through")
    before = cell.count("ledger.log")

    again = cell.apply(*envelopes)

    assert all(settled.replayed for settled in again.settled)
    assert {settled.outcome.refusal for settled in again.settled} == {None}
    assert (again.appended, cell.count("ledger.log")) == ([], before)
    check_log(cell)


def test_applying_again_at_once_waits_for_the_backend_that_was_cut_off(
    cell: Cell, database: Database, proxy: Proxy
) -> None:
    """The answer to the writes is lost while the backend may still be committing: the lock settles who is first."""
    envelope = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10))
    connection = through(proxy, database)
    proxy.fatal = b"INSERT INTO ledger.log"
    with pytest.raises(OutcomeUnknown):
        apply_batch(connection, SECRET, [envelope], cell.clock)
    again = cell.apply(envelope)
    connection.close()
    assert again.settled[0].outcome.refusal is None
    assert cell.count("cell.booking") == 1
    check_log(cell)


def test_a_lost_answer_before_anything_was_written_leaves_nothing(cell: Cell, database: Database, proxy: Proxy) -> None:
    envelope = cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 10))
    connection = through(proxy, database)
    proxy.fatal = b"FOR UPDATE"
    with pytest.raises(Exception, match=r"server closed|connection") as lost:
        apply_batch(connection, SECRET, [envelope], cell.clock)
    assert not isinstance(lost.value, OutcomeUnknown), "nothing was sent that could have committed"
    connection.close()
    proxy.close()  # else the severed backend keeps the head until its time is up
    again = cell.apply(envelope)
    assert not again.settled[0].replayed
    check_log(cell)
