"""Fetches all facts that a batch needs, in a constant number of queries: at most one a table or group and round."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import psycopg

from holdfast.core.codec import build, keys_of
from holdfast.core.wants import Wants
from holdfast.db import queries
from holdfast.db.arrays import instant_array, uuid_array
from holdfast.domain.instants import Instant, moment_of
from holdfast.domain.rows import (
    Booking,
    Calendar,
    CalendarException,
    Category,
    Cell,
    Claim,
    Listing,
    Member,
    Node,
    Review,
    RevokedToken,
    Row,
    TableRow,
    Terms,
)
from holdfast.domain.store import Rows
from holdfast.domain.vault import ListingText, SignIn

_SQL = queries.load("prefetch")

_BY_KEY: dict[type[TableRow], tuple[bytes, tuple[str, ...]]] = {
    Cell: (_SQL.load_cell, ("id",)),
    Node: (_SQL.load_node, ("id",)),
    Member: (_SQL.load_member, ("id",)),
    RevokedToken: (_SQL.load_revoked_token, ("id",)),
    Category: (_SQL.load_category, ("id",)),
    Calendar: (_SQL.load_calendar, ("id",)),
    CalendarException: (_SQL.load_calendar_exception, ("id",)),
    Listing: (_SQL.load_listing, ("id",)),
    Terms: (_SQL.load_listing_terms, ("listing", "version")),
    Booking: (_SQL.load_booking, ("id",)),
    Review: (_SQL.load_review, ("id",)),
    SignIn: (_SQL.load_sign_in, ("email",)),
    ListingText: (_SQL.load_listing_text, ("listing",)),
}

Cursor = psycopg.Cursor[tuple[Any, ...]]
Take = Callable[[], None]

_EXCEPTIONS_KEPT = timedelta(days=3)
"""An exception counts for bookings that start after it is decided; windows may pass midnight, zones differ by a day."""


def send(connection: psycopg.Connection, wants: Wants, decided_at: Instant) -> list[Take]:
    """Sends one round's queries down the connection's pipeline. Call what comes back once it is synced."""
    takes = [_send_rows(connection, wants.known, table, sorted(keys)) for table, keys in wants.rows.items()]
    for group, members in wants.groups.items():
        takes.append(_GROUPS[group](connection, wants.known, sorted(members), decided_at))
    if wants.claims:
        takes.append(_send_claims(connection, wants))
    return takes


def _send_rows(connection: psycopg.Connection, rows: Rows, table: type[TableRow], keys: Sequence[Any]) -> Take:
    sql, key = _BY_KEY[table]
    cursor = connection.execute(sql, keys_of(table, key, keys))

    def take() -> None:
        rows.load(build(table, values) for values in cursor)
        rows.load_absent(table, keys)

    return take


def _send_claims(connection: psycopg.Connection, wants: Wants) -> Take:
    asked = sorted(wants.claims)
    calendars, starts, ends = zip(*asked, strict=True)
    cursor = connection.execute(_SQL.load_claims, [uuid_array(calendars), instant_array(starts), instant_array(ends)])

    def take() -> None:
        wants.known.load(build(Claim, values) for values in cursor)
        for stretch in asked:
            wants.known.load_claims(*stretch)

    return take


def _send_listings(connection: psycopg.Connection, rows: Rows, ids: Sequence[str], decided_at: Instant) -> Take:
    array = [uuid_array(ids)]
    cursors: list[tuple[type[Row], Cursor]] = [
        (Listing, connection.execute(_SQL.load_listing, array)),
        (Terms, connection.execute(_SQL.load_current_terms, array)),
        (Member, connection.execute(_SQL.load_owners, array)),
    ]

    def take() -> None:
        for table, cursor in cursors:
            rows.load(build(table, values) for values in cursor)
        rows.load_absent(Listing, ids)
        _note_group(rows, "listings", ids)

    return take


def _send_exceptions(connection: psycopg.Connection, rows: Rows, ids: Sequence[str], decided_at: Instant) -> Take:
    since: date = moment_of(decided_at).date() - _EXCEPTIONS_KEPT
    cursor = connection.execute(_SQL.load_exceptions, [uuid_array(ids), since.isoformat()])
    return _take_group(rows, "exceptions", CalendarException, cursor, ids)


def _send_reviews(connection: psycopg.Connection, rows: Rows, ids: Sequence[str], decided_at: Instant) -> Take:
    return _take_group(rows, "reviews", Review, connection.execute(_SQL.load_reviews, [uuid_array(ids)]), ids)


def _send_categories(connection: psycopg.Connection, rows: Rows, ids: Sequence[str], decided_at: Instant) -> Take:
    return _take_group(rows, "categories", Category, connection.execute(_SQL.load_categories), ids)


_GROUPS: dict[str, Callable[[psycopg.Connection, Rows, Sequence[str], Instant], Take]] = {
    "listings": _send_listings,
    "exceptions": _send_exceptions,
    "reviews": _send_reviews,
    "categories": _send_categories,
}


def _take_group(rows: Rows, group: str, table: type[Row], cursor: Cursor, ids: Sequence[str]) -> Take:
    def take() -> None:
        rows.load(build(table, values) for values in cursor)
        _note_group(rows, group, ids)

    return take


def _note_group(rows: Rows, group: str, ids: Sequence[str]) -> None:
    for member in ids:
        rows.load_group(group, member)
