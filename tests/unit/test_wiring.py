"""What a node says of its settings when it starts."""

import pytest
from structlog.testing import capture_logs

from holdfast.core.genesis import Identity
from holdfast.wiring import warn_of_unkept

CELL = Identity("11111111-1111-8111-8111-111111111111", "EUR", "Europe/Lisbon", "key")


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, []),
        ({"HOLDFAST_CURRENCY": "EUR", "HOLDFAST_ZONE": "Europe/Lisbon"}, []),
        ({"HOLDFAST_CURRENCY": "USD", "HOLDFAST_ZONE": "UTC"}, ["HOLDFAST_CURRENCY", "HOLDFAST_ZONE"]),
    ],
)
def test_a_setting_that_a_founded_cell_does_not_take_is_warned_of(environ: dict[str, str], named: list[str]) -> None:
    with capture_logs() as logged:
        warn_of_unkept(CELL, environ)
    assert [(line["log_level"], line["event"].split()[0]) for line in logged] == [("warning", name) for name in named]
