"""Personal data: what a vault row holds, and the commitment by which events vouch for it.

Events carry only the commitment. Erasing a person deletes vault rows and their salts; the openings stay.
"""

import hashlib

import msgspec
from msgspec import Struct

from holdfast.domain.rows import BookingId, CalendarId, ListingId, MemberId, RemarkId, ReviewId, TableRow


class VaultRow(TableRow, frozen=True):
    """A row of schema `vault`. The first field is its primary key and the last its salt (16 bytes)."""


class SignIn(VaultRow, frozen=True):
    TABLE = "vault.sign_in"
    email: str
    member: MemberId
    password_hash: str
    salt: bytes


class Profile(VaultRow, frozen=True):
    TABLE = "vault.profile"
    member: MemberId
    name: str
    salt: bytes


class CalendarText(VaultRow, frozen=True):
    TABLE = "vault.calendar_text"
    calendar: CalendarId
    name: str
    salt: bytes


class ListingText(VaultRow, frozen=True):
    """Coordinates are WGS 84 degrees times 1,000,000; both or neither."""

    TABLE = "vault.listing_text"
    listing: ListingId
    title: str
    description: str
    area: str
    address: str
    lat_e6: int | None
    lng_e6: int | None
    salt: bytes


class BookingText(VaultRow, frozen=True):
    TABLE = "vault.booking_text"
    booking: BookingId
    note: str
    address: str
    salt: bytes


class ReviewText(VaultRow, frozen=True):
    TABLE = "vault.review_text"
    review: ReviewId
    body: str
    salt: bytes


class ReplyText(VaultRow, frozen=True):
    TABLE = "vault.reply_text"
    review: ReviewId
    body: str
    salt: bytes


class Remark(VaultRow, frozen=True):
    """A reason somebody gave with an act: a decline, a cancellation, a suspension."""

    TABLE = "vault.remark"
    id: RemarkId
    author: MemberId
    body: str
    salt: bytes


VAULT_TABLES: tuple[type[VaultRow], ...] = (
    SignIn, Profile, CalendarText, ListingText, BookingText, ReviewText, ReplyText, Remark,
)  # fmt: skip


class Sealed(Struct, frozen=True):
    """An event's vouching for a vault row: table, the id it is about, hex SHA-256(salt ‖ JSON array of its fields)."""

    table: str
    subject: str
    digest: str


def subject_of(row: VaultRow) -> str:
    """The id that a seal names: the member of a sign-in, else the row's primary key."""
    if isinstance(row, SignIn):
        return row.member
    key: str = getattr(row, row.__struct_fields__[0])
    return key


def seal(row: VaultRow) -> Sealed:
    """The commitment to a row: SHA-256 of its salt and the JSON array of its other fields, in declared order."""
    fields = [getattr(row, name) for name in row.__struct_fields__[:-1]]
    salt: bytes = row.salt  # type: ignore[attr-defined]  # every vault row ends with its salt
    return Sealed(row.TABLE, subject_of(row), hashlib.sha256(salt + msgspec.json.encode(fields)).hexdigest())
