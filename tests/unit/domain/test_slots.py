"""Which starts can be booked: rules one by one, then days on which the clock changes."""

from datetime import date, timedelta
from typing import Any

import pytest

from holdfast.domain.instants import DAY_US, HOUR_US, MINUTE_US, Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import CalendarId, PriceUnit
from holdfast.domain.slots import Schedule, claims_of, nearest_starts, refusal_at, starts_in
from support.schedules import CHAIR, at, calendar, claim, daily, exception, schedule, some_terms, utc, wall

LISBON = "Europe/Lisbon"
DAY = date(2026, 3, 16)
NOW = at(LISBON, "2026-03-16 00:00")
ROOM = CalendarId("room")
WORK = daily(LISBON, (540, 720), (840, 1080))


def _at(clock: str) -> Instant:
    return at(LISBON, f"{DAY} {clock}")


def _refusal(
    rows: Schedule, clock: str, minutes: int = 60, asked_at: Instant = NOW, now: Instant = NOW
) -> Refusal | None:
    return refusal_at(rows, _at(clock), minutes, asked_at=asked_at, now=now)


def _clocks(
    rows: Schedule, day: date = DAY, minutes: int = 60, asked_at: Instant = NOW, now: Instant = NOW
) -> list[str]:
    """The day's free starts as the wall shows them."""
    starts = starts_in(rows, day, day + timedelta(days=1), minutes, asked_at=asked_at, now=now)
    return [wall(rows.zone, start)[11:16] for start in starts]


def test_every_quarter_hour_of_a_window_that_leaves_room_for_the_visit_is_a_start() -> None:
    assert _clocks(schedule(some_terms(step_min=30), WORK)) == [
        "09:00", "09:30", "10:00", "10:30", "11:00", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30", "17:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "minutes", "offered"),
    [
        ({}, 60, True),
        ({}, 45, False),
        ({}, 75, False),
        ({"price_unit": PriceUnit.hour, "duration_max_min": 120}, 60, True),
        ({"price_unit": PriceUnit.hour, "duration_max_min": 120}, 75, True),
        ({"price_unit": PriceUnit.hour, "duration_max_min": 120}, 120, True),
        ({"price_unit": PriceUnit.hour, "duration_max_min": 120}, 70, False),
        ({"price_unit": PriceUnit.hour, "duration_max_min": 120}, 45, False),
        ({"price_unit": PriceUnit.hour, "duration_max_min": 120}, 135, False),
    ],
)
def test_a_visit_has_one_duration_and_hours_have_steps(changed: dict[str, Any], minutes: int, offered: bool) -> None:
    refusal = _refusal(schedule(some_terms(**changed), WORK), "14:00", minutes)
    assert refusal == (None if offered else Refusal.duration_not_offered)


def test_notice_and_horizon_count_from_when_the_customer_asked() -> None:
    rows = schedule(some_terms(notice_min=120, horizon_days=7), WORK)
    assert _refusal(rows, "11:00", asked_at=_at("09:00"), now=_at("10:59")) is None
    assert _refusal(rows, "11:00", asked_at=Instant(_at("09:00") + 1)) is Refusal.notice_too_short
    assert _refusal(rows, "11:00", asked_at=Instant(_at("11:00") - 7 * DAY_US)) is None
    assert _refusal(rows, "11:00", asked_at=Instant(_at("11:00") - 7 * DAY_US - 1)) is Refusal.too_far_ahead


@pytest.mark.parametrize("clock", ["08:45", "09:05", "11:15", "12:00", "13:45", "17:15", "18:00"])
def test_off_the_raster_or_out_of_a_window_is_outside_hours(clock: str) -> None:
    assert _refusal(schedule(some_terms(), WORK), clock) is Refusal.outside_hours


def test_a_raster_counts_from_its_own_windows_start() -> None:
    rows = schedule(some_terms(step_min=60), daily(LISBON, (550, 700), (860, 1000)))
    assert _clocks(rows) == ["09:10", "10:10", "14:20", "15:20"]


