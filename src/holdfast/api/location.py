"""Where what a request made is: the Location of a 201 (RFC 9110, section 10.2.2)."""

from typing import Any

from litestar import Response
from msgspec import Struct

PATH = "/api/v1"
BOOKING = "/bookings/{0.id}"


def location_of(where: str, made: Struct) -> str:
    """The address of what was made; where has its fields in braces, as `/bookings/{0.id}`."""
    return PATH + where.format(made)


def located(where: str) -> dict[str, Any]:
    """The options of a handler whose 201 says where what it made is."""

    async def add(response: Response[Any]) -> Response[Any]:
        if isinstance(response.content, Struct) and response.status_code == 201:
            response.headers["Location"] = location_of(where, response.content)
        return response

    return {"after_request": add, "location": where}
