"""Opening hours in forms: for each day some pairs of times as text, 09:00 to 12:30; a day without any is closed."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from holdfast.domain.daytimes import closing_time, in_order, minute_of, time_of
from holdfast.domain.walltime import DAY_MIN
from holdfast.web.forms import Filled
from holdfast.web.languages import phrase

USUAL, MOST = 3, 10
"""Windows a day that a form has room for, and that one may have which was made elsewhere."""

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY = ("day",)

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
_WRONG = phrase("Enter times such as 09:00 and 12:30; 24:00 is the end of the day")
_HALF = phrase("Enter both when it opens and when it closes")
_SAME_AGAIN = phrase("Opening times must not overlap")


def names(day: str, row: int) -> tuple[str, str]:
    """The two fields of a day's window."""
    return f"{day}-{row}-opens", f"{day}-{row}-closes"


def rows(form: Filled[Any], day: str) -> list[tuple[str, str]]:
    """The pairs of fields to show for a day."""
    room = [row for row in range(1, MOST + 1) if row <= USUAL or any(form.text(name) for name in names(day, row))]
    return [names(day, row) for row in range(1, max(room) + 1)]


def as_given(days: Sequence[str], opens: Sequence[int], closes: Sequence[int]) -> dict[str, str]:
    """Windows as the form's fields hold them."""
    given: dict[str, str] = {}
    filled = dict.fromkeys(days, 0)
    for opened, closed in zip(opens, closes, strict=True):
        day = days[opened // DAY_MIN]
        filled[day] += 1
        opens_name, closes_name = names(day, filled[day])
        given[opens_name], given[closes_name] = time_of(opened % DAY_MIN), closing_time(opened, closed)
    return given


def windows(form: Filled[Any], days: Sequence[str]) -> tuple[list[int], list[int]]:
    """Opens and closes in minutes from the first day's midnight, of every pair that is right; says at the first field
    of each that is not what is the matter with it."""
    return in_order(window for ordinal, day in enumerate(days) for window in _of_day(form, day, ordinal * DAY_MIN))


def refuse_overlap(form: Filled[Any], days: Sequence[str]) -> None:
    """Says that windows overlap at the first that is filled in."""
    filled = (names(day, row)[0] for day in days for row in range(1, MOST + 1) if form.text(names(day, row)[0]).strip())
    form.refuse(next(filled, names(days[0], 1)[0]), _SAME_AGAIN)


def _of_day(form: Filled[Any], day: str, midnight: int) -> Iterator[tuple[int, int, int]]:
    for row in range(1, MOST + 1):
        opens_name, closes_name = names(day, row)
        opens, closes = form.text(opens_name).strip(), form.text(closes_name).strip()
        if not opens and not closes:
            continue
        if not opens or not closes:
            form.refuse(opens_name if closes else closes_name, _HALF)
        elif not _TIME.fullmatch(opens):
            form.refuse(opens_name, _WRONG)
        elif not _TIME.fullmatch(closes) and closes != "24:00":
            form.refuse(closes_name, _WRONG)
        else:
            yield midnight, minute_of(opens), minute_of(closes)
