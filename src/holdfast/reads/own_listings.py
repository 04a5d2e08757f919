"""A provider's own listings, drafts and withdrawn ones among them."""

from typing import Any

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.instants import Instant
from holdfast.domain.rows import CategoryId, ListingId, ListingState, MemberId, PriceUnit
from holdfast.reads.listings import CategoryShown
from holdfast.reads.reader import Reader

SQL = load("reads_own_listings")


class OwnListing(Struct, frozen=True):
    """A listing in its owner's list, with the price of its newest terms."""

    id: ListingId
    state: ListingState
    title: str
    category: CategoryShown
    price_minor: int
    price_unit: PriceUnit
    currency: str
    version: int
    rating_count: int
    rating_sum: int
    changed_at: Instant


class OwnPlace(Struct, frozen=True, array_like=True):
    """A place in that list."""

    changed_at: Instant
    listing: ListingId


async def own_listings(reader: Reader, owner: MemberId, after: OwnPlace | None, limit: int) -> list[OwnListing]:
    """At most `limit` of them after a place, the one changed last first. One query."""
    parameters = {
        "owner": owner,
        "changed_at": after.changed_at if after else None,
        "after": after.listing if after else None,
        "limit": limit,
    }
    return await reader.all(SQL.own_listings, parameters, _own_listing)


def _own_listing(
    listing: ListingId, state: str, title: str, category: CategoryId, slug: str, name: str, *rest: Any
) -> OwnListing:
    price_minor, price_unit, *others = rest
    shown = CategoryShown(category, slug, name)
    return OwnListing(listing, ListingState(state), title, shown, price_minor, PriceUnit(price_unit), *others)
