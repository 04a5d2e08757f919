"""How values cross between PostgreSQL and Python: instants as µs since the epoch, UUIDs as their text.

Text results suit most queries: an id costs nothing there. One that reads many instants asks for binary results
(`cursor(binary=True)`) and writes `id::text`, which is the cheapest of all.
"""

from datetime import UTC, datetime
from struct import Struct

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.pq import Format
from psycopg.types.string import TextLoader

from holdfast.domain.instants import DAY_US, SECOND_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SINCE_2000 = Struct("!q").unpack
_EPOCH_TO_2000_US = 946_684_800_000_000
"""PostgreSQL counts a timestamptz's microseconds from 2000-01-01 (src/include/datatype/timestamp.h)."""


class InstantBinaryLoader(Loader):
    """timestamptz in binary: eight bytes of µs since 2000."""

    format = Format.BINARY

    def load(self, data: Buffer) -> int:
        """The Instant. An infinite timestamptz is a bug of the schema and comes out as a year past 290,000."""
        # No call of Instant: it is an int already, and the call would double the cost.
        since_2000: int = _SINCE_2000(data)[0]
        return since_2000 + _EPOCH_TO_2000_US


class InstantTextLoader(Loader):
    """timestamptz as text, which ISO's DateStyle and any time zone of the connection make readable."""

    format = Format.TEXT

    def load(self, data: Buffer) -> int:
        """The Instant. Raises psycopg.DataError for one outside the years 1 to 9999."""
        text = str(data, "ascii")
        try:
            since = datetime.fromisoformat(text) - _EPOCH
        except ValueError as error:
            raise psycopg.DataError(f"not an instant: {text!r}") from error
        return since.days * DAY_US + since.seconds * SECOND_US + since.microseconds


class UuidBinaryLoader(Loader):
    """uuid in binary: sixteen bytes."""

    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        """The lower-case text of RFC 9562, section 4."""
        text = data.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def configure(context: AdaptContext) -> None:
    """Register Holdfast's loaders on a connection, a cursor or an adapters map."""
    adapters = context.adapters
    adapters.register_loader("timestamptz", InstantBinaryLoader)
    adapters.register_loader("timestamptz", InstantTextLoader)
    adapters.register_loader("uuid", UuidBinaryLoader)
    # psycopg's own, written in C: the text is what we want.
    adapters.register_loader("uuid", TextLoader)


def _adapters() -> AdaptersMap:
    adapters = AdaptersMap(psycopg.adapters)
    configure(adapters)
    return adapters


ADAPTERS = _adapters()
"""What connections of db.connect are made with (`context=`)."""
