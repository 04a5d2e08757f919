"""Problems (RFC 9457): one table says for every refusal and fault its status, its title and what to do."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from holdfast.domain.refusals import Refusal

MEDIA_TYPE = "application/problem+json"


class Fault(StrEnum):
    """What can go wrong before a command is decided, or without one."""

    malformed_json = "malformed_json"
    idempotency_key_missing = "idempotency_key_missing"
    idempotency_key_invalid = "idempotency_key_invalid"
    not_signed_in = "not_signed_in"
    credentials_wrong = "credentials_wrong"
    route_unknown = "route_unknown"
    command_unknown = "command_unknown"
    receipt_unknown = "receipt_unknown"
    command_settled = "command_settled"
    command_under_way = "command_under_way"
    checkpoint_awaited = "checkpoint_awaited"
    method_not_allowed = "method_not_allowed"
    body_too_large = "body_too_large"
    media_type_unsupported = "media_type_unsupported"
    invalid_input = "invalid_input"
    rate_limited = "rate_limited"
    too_many_waiting = "too_many_waiting"
    journal_full = "journal_full"
    journal_failed = "journal_failed"
    relay_away = "relay_away"
    core_away = "core_away"
    reads_unavailable = "reads_unavailable"
    internal_error = "internal_error"


Code = Refusal | Fault


class Row(Struct, frozen=True):
    """What is said of one code. detail says what to do about it."""

    status: int
    title: str
    detail: str


TABLE: Mapping[Code, Row] = {
    Fault.malformed_json: Row(400, "The body is not JSON", "Send one JSON object, in UTF-8."),
    Fault.idempotency_key_missing: Row(
        400,
        "No Idempotency-Key",
        "Send a header Idempotency-Key with a value of your choice, such as a UUID; "
        "send the same one when you repeat the request.",
    ),
    Fault.idempotency_key_invalid: Row(
        400, "The Idempotency-Key cannot be used", "Send 1 to 200 visible ASCII characters, such as a UUID."
    ),
    Fault.not_signed_in: Row(
        401,
        "Not signed in",
        "Send the header Authorization: Bearer with a token of POST /api/v1/tokens. The one you sent, if any, "
        "is not of this cell or has run out.",
    ),
    Fault.credentials_wrong: Row(
        401, "E-mail or password is wrong", "Check both, or sign up with POST /api/v1/members."
    ),
    Refusal.session_ended: Row(401, "This sign-in has ended", "Sign in again with POST /api/v1/tokens."),
    Refusal.member_suspended: Row(
        403,
        "The member is suspended",
        "A suspended member can read and cancel what is theirs. Ask the operators of this marketplace.",
    ),
    Refusal.not_allowed: Row(403, "Not allowed", "Only an operator of this marketplace can do this."),
    Refusal.not_yours: Row(403, "Not yours", "Only the one whom it belongs to can do this."),
    Fault.route_unknown: Row(404, "No such address", "GET /api/v1/openapi.json lists every address below /api/v1."),
    Fault.command_unknown: Row(404, "No such command", "Nothing of yours waits or was settled under this id."),
    Fault.receipt_unknown: Row(404, "No such step", "GET the booking: its history has the steps, from 0."),
    Refusal.member_unknown: Row(404, "No such member", "Check the id of the member."),
    Refusal.category_unknown: Row(404, "No such category", "GET /api/v1/categories lists ids and slugs."),
    Refusal.calendar_unknown: Row(404, "No such calendar", "GET /api/v1/calendars lists yours."),
    Refusal.exception_unknown: Row(404, "No such exception", "GET the calendar: it lists its exceptions."),
    Refusal.listing_unknown: Row(404, "No such listing", "Check the id. It may have been withdrawn."),
    Refusal.booking_unknown: Row(404, "No such booking", "GET /api/v1/bookings lists yours."),
    Refusal.review_unknown: Row(404, "No such review", "Check the id of the review."),
    Fault.method_not_allowed: Row(405, "Method not allowed", "The header Allow names the methods of this address."),
    Refusal.key_reused: Row(
        422,
        "The Idempotency-Key was used for something else",
        "Send a new key for a new request. A repeated request must be the same to the letter.",
    ),
    Refusal.too_late: Row(
        409, "Its time had passed", "It could not be decided before it ceased to count. Nothing happened."
    ),
    Refusal.withdrawn: Row(409, "Withdrawn", "You took this command back before it was decided. Nothing happened."),
    Refusal.set_aside: Row(
        500, "Set aside", "The marketplace could not decide this, and its operators can see why. Nothing happened."
    ),
    Refusal.cell_founded: Row(409, "Founded already", "A cell is founded once."),
    Refusal.email_taken: Row(409, "The e-mail address is taken", "Sign in with POST /api/v1/tokens instead."),
    Refusal.category_slug_taken: Row(409, "The slug is taken", "Choose another slug."),
    Refusal.category_cycle: Row(422, "A category cannot be below itself", "Choose another parent."),
    Refusal.time_zone_unknown: Row(422, "No such time zone", "Send an IANA name, such as Europe/Lisbon."),
    Refusal.hours_invalid: Row(
        422, "These hours cannot be", "Windows must not overlap, and each lasts at most 24 hours; at most 70 a week."
    ),
    Refusal.exception_invalid: Row(
        422,
        "This exception cannot be",
        "first_day is not after last_day, at most 366 days, at most 10 windows a day that do not overlap.",
    ),
    Refusal.terms_invalid: Row(
        422,
        "These terms cannot be offered",
        "duration_max_min is at least duration_min, and for a visit the same; one to five calendars, each named once; "
        "at most eight steps in cancellation, hours_before falling and refund_percent never rising.",
    ),
    Refusal.place_incomplete: Row(
        422, "The place is incomplete", "Unless it is online, a service needs its area, lat and lng."
    ),
    Refusal.listing_incomplete: Row(422, "The listing is incomplete", "Give it a title and a description."),
    Refusal.listing_published: Row(409, "Published already", "GET the listing: it is in the state you asked for."),
    Refusal.listing_not_published: Row(
        409, "Not published", "It is no longer offered, or its provider is suspended: search for another."
    ),
    Refusal.own_account: Row(409, "Your own account", "Nobody suspends themselves; another operator can do it."),
    Refusal.member_suspended_already: Row(409, "Suspended already", "The member is in the state you asked for."),
    Refusal.member_not_suspended: Row(409, "Not suspended", "The member is in the state you asked for."),
    Refusal.own_listing: Row(409, "Your own listing", "Nobody books their own; add an exception to the calendar."),
    Refusal.offer_invalid: Row(
        422, "The offer does not fit", "Send the offer as the slots gave it, with its listing, start and duration."
    ),
    Refusal.offer_expired: Row(409, "The offer has expired", "Ask for the slots again and take a new offer."),
    Refusal.duration_not_offered: Row(
        422, "This duration is not offered", "GET the listing: it names the shortest, the longest and the step."
    ),
    Refusal.address_needed: Row(422, "An address is needed", "The provider comes to you: send your address."),
    Refusal.notice_too_short: Row(
        409,
        "Too soon, or past",
        "The start is past, or nearer than the notice that the provider asks for. Choose another.",
    ),
    Refusal.too_far_ahead: Row(409, "Too far ahead", "The listing is not open for that day yet."),
    Refusal.outside_hours: Row(409, "Not a start that is offered", "Ask for the slots again and choose one of them."),
    Refusal.slot_taken: Row(
        409, "That time is taken", "Nothing was booked. Choose one of nearest, or ask for the slots again."
    ),
    Refusal.booking_not_requested: Row(409, "Not waiting for an answer", "GET the booking: its state has changed."),
    Refusal.booking_not_live: Row(409, "The booking is over", "GET the booking: it can no more be cancelled."),
    Refusal.booking_not_confirmed: Row(409, "Not confirmed", "GET the booking: this needs the state confirmed."),
    Refusal.booking_not_started: Row(409, "Not started yet", "Ask again after the booking's start."),
    Refusal.booking_started: Row(409, "Started already", "This can only be done before the booking's start."),
    Refusal.refund_changed: Row(
        409, "The refund is less than was shown", "GET the booking for the refund of now, and send that."
    ),
    Refusal.booking_not_completed: Row(409, "Not completed", "Only a completed booking can be reviewed."),
    Refusal.review_closed: Row(409, "Too late for a review", "Reviews are taken until 14 days after completion."),
    Refusal.review_exists: Row(409, "Reviewed already", "Each side writes one review of a booking."),
    Refusal.reply_exists: Row(409, "Answered already", "A review has one public reply."),
    Refusal.not_due: Row(409, "Not due yet", "Nothing is to be done now."),
    Fault.command_settled: Row(409, "Settled already", "GET the command: it says what became of it."),
    Fault.command_under_way: Row(
        409,
        "On its way already",
        "It may have been decided: GET the command, which says what became of it once the records answer.",
    ),
    Fault.body_too_large: Row(413, "The body is too large", "Send at most 64 kB."),
    Fault.media_type_unsupported: Row(
        415, "The body is not declared as JSON", "Send the header Content-Type: application/json."
    ),
    Fault.invalid_input: Row(422, "A field is not valid", "Correct the fields that errors names, and send it again."),
    Fault.rate_limited: Row(429, "Too many requests", "Wait as long as Retry-After says, in seconds."),
    Fault.too_many_waiting: Row(
        429, "Too many of your requests wait", "Wait as long as Retry-After says, or withdraw one of them."
    ),
    Fault.journal_full: Row(
        503, "No room to keep requests", "Nothing was kept. Send it again after Retry-After, with the same key."
    ),
    Fault.journal_failed: Row(
        503, "Requests cannot be kept", "Nothing was kept. Send it again after Retry-After, with the same key."
    ),
    Fault.relay_away: Row(
        503,
        "The way to the records is interrupted",
        "It may or may not have been kept. Send it again after Retry-After, with the same key: it counts once.",
    ),
    Fault.core_away: Row(
        503,
        "The records cannot be reached",
        "This is not taken in the meantime. Send it again after Retry-After, with the same key.",
    ),
    Fault.checkpoint_awaited: Row(
        503, "The log is not signed so far yet", "The event is in the log. Ask again after Retry-After for its proof."
    ),
    Fault.reads_unavailable: Row(
        503, "The records cannot be read", "Ask again after Retry-After. A write can be repeated with the same key."
    ),
    Fault.internal_error: Row(
        500,
        "A fault of the marketplace",
        "Tell its operators the request_id. A write can be repeated with the same key: it counts once.",
    ),
}


class FieldError(Struct, frozen=True):
    """What is wrong with one field of the input, such as `hours[0].opens`; a header or parameter by its name."""

    field: str
    message: str


class ProblemBody(Struct, frozen=True, omit_defaults=True, rename=None):
    """A problem as it is sent. type is a URN, the same for every occurrence of the code; detail says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldError] = []


class Problem(Exception):
    """Ends a request with a problem. It is the face's own: nothing below the API raises it."""

    def __init__(
        self,
        code: Code,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = list(errors)
        self.headers = dict(headers or {})
        if self.status == 401:
            self.headers.setdefault("WWW-Authenticate", 'Bearer realm="holdfast"')

    @property
    def status(self) -> int:
        return TABLE[self.code].status

    def body(self, request_id: str) -> ProblemBody:
        """What the caller reads."""
        row = TABLE[self.code]
        return ProblemBody(type_of(self.code), row.title, row.status, row.detail, self.code, request_id, self.errors)


def invalid(field: str, message: str) -> Problem:
    """The problem that one field has."""
    return Problem(Fault.invalid_input, errors=[FieldError(field, message)])


def type_of(code: Code) -> str:
    """The URN that stands for the kind of problem (RFC 9457, section 3.1.1)."""
    return f"urn:holdfast:problem:{code}"
