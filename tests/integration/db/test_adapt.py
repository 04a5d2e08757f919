"""Values come out as Holdfast's own, in both formats."""

from datetime import UTC, datetime

import pytest
from psycopg.types.range import Range

from holdfast.db.connect import CoreConnection
from holdfast.domain.instants import instant_of

FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
FORMATS = pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])


@FORMATS
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/New_York"])
@pytest.mark.parametrize(
    ("literal", "instant"),
    [
        ("1970-01-01 00:00:00+00", 0),
        ("1969-12-31 23:59:59.999999+00", -1),
        ("2025-10-20 06:48:00.000001+00", 1_760_942_880_000_001),
        ("2025-10-26 02:30:00+02", 1_761_438_600_000_000),
        ("1815-06-18 11:30:00+00", -4_876_806_600_000_000),
    ],
)
def test_an_instant_is_whole_microseconds_since_the_epoch(
    values: CoreConnection, binary: bool, zone: str, literal: str, instant: int
) -> None:
    values.execute("SELECT set_config('timezone', %s, false)", [zone])
    cursor = values.cursor(binary=binary)
    assert cursor.execute("SELECT %s::timestamptz", [literal]).fetchone() == (instant,)


@FORMATS
@pytest.mark.parametrize("moment", [FIRST, LAST])
def test_every_moment_that_python_knows_is_an_instant(values: CoreConnection, binary: bool, moment: datetime) -> None:
    instant = instant_of(moment)
    cursor = values.cursor(binary=binary)
    assert cursor.execute("SELECT %s::timestamptz", [moment.isoformat()]).fetchone() == (instant,)


@FORMATS
def test_ranges_and_arrays_of_instants_hold_instants(values: CoreConnection, binary: bool) -> None:
    cursor = values.cursor(binary=binary)
    cursor.execute(
        "SELECT tstzrange('1970-01-01 00:00:01+00', '1970-01-01 00:00:02+00'), "
        "ARRAY['1970-01-01 00:00:03+00'::timestamptz, NULL]"
    )
    assert cursor.fetchone() == (Range(1_000_000, 2_000_000, "[)"), [3_000_000, None])


@FORMATS
def test_an_id_is_its_lower_case_text(values: CoreConnection, binary: bool) -> None:
    cursor = values.cursor(binary=binary)
    cursor.execute("SELECT '00112233-4455-6677-8899-AABBCCDDEEFF'::uuid, NULL::uuid")
    assert cursor.fetchone() == ("00112233-4455-6677-8899-aabbccddeeff", None)


@FORMATS
def test_bytes_are_bytes(values: CoreConnection, binary: bool) -> None:
    cursor = values.cursor(binary=binary)
    (value,) = cursor.execute(rb"SELECT '\x00ff5c'::bytea").fetchone() or ()
    assert value == b"\x00\xff\\"
    assert type(value) is bytes
