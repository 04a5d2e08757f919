"""An array literal comes back from PostgreSQL as the list that it was made of."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.db import arrays
from holdfast.db.connect import CoreConnection

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20) | st.sampled_from(
    ["NULL", "null", "", " ", "{}", "a,b", '"', "\\", '\\"', "{a,NULL}", "\n", "'"]
)
AN_INSTANT = st.integers(-(2**53) + 1, 2**53 - 1)
EPOCH_PLUS = (
    "(SELECT array_agg(timestamptz 'epoch' + x * interval '1 microsecond' ORDER BY n) "
    "FROM unnest(%s::bigint[]) WITH ORDINALITY AS _ (x, n))"
)


@pytest.mark.parametrize(
    ("build", "expression", "element"),
    [
        (arrays.uuid_array, "%s::uuid[]", st.uuids().map(UUID.__str__)),
        (arrays.int_array, "%s::bigint[]", st.integers(-(2**63), 2**63 - 1)),
        (arrays.instant_array, EPOCH_PLUS, AN_INSTANT),
        (arrays.bool_array, "%s::boolean[]", st.booleans()),
        (arrays.text_array, "%s::text[]", TEXTS),
        (arrays.bytea_array, "%s::bytea[]", st.binary(max_size=20)),
    ],
    ids=["uuid", "int", "instant", "bool", "text", "bytea"],
)
def test_an_array_comes_back_as_it_was(
    values: CoreConnection, build: Callable[[Sequence[Any]], str], expression: str, element: st.SearchStrategy[Any]
) -> None:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(element | st.none(), max_size=8))
    def comes_back(items: list[Any]) -> None:
        query = f"SELECT coalesce({expression}, '{{}}')".encode()
        assert values.execute(query, [build(items)]).fetchone() == (items,)

    comes_back()


def test_an_instant_that_would_be_rounded_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        arrays.instant_array([2**53])
