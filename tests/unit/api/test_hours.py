"""Opening hours go in as wall times and come out as the same."""

from hypothesis import given
from hypothesis import strategies as st

from holdfast.api.hours import HoursBody, Weekday, WindowBody, hours_of, minutes_of_day, minutes_of_week, windows_of

TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
CLOSING = TIMES | st.just("24:00")


def week_of(weekday: Weekday, opens: str, closes: str) -> tuple[list[int], list[int]]:
    week = minutes_of_week([HoursBody(weekday=weekday, opens=opens, closes=closes)])
    return week.opens, week.closes


def test_a_window_counts_from_monday_midnight() -> None:
    assert week_of(Weekday.tuesday, "09:00", "12:30") == ([1440 + 540], [1440 + 750])


def test_midnight_at_the_end_of_a_day_is_24_00() -> None:
    assert week_of(Weekday.monday, "22:00", "24:00") == ([1320], [1440])


def test_a_window_that_closes_before_it_opens_passes_midnight() -> None:
    assert week_of(Weekday.sunday, "22:00", "02:00") == ([6 * 1440 + 1320], [7 * 1440 + 120])


def test_a_window_that_closes_when_it_opens_lasts_a_day() -> None:
    assert week_of(Weekday.monday, "09:00", "09:00") == ([540], [540 + 1440])


@given(st.sampled_from(Weekday), TIMES, CLOSING)
def test_hours_come_out_as_they_went_in(weekday: Weekday, opens: str, closes: str) -> None:
    body = HoursBody(weekday=weekday, opens=opens, closes=closes)
    week = minutes_of_week([body])
    (out,) = hours_of(week.opens, week.closes)
    # Midnight closes a day as 24:00, whichever way it was written.
    assert out == (body if closes != "00:00" else HoursBody(weekday=weekday, opens=opens, closes="24:00"))


@given(TIMES, CLOSING)
def test_windows_come_out_as_they_went_in(opens: str, closes: str) -> None:
    body = WindowBody(opens=opens, closes=closes)
    day = minutes_of_day([body])
    (out,) = windows_of(day.opens, day.closes)
    assert out == (body if closes != "00:00" else WindowBody(opens=opens, closes="24:00"))


def test_windows_are_kept_in_the_order_in_which_they_open() -> None:
    hours = [HoursBody(weekday=day, opens="09:00", closes="10:00") for day in (Weekday.friday, Weekday.monday)]
    assert minutes_of_week(hours).opens == [540, 4 * 1440 + 540]
