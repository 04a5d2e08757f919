"""A command that breaks data or a rule is set aside, with a recorded outcome; the others of its batch are applied."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import structlog

from holdfast.core.apply import ClockUnbelievable, OutcomeUnknown
from holdfast.domain import commands as c
from holdfast.domain import decide
from holdfast.domain.facts import Decision, Facts
from holdfast.domain.instants import Instant
from holdfast.domain.rows import SYSTEM, BookingId, CategoryId, ListingId, TokenId
from support.cells import Cell, check_log
from support.database import Database
from support.paper import NOBODY, place, terms, words

HOUR = 10


class Trip(c.Command, frozen=True, tag="trip"):
    """A test's own command, whose rule has a bug."""

    n: int


def _trip(command: Trip, facts: Facts) -> Decision:
    raise ZeroDivisionError(command.n)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    """What would be logged."""
    with structlog.testing.capture_logs() as events:
        yield events


@pytest.fixture
def tripping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(decide.BY_MEMBERS, Trip, _trip)


def drafted(cell: Cell, **changed: Any) -> c.DraftListing:
    return c.DraftListing(CategoryId(cell.cast.category), words(**changed), terms(cell.cast.calendar))


Wish = tuple[str, c.AnyCommand]
POISON: dict[str, Callable[[Cell], Wish]] = {
    "a NUL in a text": lambda cell: (cell.cast.other, place(cell.cast.instant, 2, HOUR, note="a\0b")),
    "a NUL in an e-mail address": lambda cell: (
        cell.cast.other,
        c.SignUp("a\0@b.test", "A", "UTC", "$argon2id$"),
    ),
    "a number that the column cannot hold": lambda cell: (cell.cast.provider, drafted(cell, lat_e6=2**40)),
    "a number that the tables forbid": lambda cell: (cell.cast.provider, drafted(cell, lat_e6=91_000_000)),
    "half a place": lambda cell: (cell.cast.provider, drafted(cell, lng_e6=None)),
    "an id that is none": lambda cell: (cell.cast.other, place("no-uuid", 2, HOUR)),
    "an id with a newline after it": lambda cell: (cell.cast.other, c.RevokeToken(TokenId(f"{NOBODY}\n"))),
    "an id in capitals": lambda cell: (cell.cast.other, c.RevokeToken(TokenId("ABCDEFAB-0000-4000-8000-000000000000"))),
    "two ids in one": lambda cell: (cell.cast.other, place(f"{NOBODY},{NOBODY}", 2, HOUR)),
    "a booking's id that is none": lambda cell: (
        cell.cast.other,
        c.CancelBooking(BookingId("'; DROP"), None, ""),
    ),
    "a listing's id with a NUL": lambda cell: (cell.cast.provider, c.PublishListing(ListingId("\0"))),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=list(POISON))
@pytest.mark.parametrize("position", [0, 3, 6])
def test_a_poisoned_command_alone_is_set_aside(cell: Cell, poison: Callable[[Cell], Wish], position: int) -> None:
    wishes = [(cell.cast.customer, place(cell.cast.instant, 1, 8 + n)) for n in range(6)]
    wishes.insert(position, poison(cell))
    envelopes = [cell.envelope(*wish) for wish in wishes]

    refusals = [settled.outcome.refusal for settled in cell.apply(*envelopes).settled]

    assert refusals == [None] * position + ["set_aside"] + [None] * (6 - position)
    assert cell.count("cell.booking") == 6
    check_log(cell)
    again = cell.apply(*envelopes)
    assert again.appended == []
    assert [settled.outcome.refusal for settled in again.settled] == refusals


def test_several_poisoned_commands_are_all_set_aside(cell: Cell) -> None:
    wishes = [
        (cell.cast.customer, place(cell.cast.instant, 1, 8 + n, note="\0" if n % 3 == 0 else "")) for n in range(12)
    ]
    assert cell.refusals(*wishes) == ["set_aside" if n % 3 == 0 else None for n in range(12)]
    check_log(cell)


