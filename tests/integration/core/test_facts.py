"""Facts: fetched ahead, fetched on demand, or kept warm, they lead to the same outcomes."""

from datetime import date

import pytest

from holdfast.core import wants
from holdfast.core.apply import Warm
from holdfast.core.envelope import Outcome
from holdfast.db.connect import writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.passwords import Role
from holdfast.domain import commands as c
from holdfast.domain.commands import AnyCommand
from holdfast.domain.instants import DAY_US, HOUR_US, Instant
from holdfast.domain.rows import (
    SYSTEM,
    BookingId,
    CalendarId,
    CategoryId,
    ExceptionId,
    MemberId,
    ReviewId,
    TokenId,
)
from support.cells import Cell, check_log
from support.database import Database, new_database
from support.paper import CELL, MONDAY, NOBODY, place, sign_up, terms, words

EXPECTED = [None, "cell_founded", *[None] * 25]
"""Of one command of every kind."""


def test_every_kind_of_command_is_taken(cell: Cell) -> None:
    assert [outcome.refusal for outcome in one_of_each(cell)] == EXPECTED
    assert len(EXPECTED) == len(AnyCommand.__args__)  # type: ignore[attr-defined]  # a union of the commands
    check_log(cell)


def test_what_nobody_thought_to_fetch_is_fetched_on_demand_with_the_same_outcome(
    cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in list(wants._WANTS):
        monkeypatch.delitem(wants._WANTS, kind)
    assert [outcome.refusal for outcome in one_of_each(cell)] == EXPECTED
    check_log(cell)


def test_facts_kept_warm_lead_to_the_same_outcomes(cell: Cell) -> None:
    cell.warm = Warm()
    assert [outcome.refusal for outcome in one_of_each(cell)] == EXPECTED
    check_log(cell)


def test_warm_facts_are_dropped_when_another_node_appended(cell: Cell, database: Database) -> None:
    cell.warm = Warm()
    assert cell.refusals((cell.cast.customer, place(cell.cast.instant, 1, 10))) == [None]
    connection = writer_connection(database.url(Role.WRITER))
    twin = Cell(connection, cell.cast, "twin")
    assert twin.refusals((cell.cast.other, place(cell.cast.instant, 1, 12))) == [None]
    connection.close()
    assert cell.refusals((cell.cast.customer, place(cell.cast.instant, 1, 12))) == ["slot_taken"]
    assert cell.refusals((cell.cast.customer, place(cell.cast.instant, 1, 14))) == [None]
    check_log(cell)


def test_warm_facts_of_another_core_with_as_long_a_log_are_not_believed(cell: Cell, server: EmbeddedServer) -> None:
    warm = Warm()
    with new_database(server) as restored:
        connection = writer_connection(restored.url(Role.WRITER))
        twin = Cell(connection)
        twin.made(twin.cast.other, place(twin.cast.instant, 1, 12))
        cell.warm = warm
        cell.made(cell.cast.other, place(cell.cast.instant, 1, 10))
        twin.warm = warm
        assert twin.refusals((twin.cast.customer, place(twin.cast.instant, 1, 10))) == [None]
        connection.close()


def one_of_each(cell: Cell) -> list[Outcome]:
    """Every command that there is, in batches of several."""
    cast = cell.cast
    outcomes = cell.send((SYSTEM, c.AddCategory(None, "nails", "Nails", 2)))
    category = CategoryId(outcomes[0].subject or "")
    outcomes += cell.send(
        (SYSTEM, c.FoundCell(CELL, "EUR", "UTC", "key", None)), (SYSTEM, c.AdmitNode("n1", "key")),
        sign_up("Nina"), (SYSTEM, c.AppointOperator(MemberId(cast.rival))),
        (cast.operator, c.SuspendMember(MemberId(cast.other), "Rude")),
        (cast.operator, c.RestoreMember(MemberId(cast.other))), (cast.other, c.RevokeToken(TokenId(NOBODY))),
        (cast.operator, c.ChangeCategory(category, CategoryId(cast.category), "nails", "Nails", 1)),
        (cast.provider, c.SetHours(CalendarId(cast.calendar), [480], [1200])),
        (cast.provider, c.ChangeListing(cast.draft, category, words(title="Cut"), terms(cast.calendar))),
        (cast.provider, c.PublishListing(cast.draft)), (cast.provider, c.WithdrawListing(cast.draft)),
        (cast.provider, c.MakeCalendar("Room", "UTC", [0], [60])),
    )  # fmt: skip
    closing = c.AddException(CalendarId(cast.calendar), date(2026, 6, 2), date(2026, 6, 2), [], [])
    drafting = c.DraftListing(category, words(), terms(cast.calendar))
    outcomes += cell.send((cast.provider, closing), (cast.provider, drafting))
    removing = c.RemoveException(CalendarId(cast.calendar), ExceptionId(outcomes[-2].subject or ""))
    outcomes += cell.send((cast.provider, removing))
    placed = [cell.send((cast.customer, place(cast.by_request, 7, hour)))[0] for hour in range(8, 13)]
    outcomes.append(placed[0])
    first, declined, expired, cancelled, missed = (BookingId(outcome.subject or "") for outcome in placed)
    accepted = cell.send(
        (cast.provider, c.AcceptBooking(first)), (cast.provider, c.AcceptBooking(missed)),
        (cast.provider, c.DeclineBooking(declined, "Ill")), (cast.customer, c.CancelBooking(cancelled, None, "No")),
    )  # fmt: skip
    outcomes += [accepted[0], *accepted[2:]]
    cell.now = Instant(MONDAY + 7 * DAY_US + 14 * HOUR_US)
    outcomes += cell.send((SYSTEM, c.ExpireBooking(expired)), (cast.provider, c.MarkNoShow(missed)))
    outcomes += cell.send((cast.provider, c.CompleteBooking(first)), (cast.customer, c.WriteReview(first, 5, "Good")))
    cell.now = Instant(cell.now + 15 * DAY_US)
    review = ReviewId(outcomes[-1].subject or "")
    outcomes += cell.send((SYSTEM, c.RevealReviews(first)), (cast.provider, c.WriteReply(review, "Thanks")))
    return outcomes
