"""What comes in by a path or a query string: ids, dates, instants, places. A parameter that nobody knows is refused."""

import math
import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from litestar import Request

from holdfast.api.bodies import instant_in
from holdfast.api.problems import Code, Fault, FieldError, Problem, invalid
from holdfast.domain.instants import Instant
from holdfast.domain.walltime import opening_instant

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NEAR = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,12})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*", re.ASCII)
_FIRST, _LAST = date(2000, 1, 1), date(2200, 1, 1)


def only(request: Request[Any, Any, Any], known: Collection[str]) -> None:
    """Raises the problem invalid_input for a parameter that this address does not have."""
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        there = f"is no parameter of this address; there are {', '.join(sorted(known))}"
        raise Problem(Fault.invalid_input, errors=[FieldError(name, there) for name in unknown])


def id_in_path(text: str, unknown: Code) -> str:
    """The id in a path. Raises the problem `unknown`: nothing has an id that is no UUID."""
    if not _UUID.fullmatch(text.lower()):
        raise Problem(unknown)
    return text.lower()


def day_in(field: str, text: str) -> date:
    """A date like 2026-12-31. Raises the problem invalid_input, also outside the years 2000 to 2199."""
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not _FIRST <= day < _LAST:
        raise invalid(field, "is not a date of the years 2000 to 2199, such as 2026-12-31")
    return day


def time_in(field: str, text: str, zone: str) -> Instant:
    """An instant, RFC 3339 with an offset; or a date, which is where it begins in the zone."""
    if _DATE.fullmatch(text):
        return opening_instant(zone, day_in(field, text), 0)
    try:
        # An offset's + that was not escaped arrives as a space.
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise invalid(field, "is neither a date, such as 2026-12-31, nor an instant with an offset (RFC 3339)")
    return instant_in(field, moment)


def place_near(field: str, text: str) -> tuple[float, float]:
    """Latitude and longitude in degrees (WGS 84), with a comma between."""
    match = _NEAR.fullmatch(text)
    if match is None or abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
        raise invalid(field, "is not a latitude and a longitude in degrees, such as 38.7167,-9.1333")
    return float(match[1]), float(match[2])


def finite(field: str, number: float | None) -> float | None:
    """The number. Raises the problem invalid_input for what is none."""
    if number is not None and not math.isfinite(number):
        raise invalid(field, "is not a number")
    return number