def test_touching_windows_keep_their_rasters_and_a_stretch_may_run_across_both() -> None:
    rows = schedule(
        some_terms(duration_min=120, duration_max_min=120, step_min=60), daily(LISBON, (540, 750), (750, 900))
    )
    assert _clocks(rows, minutes=120) == ["09:00", "10:00", "11:00", "12:00", "12:30"]


def test_all_calendars_are_open_and_free_and_the_first_gives_the_raster() -> None:
    terms = some_terms(calendars=[CHAIR, ROOM], step_min=30)
    room = daily("Europe/Madrid", (670, 1440), named=ROOM)  # 10:10 in Lisbon
    taken = claim(_at("15:00"), _at("16:00"), of=ROOM)
    rows = schedule(terms, WORK, room, claims=[taken])
    assert _clocks(rows) == ["10:30", "11:00", "14:00", "16:00", "16:30", "17:00"]
    assert _refusal(rows, "10:00") is Refusal.outside_hours
    assert _refusal(rows, "14:30") is Refusal.slot_taken


def test_case_04_the_whole_stretch_is_checked_not_its_start_alone() -> None:
    rows = schedule(
        some_terms(duration_min=180, duration_max_min=180), WORK, claims=[claim(_at("09:30"), _at("10:00"))]
    )
    assert _refusal(rows, "09:00", 180) is Refusal.slot_taken
    assert "09:00" not in _clocks(rows, minutes=180)


def test_case_04_buffers_are_claimed_and_checked_and_may_lie_outside_hours() -> None:
    terms = some_terms(buffer_before_min=15, buffer_after_min=30)
    assert claims_of(terms, _at("09:00"), _at("10:00")) == [(CHAIR, _at("08:45"), _at("10:30"))]
    taken = claim(*claims_of(terms, _at("09:00"), _at("10:00"))[0][1:])
    rows = schedule(terms, WORK, claims=[taken])
    assert _refusal(schedule(terms, WORK), "09:00") is None
    assert _refusal(rows, "10:30") is Refusal.slot_taken  # its own buffer would begin at 10:15
    assert _refusal(rows, "10:45") is None  # buffers touch at 10:30
    assert _clocks(rows)[:2] == ["10:45", "11:00"]


def test_case_06_no_listed_slot_lies_in_a_buffer_and_each_can_be_booked() -> None:
    terms = some_terms(buffer_before_min=20, buffer_after_min=25)
    taken = [claim(_at("10:00"), _at("10:40")), claim(_at("15:05"), _at("15:25"))]
    rows = schedule(terms, WORK, claims=taken)
    starts = starts_in(rows, DAY, DAY + timedelta(days=2), 60, asked_at=NOW, now=NOW)
    assert len(starts) == 29
    for start in starts:
        again = schedule(terms, WORK, claims=taken)
        assert refusal_at(again, start, 60, asked_at=NOW, now=NOW) is None
        for _, since, until in claims_of(terms, start, Instant(start + HOUR_US)):
            assert all(until <= other.starts_at or other.ends_at <= since for other in taken)


def test_a_claim_past_its_expiry_no_longer_counts() -> None:
    rows = schedule(some_terms(), WORK, claims=[claim(_at("09:00"), _at("10:00"), expires_at=_at("08:00"))])
    assert _refusal(rows, "09:00", now=Instant(_at("08:00") - 1)) is Refusal.slot_taken
    assert _refusal(rows, "09:00", now=_at("08:00")) is None


def test_an_expired_claim_does_not_hide_the_live_one_after_it() -> None:
    taken = [claim(_at("09:00"), _at("09:30"), expires_at=_at("08:00")), claim(_at("09:30"), _at("10:00"))]
    assert _refusal(schedule(some_terms(), WORK, claims=taken), "09:00", now=_at("08:30")) is Refusal.slot_taken


