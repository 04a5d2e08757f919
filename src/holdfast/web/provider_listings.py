"""A provider's listings: drafted, changed, published, withdrawn."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from holdfast.core.settle import CommandRefused
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.domain.commands import AnyCommand, ChangeListing, DraftListing, PublishListing, WithdrawListing
from holdfast.domain.events import TermsGiven
from holdfast.domain.instants import Instant, moment_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import CategoryId, ListingId, ListingState, Terms
from holdfast.reads.calendars import calendars_of
from holdfast.reads.categories import category_tree
from holdfast.reads.listings import ListingShown, listing
from holdfast.reads.own_listings import OwnPlace, own_listings
from holdfast.reads.viewer import Viewer
from holdfast.web.forms import Filled
from holdfast.web.languages import phrase
from holdfast.web.listing_form import INITIAL, ListingForm, filled_with, read_listing, tier_rows
from holdfast.web.own import known_id, settle_own
from holdfast.web.posts import KEY, TOKEN, Post, Posted
from holdfast.web.visit import Member, Visit, Writer

LISTINGS = "/provider/listings"
PAGE = 30
MOST_CALENDARS_SHOWN = 100
HOUR, DAY = 60, 1440
NOTICES = (0, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY)
ANSWERS = (HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY)
STATES = {
    ListingState.published: (phrase("Published"), "confirmed"),
    ListingState.draft: (phrase("Draft"), "pending"),
    ListingState.withdrawn: (phrase("Withdrawn"), "over"),
}
_REFUSED: dict[Refusal, tuple[str, str]] = {
    Refusal.category_unknown: ("category", phrase("Choose a category")),
    Refusal.calendar_unknown: ("calendars", phrase("Choose calendars of your own")),
    Refusal.place_incomplete: ("area", phrase("To be found, it needs an area and coordinates, unless it is online")),
    Refusal.listing_incomplete: ("description", phrase("Describe what people get")),
}


@get(LISTINGS, include_in_schema=False)
async def show_listings(member: Member, after: FromQuery[str] = "") -> Response[bytes]:
    """A page of them, the one changed last first. Two queries."""
    found = await own_listings(member.site.reader, member.id, _place(after), PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    more = last and f"{LISTINGS}?{urlencode({'after': f'{last.changed_at}.{last.id}'})}"
    grouped = [(state, *STATES[state], [each for each in found[:PAGE] if each.state is state]) for state in STATES]
    return member.page("provider_listings.html", groups=grouped, any=bool(found), more=more, first=not after)


@get(f"{LISTINGS}/new", include_in_schema=False)
async def show_new_listing(member: Member) -> Response[bytes]:
    """The form. Four queries, and the cell's once a process."""
    return await _form_page(member, Filled(ListingForm, INITIAL, {}))


@post(f"{LISTINGS}/new", include_in_schema=False)
async def draft_listing(writer: Writer, posted: Post) -> Response[bytes]:
    """A draft, which nobody else sees."""
    form = posted.fill(ListingForm)
    read = read_listing(form, await _currency(writer))
    if read and form.value:
        command = DraftListing(CategoryId(str(form.value.category)), *read)
        try:
            made = await writer.settle(command, posted.key)
            return writer.go(f"{LISTINGS}/{made.subject}/edit", "saved")
        except CommandRefused as refused:
            _say(form, refused)
    await writer.recognise()
    return await _form_page(writer, form)


@get(f"{LISTINGS}/{{listing_id:str}}/edit", include_in_schema=False)
async def show_listing_form(member: Member, listing_id: FromPath[str]) -> Response[bytes]:
    """The form with the listing as it stands. Six queries."""
    shown = await _own(member, listing_id)
    return await _form_page(member, filled_with(shown), shown)


@post(f"{LISTINGS}/{{listing_id:str}}/edit", include_in_schema=False)
async def change_listing(member: Member, posted: Post, listing_id: FromPath[str]) -> Response[bytes]:
    """Changes it. Terms that stay as they are keep their version, and with it every offer that was made."""
    shown = await _own(member, listing_id)
    form = posted.fill(ListingForm)
    read = read_listing(form, shown.currency)
    if read and form.value:
        words, terms = read
        changed = None if terms == _given(shown.terms) else terms
        command = ChangeListing(shown.id, CategoryId(str(form.value.category)), words, changed)
        try:
            await settle_own(member, command, posted, fingerprint=_fingerprint(posted))
            return member.go(f"{LISTINGS}/{shown.id}/edit", "saved")
        except CommandRefused as refused:
            _say(form, refused)
    return await _form_page(member, form, shown)


