"""A listing as its page shows it."""

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.instants import Instant
from holdfast.domain.rows import CategoryId, ListingId, ListingState, MemberId, Terms
from holdfast.reads.reader import Reader
from holdfast.reads.terms import terms_of
from holdfast.reads.viewer import Viewer

SQL = load("reads_listings")


class Provider(Struct, frozen=True):
    """The member behind a listing. The rating is over all reviews of them that can be seen."""

    id: MemberId
    name: str
    rating_count: int
    rating_sum: int


class CategoryShown(Struct, frozen=True):
    id: CategoryId
    slug: str
    name: str


class ListingShown(Struct, frozen=True):
    """stars: how many reviews gave 1…5. Coordinates are degrees times 1,000,000. zone: of the first calendar."""

    id: ListingId
    state: ListingState
    version: int
    terms: Terms
    provider: Provider
    category: CategoryShown
    title: str
    description: str
    area: str
    address: str
    lat_e6: int | None
    lng_e6: int | None
    zone: str
    currency: str
    rating_count: int
    rating_sum: int
    stars: list[int]
    drafted_at: Instant
    published_at: Instant | None


async def listing(reader: Reader, listing_id: ListingId, viewer: Viewer) -> ListingShown | None:
    """The listing in its newest version; None where there is none, or none that the viewer may see. Two queries."""
    row = await reader.one(SQL.listing_shown, {"listing": listing_id, **viewer.sees}, lambda *columns: columns)
    if row is None:
        return None
    terms = (await terms_of(reader, [(listing_id, row[2])]))[listing_id]
    provider, category = Provider(*row[3:7]), CategoryShown(*row[7:10])
    return ListingShown(row[0], ListingState(row[1]), row[2], terms, provider, category, *row[10:])
