"""Terms of listings, whichever version is asked for."""

from collections.abc import Sequence
from typing import Any

from holdfast.db.arrays import int_array, uuid_array
from holdfast.db.queries import load
from holdfast.domain.rows import CalendarId, ListingId, Place, PriceUnit, Terms
from holdfast.reads.reader import Reader

SQL = load("reads_listings")


async def terms_of(reader: Reader, asked: Sequence[tuple[ListingId, int | None]]) -> dict[ListingId, Terms]:
    """Each listing's terms in the version asked for; None is the newest. One query.

    Who may see them is for the caller to know.
    """
    parameters = {
        "listings": uuid_array([listing for listing, _ in asked]),
        "versions": int_array([version for _, version in asked]),
    }
    return {terms.listing: terms for terms in await reader.all(SQL.terms_versions, parameters, _terms, binary=True)}


def _terms(listing: ListingId, version: int, calendars: list[CalendarId], place: str, *rest: Any) -> Terms:
    price_minor, price_unit, *others = rest
    return Terms(listing, version, calendars, Place(place), price_minor, PriceUnit(price_unit), *others)
