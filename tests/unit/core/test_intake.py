"""What can be taken back: a command that is durable, and that no transaction has or may have committed."""

import pytest

from holdfast.core.envelope import Sender, envelop
from holdfast.core.intake import Intake, Ticket
from holdfast.domain.commands import AcceptBooking
from holdfast.domain.instants import Instant
from holdfast.domain.rows import BookingId, MemberId

ACTOR = MemberId("11111111-1111-4111-8111-111111111111")


def ticket(key: str = "key") -> Ticket:
    command = AcceptBooking(BookingId("22222222-2222-4222-8222-222222222222"))
    return Ticket(envelop(b"s" * 32, Sender(ACTOR), key, command, Instant(0)), b"raw", urgent=False)


@pytest.fixture
def intake() -> Intake:
    return Intake()


def received(intake: Intake) -> Ticket:
    one = ticket()
    intake.put(one)
    intake.keep(intake.take_incoming(), [0])
    return one


def test_what_is_durable_can_be_taken_back(intake: Intake) -> None:
    one = received(intake)
    assert intake.withdraw(one)
    assert intake.send(intake.next_batch(1)) == {one.envelope.id}


def test_what_is_not_durable_yet_cannot_be_taken_back(intake: Intake) -> None:
    one = ticket()
    intake.put(one)
    assert not intake.withdraw(one)


def test_what_is_on_its_way_can_be_taken_back_only_once_it_certainly_did_not_commit(intake: Intake) -> None:
    one = received(intake)
    batch = intake.next_batch(1)
    assert not intake.withdraw(one)
    intake.unsend(batch)
    assert intake.withdraw(one)


def test_what_may_have_committed_once_can_never_be_taken_back(intake: Intake) -> None:
    one = received(intake)
    batch = intake.next_batch(1)
    intake.doubt(batch)
    assert not intake.withdraw(one)
    assert intake.send(batch) == set()
    intake.unsend(batch)  # a later attempt certainly did not commit, which says nothing of the first
    assert not intake.withdraw(one)


def test_what_the_journal_held_at_the_start_may_have_committed_before(intake: Intake) -> None:
    one = ticket()
    one.sequence = 0
    intake.restore([one])
    assert not intake.withdraw(one)
