"""Listings, as their owner keeps them: draft, change, publish, withdraw. Reading and searching them is `search`."""

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from holdfast.api.access import Member, Writer
from holdfast.api.bodies import Id, Moment, shown_at
from holdfast.api.cursors import USUAL_ITEMS, CursorText, Limit, Page, cursor_to, place_of
from holdfast.api.listing_bodies import CategoryOf, ListingBody, Rating, listing_body, rating_of
from holdfast.api.listing_input import (
    ListingChangeBody,
    NewListingBody,
    changed_description,
    changed_terms,
    description_of,
    terms_of,
)
from holdfast.api.location import located
from holdfast.api.problems import FieldError, Problem
from holdfast.api.queries import id_in_path
from holdfast.api.settle import fingerprint_of_request, settle
from holdfast.core.settle import Accepted
from holdfast.domain.commands import ChangeListing, DraftListing, PublishListing, WithdrawListing
from holdfast.domain.events import TermsGiven
from holdfast.domain.evolutions.listings import terms_row
from holdfast.domain.instants import Instant
from holdfast.domain.prices import terms_fault
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import CategoryId, ListingId, ListingState, PriceUnit
from holdfast.reads.categories import category_named
from holdfast.reads.listings import ListingShown, listing
from holdfast.reads.own_listings import OwnListing, OwnPlace, own_listings
from holdfast.reads.viewer import Viewer


class OwnListingBody(Struct, frozen=True):
    """A listing in its owner's list; version counts its terms."""

    id: Id
    state: ListingState
    title: str
    category: CategoryOf
    price_minor: int
    price_unit: PriceUnit
    currency: str
    version: int
    rating: Rating
    rating_count: int
    changed_at: Moment


@post(
    "/listings",
    refusals=(Refusal.category_unknown, Refusal.calendar_unknown, Refusal.terms_invalid),
    **located("/listings/{0.id}"),
)
async def draft_listing(writer: Writer, data: JSONBody[NewListingBody]) -> ListingBody:
    """Draft a listing. Nobody else sees it until it is published."""
    terms = terms_of(data)
    command = DraftListing(await _category_id(writer, data.category), description_of(data), terms)
    fingerprint = fingerprint_of_request("draft_listing", "", data)
    accepted = await _settle_terms(writer, command, terms, fingerprint)
    return await _shown(writer, ListingId(accepted.subject))


@get("/listings/mine")
async def list_own_listings(
    member: Member, limit: Limit = USUAL_ITEMS, cursor: CursorText = None
) -> Page[OwnListingBody]:
    """One's own listings in every state, the one changed last first."""
    context, scope = member.context, f"own listings {member.id}"
    place = place_of(context.cursor_key, scope, cursor, OwnPlace)
    found = await own_listings(context.reader, member.id, place, limit + 1)
    shown = found[:limit]
    last = OwnPlace(shown[-1].changed_at, shown[-1].id) if len(found) > limit else None
    more = cursor_to(context.cursor_key, scope, last) if last else None
    zone = member.principal.time_zone
    return Page([_own_body(each, zone) for each in shown], more)


@patch(
    "/listings/{listing_id:str}",
    refusals=(
        Refusal.listing_unknown,
        Refusal.not_yours,
        Refusal.category_unknown,
        Refusal.calendar_unknown,
        Refusal.terms_invalid,
        Refusal.place_incomplete,
    ),
)
async def change_listing(writer: Writer, listing_id: FromPath[str], data: JSONBody[ListingChangeBody]) -> ListingBody:
    """Change what is given. Words and place are one part, terms another: of two changes to one part at the same time
    the later one counts, in all its fields."""
    now = await _own(writer, _listing_id(listing_id))
    category = None if not isinstance(data.category, str) else await _category_id(writer, data.category)
    terms = changed_terms(data, now.terms)
    command = ChangeListing(now.id, category, changed_description(data, now), terms)
    fingerprint = fingerprint_of_request("change_listing", now.id, data)
    await _settle_terms(writer, command, terms, fingerprint)
    return await _shown(writer, now.id)


@post(
    "/listings/{listing_id:str}/publication",
    status_code=200,
    refusals=(
        Refusal.listing_unknown,
        Refusal.not_yours,
        Refusal.place_incomplete,
        Refusal.listing_incomplete,
        Refusal.listing_published,
    ),
)
async def publish_listing(writer: Writer, listing_id: FromPath[str]) -> ListingBody:
    """Publish a draft, or a listing that was withdrawn: it can be found and booked."""
    listing = _listing_id(listing_id)
    await settle(writer, PublishListing(listing))
    return await _shown(writer, listing)


@delete(
    "/listings/{listing_id:str}/publication",
    status_code=200,
    refusals=(Refusal.listing_unknown, Refusal.not_yours, Refusal.listing_not_published),
)
async def withdraw_listing(writer: Writer, listing_id: FromPath[str]) -> ListingBody:
    """Withdraw a listing: nobody finds or books it any more. Bookings that stand are kept."""
    listing = _listing_id(listing_id)
    await settle(writer, WithdrawListing(listing))
    return await _shown(writer, listing)


async def _settle_terms(
    writer: Writer, command: DraftListing | ChangeListing, terms: TermsGiven | None, fingerprint: bytes
) -> Accepted:
    """Settles, and says of refused terms what is wrong with them."""
    try:
        return await settle(writer, command, fingerprint=fingerprint)
    except Problem as problem:
        if problem.code is not Refusal.terms_invalid or terms is None:
            raise
        fault = terms_fault(terms_row(ListingId(""), 0, terms, Instant(0)))
        raise Problem(problem.code, errors=[_of_terms(fault)] if fault else []) from None


def _of_terms(fault: str) -> FieldError:
    """What the domain says of terms, by the names that they have here."""
    said = fault.replace("tier_hours", "hours_before").replace("tier_percents", "refund_percent")
    return FieldError(next((field for word, field in _FIELDS if word in said), "cancellation"), said)


_FIELDS = (
    ("hours_before", "cancellation[].hours_before"),
    ("refund_percent", "cancellation[].refund_percent"),
    ("duration_max_min", "duration_max_min"),
    ("calendar", "calendars"),
)


async def _category_id(writer: Writer, name: str) -> CategoryId:
    category = await category_named(writer.context.reader, name)
    if category is None:
        raise Problem(Refusal.category_unknown)
    return category.id


async def _own(writer: Writer, listing_id: ListingId) -> ListingShown:
    """The listing as it is, to change it. Raises the problems listing_unknown and not_yours."""
    now = await listing(writer.context.reader, listing_id, Viewer(writer.id))
    if now is None:
        raise Problem(Refusal.listing_unknown)
    if now.provider.id != writer.id:
        raise Problem(Refusal.not_yours)
    return now


async def _shown(writer: Writer, listing_id: ListingId) -> ListingBody:
    return listing_body(await _own(writer, listing_id))


def _own_body(own: OwnListing, zone: str) -> OwnListingBody:
    return OwnListingBody(
        own.id,
        own.state,
        own.title,
        CategoryOf(own.category.id, own.category.slug, own.category.name),
        own.price_minor,
        own.price_unit,
        own.currency,
        own.version,
        rating_of(own.rating_count, own.rating_sum),
        own.rating_count,
        shown_at(own.changed_at, zone),
    )


def _listing_id(text: str) -> ListingId:
    return ListingId(id_in_path(text, Refusal.listing_unknown))


HANDLERS = (draft_listing, list_own_listings, change_listing, publish_listing, withdraw_listing)