@post(f"{LISTINGS}/{{listing_id:str}}/publish", include_in_schema=False)
async def publish_listing(writer: Writer, posted: Post, listing_id: FromPath[str]) -> Response[bytes]:
    """Everybody can find and book it from then on; what it lacks for that is said at the form's fields."""
    return await _settle_state(writer, posted, PublishListing(ListingId(known_id(listing_id))), listing_id)


@post(f"{LISTINGS}/{{listing_id:str}}/withdraw", include_in_schema=False)
async def withdraw_listing(writer: Writer, posted: Post, listing_id: FromPath[str]) -> Response[bytes]:
    """Nobody finds or books it any more; bookings stand."""
    return await _settle_state(writer, posted, WithdrawListing(ListingId(known_id(listing_id))), listing_id)


async def _settle_state(writer: Visit, posted: Posted, command: AnyCommand, listing_id: str) -> Response[bytes]:
    try:
        await settle_own(writer, command, posted)
    except CommandRefused as refused:
        if refused.refusal not in _REFUSED:
            raise
        await writer.recognise()
        shown = await _own(writer, listing_id)
        form = filled_with(shown)
        _say(form, refused)
        return await _form_page(writer, form, shown)
    return writer.go(LISTINGS, "saved")


async def _own(visit: Visit, listing_id: str) -> ListingShown:
    """Whatever others publish is no listing here. Two queries. Raises NotFoundException."""
    shown = await listing(visit.site.reader, ListingId(known_id(listing_id)), Viewer(visit.id))
    if shown is None or shown.provider.id != visit.id:
        raise NotFoundException(listing_id)
    return shown


async def _form_page(visit: Visit, form: Filled[ListingForm], shown: ListingShown | None = None) -> Response[bytes]:
    """The form; with what is wrong in it, 422."""
    reader = visit.site.reader
    far = moment_of(visit.now).date() + timedelta(days=36500)  # of exceptions there are none to be shown
    calendars = await calendars_of(reader, visit.id, far, after=None, limit=MOST_CALENDARS_SHOWN)
    categories = await category_tree(reader)
    return visit.page(
        "provider_listing.html",
        422 if form.errors else 200,
        form=form,
        shown=shown,
        state=shown and STATES[shown.state],
        action=f"{LISTINGS}/{shown.id}/edit" if shown else f"{LISTINGS}/new",
        currency=await _currency(visit),
        calendars=[(each.id, each.name) for each in calendars],
        categories=[("", visit.say("Choose one")), *((each.id, "– " * each.depth + each.name) for each in categories)],
        notices=_choices(visit, form.text("notice_min"), NOTICES),
        answers=_choices(visit, form.text("answer_within_min"), ANSWERS),
        tiers=tier_rows(form),
    )


def _choices(visit: Visit, now: str, usual: tuple[int, ...]) -> list[tuple[int, str]]:
    """Usual times, and the one that stands where it is another, in words."""
    own = {int(now)} if now.isascii() and now.isdecimal() and len(now) <= 6 else set()
    return [(minutes, _in_words(visit, minutes)) for minutes in sorted({*usual, *own})]


def _in_words(visit: Visit, minutes: int) -> str:
    if minutes == 0:
        return visit.say("None")
    if minutes % DAY == 0:
        return visit.language.say_n("%(n)s day", "%(n)s days", minutes // DAY)
    if minutes % HOUR == 0:
        return visit.language.say_n("%(n)s hour", "%(n)s hours", minutes // HOUR)
    return visit.language.say_n("%(n)s minute", "%(n)s minutes", minutes)


def _say(form: Filled[ListingForm], refused: CommandRefused) -> None:
    if refused.refusal not in _REFUSED:
        raise refused
    form.refuse(*_REFUSED[refused.refusal])


def _given(terms: Terms) -> TermsGiven:
    return TermsGiven(**{name: getattr(terms, name) for name in TermsGiven.__struct_fields__})


def _fingerprint(posted: Posted) -> bytes:
    """What was typed: a second press is the same command, though the terms stand meanwhile."""
    typed = sorted((name, list(values)) for name, values in posted.given.items() if name not in (TOKEN, KEY))
    return hashlib.sha256(msgspec.json.encode(typed)).digest()


async def _currency(visit: Visit) -> str:
    cell = await visit.site.cell()
    if cell is None:
        raise ReadsUnavailable("the cell is not founded yet")
    return cell.currency


def _place(after: str) -> OwnPlace | None:
    changed_at, _, last = after.partition(".")
    if not after:
        return None
    if not (changed_at.isascii() and changed_at.isdecimal() and len(changed_at) <= 17):
        raise NotFoundException(after)
    return OwnPlace(Instant(int(changed_at)), ListingId(known_id(last)))


HANDLERS: tuple[Any, ...] = (
    show_listings,
    show_new_listing,
    draft_listing,
    show_listing_form,
    change_listing,
    publish_listing,
    withdraw_listing,
)
