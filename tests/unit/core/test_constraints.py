"""Errors of the database become refusals by the name of what they broke; all others set the command aside."""

import psycopg
import pytest

from holdfast.core.constraints import BY_CONSTRAINT, refusal_of
from holdfast.core.wants import _WANTS, Wants
from holdfast.domain import commands as c
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Member
from holdfast.domain.store import FactMissing, Rows
from support.paper import NOBODY, at


@pytest.mark.parametrize("error", [psycopg.DataError("a NUL"), psycopg.IntegrityError("something")])
def test_an_error_without_a_known_constraint_sets_aside(error: psycopg.Error) -> None:
    assert refusal_of(error) is Refusal.set_aside


def test_no_two_constraints_stand_for_one_refusal() -> None:
    assert len(set(BY_CONSTRAINT.values())) == len(BY_CONSTRAINT)


def test_every_command_says_what_it_wants_or_needs_nothing() -> None:
    assert set(c.AnyCommand.__args__) - set(_WANTS) == {c.MakeCalendar}  # type: ignore[attr-defined]  # a union


def test_what_a_decision_missed_is_wanted() -> None:
    wants = Wants(Rows())
    assert not wants
    wants.missing(FactMissing(Member, NOBODY))
    wants.missing(FactMissing("reviews", NOBODY))
    wants.missing(FactMissing("claims", (NOBODY, at(1, 10), at(1, 11))))
    assert wants.rows == {Member: {NOBODY}}
    assert wants.groups == {"reviews": {NOBODY}}
    ((calendar, start, end),) = wants.claims
    assert calendar == NOBODY
    assert start <= at(1, 10) < at(1, 11) <= end


def test_what_is_known_is_not_wanted_again() -> None:
    rows = Rows()
    rows.load_absent(Member, [NOBODY])
    rows.load_group("reviews", NOBODY)
    rows.load_claims(NOBODY, at(1, 0), at(2, 0))  # type: ignore[arg-type]  # a calendar's id
    wants = Wants(rows)
    wants.row(Member, NOBODY)
    wants.group("reviews", NOBODY)
    wants.stretch(NOBODY, at(1, 10), at(1, 11))  # type: ignore[arg-type]  # a calendar's id
    assert not wants
