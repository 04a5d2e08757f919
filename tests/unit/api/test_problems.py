"""Problems: one row for everything that can be said, and the page that lists them."""

import pytest

from holdfast.api import status_codes
from holdfast.api.problems import TABLE, Code, Fault, Problem
from holdfast.core.envelope import Busy
from holdfast.domain.refusals import Refusal
from support.source import ROOT

CODES: list[Code] = [*Refusal, *Fault]
NODE_REASONS = ("journal_full", "journal_failed", "relay_away", "rate_limited", "too_many_waiting", "core_away")


def test_every_refusal_and_fault_has_one_row() -> None:
    assert set(TABLE) == set(CODES)


def test_every_reason_of_a_busy_node_has_a_row() -> None:
    assert all(reason in (Busy.__doc__ or "") for reason in NODE_REASONS)
    assert {TABLE[Fault(reason)].status for reason in NODE_REASONS} == {429, 503}


@pytest.mark.parametrize("code", CODES)
def test_a_problem_says_what_happened_and_what_to_do(code: Code) -> None:
    body = Problem(code).body("an-id")
    assert (body.code, body.status, body.request_id) == (code, TABLE[code].status, "an-id")
    assert body.type == f"urn:holdfast:problem:{code}"
    assert 400 <= body.status < 600
    assert body.detail.endswith(".")
    assert not body.title.endswith(".")


def test_whoever_is_not_signed_in_is_told_how_to() -> None:
    unauthorised = [code for code in CODES if TABLE[code].status == 401]
    assert all("WWW-Authenticate" in Problem(code).headers for code in unauthorised)


def test_the_page_of_status_codes_is_what_the_table_makes() -> None:
    assert (ROOT / "docs/status-codes.md").read_text() == status_codes.markdown()