def test_refusals_go_in_their_order() -> None:
    terms = some_terms(notice_min=60, horizon_days=1)
    rows = schedule(terms, WORK, claims=[claim(_at("09:00"), _at("10:00"))])
    late, early = _at("12:00"), Instant(_at("12:00") - 9 * DAY_US)
    assert _refusal(rows, "08:00", 61, asked_at=late) is Refusal.duration_not_offered
    assert _refusal(rows, "08:00", asked_at=late) is Refusal.notice_too_short
    assert _refusal(rows, "08:00", asked_at=early) is Refusal.too_far_ahead
    assert _refusal(rows, "08:30") is Refusal.outside_hours
    assert _refusal(rows, "09:00") is Refusal.slot_taken


def test_a_start_belongs_to_the_date_on_which_it_begins() -> None:
    rows = schedule(some_terms(step_min=60), calendar(LISBON, (4 * 1440 + 1200, 5 * 1440 + 120)))
    friday, saturday = date(2026, 3, 20), date(2026, 3, 21)
    assert _clocks(rows, friday) == ["20:00", "21:00", "22:00", "23:00"]
    assert _clocks(rows, saturday) == ["00:00", "01:00"]


def test_a_closed_day_ends_what_would_run_into_it_only_where_its_own_windows_do() -> None:
    row = calendar(LISBON, (1200, 1560), (1560, 1700))  # Monday 20:00 to 02:00, then Tuesday from 02:00
    rows = schedule(
        some_terms(step_min=60), row, exceptions=[exception(DAY + timedelta(days=1), DAY + timedelta(days=1))]
    )
    assert _clocks(rows, DAY + timedelta(days=1)) == ["00:00", "01:00"]


def test_the_nearest_starts_to_a_lost_one_come_first_and_of_two_the_earlier() -> None:
    rows = schedule(some_terms(step_min=30), WORK, claims=[claim(_at("10:00"), _at("11:00"))])
    near = nearest_starts(rows, _at("10:00"), 60, 4, asked_at=NOW, now=NOW)
    assert [wall(LISBON, start)[11:16] for start in near] == ["09:00", "11:00", "14:00", "14:30"]


def test_the_nearest_starts_are_looked_for_fourteen_days_both_ways_from_what_may_still_be_booked() -> None:
    saturdays = calendar(LISBON, (5 * 1440 + 600, 5 * 1440 + 660))
    rows = schedule(some_terms(), saturdays)
    lost = at(LISBON, "2026-03-21 10:00")
    days = [wall(LISBON, start)[:10] for start in nearest_starts(rows, lost, 60, 9, asked_at=NOW, now=NOW)]
    assert days == ["2026-03-21", "2026-03-28", "2026-04-04"]
    assert nearest_starts(rows, utc("2026-03-07 10:00"), 60, 1, asked_at=NOW, now=NOW) == [lost]
    assert nearest_starts(rows, utc("2026-03-07 09:59"), 60, 1, asked_at=NOW, now=NOW) == []


@pytest.mark.parametrize("minute", [0, 7, 600, 725, 1439])
def test_the_nearest_starts_are_those_that_sorting_all_by_distance_gives(minute: int) -> None:
    lost = Instant(at(LISBON, "2026-03-27 00:00") + minute * MINUTE_US)
    taken = [
        claim(Instant(lost + n * HOUR_US), Instant(lost + n * HOUR_US + 50 * MINUTE_US)) for n in range(-30, 31, 3)
    ]
    rows = schedule(some_terms(), WORK, claims=taken)
    starts = starts_in(rows, date(2026, 3, 1), date(2026, 5, 1), 60, asked_at=NOW, now=NOW)
    expected = sorted(starts, key=lambda start: (abs(start - lost), start))
    for count in (1, 3, 40):
        assert nearest_starts(rows, lost, 60, count, asked_at=NOW, now=NOW) == expected[:count]
