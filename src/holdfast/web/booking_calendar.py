"""A booking as a calendar file (RFC 5545): one event, in UTC, that a calendar puts on its owner's clock."""

from holdfast.domain.instants import Instant, moment_of
from holdfast.domain.rows import BookingState
from holdfast.reads.bookings import BookingListed

MOST_OCTETS = 75
"""Of a line, without its end (RFC 5545, 3.1)."""

_STATUS = {
    BookingState.requested: "TENTATIVE",
    BookingState.confirmed: "CONFIRMED",
    BookingState.completed: "CONFIRMED",
}


def calendar_file(listed: BookingListed, place: str, address: str) -> bytes:
    """The event; its UID stays and its SEQUENCE counts the booking's steps, so that a later file replaces an earlier
    one. place may be empty; address is the booking's page. Nobody's address is in it."""
    row = listed.booking
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Holdfast//Bookings//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{row.id}@holdfast",
        f"DTSTAMP:{_utc(row.changed_at)}",
        f"SEQUENCE:{max(0, row.steps - 1)}",
        f"DTSTART:{_utc(row.starts_at)}",
        f"DTEND:{_utc(row.ends_at)}",
        f"SUMMARY:{_text(listed.title)}",
        *([f"LOCATION:{_text(place)}"] if place else []),
        f"STATUS:{_STATUS.get(row.state, 'CANCELLED')}",
        f"URL:{address}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(instant: Instant) -> str:
    return f"{moment_of(instant):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    plain = "".join(letter for letter in value.replace("\r\n", "\n") if letter >= " " or letter == "\n")
    for letter in "\\;,":
        plain = plain.replace(letter, f"\\{letter}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut within a letter."""
    parts, part = [], ""
    for letter in line:
        if len(f"{part}{letter}".encode()) > MOST_OCTETS:
            parts.append(part)
            part = " "
        part += letter
    return "\r\n".join([*parts, part])