@pytest.mark.usefixtures("tripping")
def test_a_rule_that_fails_costs_its_own_command_alone(cell: Cell, logged: list[structlog.typing.EventDict]) -> None:
    cast = cell.cast
    good = [(cast.customer, place(cast.instant, 1, 8 + n)) for n in range(2)]
    assert cell.refusals(good[0], (cast.other, Trip(1)), good[1]) == [None, "set_aside", None]
    assert [event["log_level"] for event in logged] == ["error"]
    check_log(cell)


@pytest.mark.usefixtures("tripping")
def test_a_rule_that_fails_for_a_whole_batch_sets_all_of_it_aside(cell: Cell) -> None:
    assert cell.refusals(*((cell.cast.customer, Trip(n)) for n in range(100))) == ["set_aside"] * 100
    check_log(cell)


def test_a_poisoned_command_that_was_withdrawn_stays_withdrawn(cell: Cell) -> None:
    envelope = cell.envelope(cell.cast.customer, place("no-uuid", 1, HOUR))
    assert cell.withdraw(envelope) == ["withdrawn"]
    check_log(cell)


def test_a_value_that_cannot_be_written_down_is_set_aside(cell: Cell) -> None:
    beyond = c.FoundCell(NOBODY, "EUR", "UTC", "key", Instant(2**60))
    good = [(cell.cast.customer, place(cell.cast.instant, 1, 8 + n)) for n in range(2)]
    assert cell.refusals(good[0], (SYSTEM, beyond), good[1]) == [None, "set_aside", None]
    check_log(cell)


def test_what_is_no_commands_fault_sets_none_aside(cell: Cell, database: Database) -> None:
    """An edge that is none of a log's: nothing can be appended, and nothing may be refused for it."""
    envelopes = [cell.envelope(cell.cast.customer, place(cell.cast.instant, 1, 8 + n)) for n in range(3)]
    with psycopg.connect(database.superuser_url, autocommit=True) as admin:
        ((edge,),) = admin.execute("SELECT edge FROM ledger.head").fetchall()
        admin.execute("UPDATE ledger.head SET edge = ''")
        with pytest.raises(ValueError, match="edge"):
            cell.apply(*envelopes)
        admin.execute("UPDATE ledger.head SET edge = %s", [edge])
    assert {settled.outcome.refusal for settled in cell.apply(*envelopes).settled} == {None}
    check_log(cell)


def test_stars_beyond_five_are_set_aside(cell: Cell) -> None:
    booking = BookingId(cell.made(cell.cast.customer, place(cell.cast.instant, 0, HOUR)))
    cell.now = cell.now + 12 * 3_600_000_000
    cell.made(cell.cast.provider, c.CompleteBooking(booking))
    assert cell.refusals((cell.cast.customer, c.WriteReview(booking, 6, "Six"))) == ["set_aside"]
    assert cell.refusals((cell.cast.customer, c.WriteReview(booking, 0, "None"))) == ["set_aside"]
    assert cell.refusals((cell.cast.customer, c.WriteReview(booking, 5, "Five"))) == [None]
    check_log(cell)


def test_a_batch_of_which_half_is_committed_may_not_be_called_undone(cell: Cell) -> None:
    wishes = [place(cell.cast.instant, 1, 8), place(cell.cast.instant, 1, 9, note="\0")]
    envelopes = [cell.envelope(cell.cast.customer, wish) for wish in wishes]
    times = iter([cell.now, cell.now])

    def clock(core: Instant, last: Instant) -> Instant:
        if (now := next(times, None)) is None:
            raise ClockUnbelievable
        return max(now, last)

    with pytest.raises(OutcomeUnknown):
        cell.apply(*envelopes, clock=clock)
    assert cell.count("cell.booking") == 1
    assert [settled.outcome.refusal for settled in cell.apply(*envelopes).settled] == [None, "set_aside"]
    check_log(cell)
