"""The market's refusals in words for people: what is the matter, and what to do. Pages say most of them in their own
place, with more; this is what is said where none does."""

from collections.abc import Mapping

from msgspec import Struct

from holdfast.domain.refusals import Refusal
from holdfast.web.languages import phrase


class Words(Struct, frozen=True):
    """status: HTTP's. title is a heading, happened says why, next what to do."""

    status: int
    title: str
    happened: str
    next: str


_BACK = phrase("Go back and load the page again: it shows how things are now.")
_OPERATORS = phrase("Ask whoever runs this marketplace.")
_CHECK = phrase("Check the address.")
_CORRECT = phrase("Go back and correct what you entered.")
_TIMES = phrase("Go back and choose another time.")

REFUSALS: Mapping[Refusal, Words] = {
    Refusal.key_reused: Words(
        422,
        phrase("This form was sent before, with something else in it"),
        phrase("What was sent first counts."),
        _BACK,
    ),
    Refusal.withdrawn: Words(
        409, phrase("You took this back"), phrase("It was withdrawn before it was decided."), _BACK
    ),
    Refusal.set_aside: Words(
        500,
        phrase("This was set aside"),
        phrase("The marketplace could not decide it, and those who run it can see why."),
        _OPERATORS,
    ),
    Refusal.too_late: Words(
        409, phrase("Its time had passed"), phrase("It could not be decided before it ceased to count."), _BACK
    ),
    Refusal.session_ended: Words(
        401, phrase("Your sign-in has ended"), phrase("It was ended, here or elsewhere."), phrase("Sign in again.")
    ),
    Refusal.member_suspended: Words(
        403,
        phrase("Your account is suspended"),
        phrase("You can read and cancel what is yours, and start nothing new."),
        _OPERATORS,
    ),
    Refusal.not_allowed: Words(
        403, phrase("This is not allowed"), phrase("Only those who run this marketplace can do it."), _OPERATORS
    ),
    Refusal.cell_founded: Words(
        409, phrase("This marketplace is founded already"), phrase("It is founded once."), _OPERATORS
    ),
    Refusal.email_taken: Words(
        409,
        phrase("This e-mail address is taken"),
        phrase("Somebody has an account with it."),
        phrase("Sign in, or use another address."),
    ),
    Refusal.member_unknown: Words(404, phrase("There is no such member"), phrase("Nobody has this id here."), _CHECK),
    Refusal.listing_unknown: Words(
        404, phrase("There is no such service"), phrase("It may have been withdrawn."), _CHECK
    ),
    Refusal.booking_unknown: Words(
        404, phrase("There is no such booking"), phrase("You have no booking of this name."), _CHECK
    ),
    Refusal.review_unknown: Words(404, phrase("There is no such review"), phrase("It may have been removed."), _CHECK),
    Refusal.not_yours: Words(
        403, phrase("This is not yours"), phrase("Only the one whom it belongs to can do this."), _BACK
    ),
    Refusal.category_unknown: Words(
        404, phrase("There is no such category"), phrase("It may have been renamed."), _CORRECT
    ),
    Refusal.category_cycle: Words(
        422, phrase("A category cannot be below itself"), phrase("The one above it is one below it."), _CORRECT
    ),
    Refusal.category_slug_taken: Words(
        409, phrase("Another category has this short name"), phrase("Each has one of its own."), _CORRECT
    ),
    Refusal.calendar_unknown: Words(
        404, phrase("There is no such calendar"), phrase("You have no calendar of this name."), _CHECK
    ),
    Refusal.exception_unknown: Words(
        404, phrase("There is no such exception"), phrase("It may have been removed already."), _BACK
    ),
    Refusal.time_zone_unknown: Words(
        422, phrase("There is no such time zone"), phrase("It is none of those that are known."), _CORRECT
    ),
    Refusal.hours_invalid: Words(
        422,
        phrase("These hours cannot be"),
        phrase("Opening times must not overlap, and each lasts at most 24 hours."),
        _CORRECT,
    ),
    Refusal.exception_invalid: Words(
        422,
        phrase("These days cannot be"),
        phrase("The first is not after the last, they are at most 366, and their times do not overlap."),
        _CORRECT,
    ),
    Refusal.terms_invalid: Words(
        422,
        phrase("These terms cannot be offered"),
        phrase("A number is out of bounds, or the calendars do not fit together."),
        _CORRECT,
    ),
    Refusal.listing_published: Words(409, phrase("This is published already"), phrase("Nothing is left to do."), _BACK),
    Refusal.listing_not_published: Words(
        409,
        phrase("This service is not offered now"),
        phrase("Only a published one can be booked or withdrawn."),
        _BACK,
    ),
    Refusal.listing_incomplete: Words(
        422,
        phrase("Something is missing before this can be published"),
        phrase("It needs a title and a description."),
        _CORRECT,
    ),
    Refusal.place_incomplete: Words(
        422, phrase("The place is incomplete"), phrase("Unless it is online, a service needs its place."), _CORRECT
    ),
    Refusal.own_account: Words(
        409, phrase("This account is your own"), phrase("Nobody suspends themselves."), _OPERATORS
    ),
    Refusal.member_suspended_already: Words(
        409, phrase("This member is suspended already"), phrase("Nothing is left to do."), _BACK
    ),
    Refusal.member_not_suspended: Words(
        409, phrase("This member is not suspended"), phrase("Nothing is left to do."), _BACK
    ),
    Refusal.own_listing: Words(
        409,
        phrase("This service is your own"),
        phrase("Nobody books their own."),
        phrase("To keep time free, add an absence to your calendar."),
    ),
    Refusal.offer_invalid: Words(
        422, phrase("This time does not fit this service"), phrase("The form was changed on its way."), _TIMES
    ),
    Refusal.offer_expired: Words(
        409,
        phrase("This offer has expired"),
        phrase("A time and its price are kept for half an hour; this was longer. You have not been charged."),
        _TIMES,
    ),
    Refusal.address_needed: Words(
        422, phrase("Your address is needed"), phrase("The provider comes to you."), _CORRECT
    ),
    Refusal.duration_not_offered: Words(
        422, phrase("This length is not offered"), phrase("The service has other lengths."), _TIMES
    ),
    Refusal.notice_too_short: Words(
        409, phrase("This is too soon"), phrase("The provider asks for more notice. You have not been charged."), _TIMES
    ),
    Refusal.too_far_ahead: Words(
        409, phrase("This is too far ahead"), phrase("That day cannot be booked yet."), _TIMES
    ),
    Refusal.outside_hours: Words(
        409,
        phrase("This time is not offered any more"),
        phrase("The provider's hours have changed. You have not been charged."),
        _TIMES,
    ),
    Refusal.slot_taken: Words(
        409,
        phrase("This time was taken while you were booking"),
        phrase("Somebody was faster. You have not been charged."),
        _TIMES,
    ),
    Refusal.booking_not_requested: Words(
        409, phrase("This booking waits for no answer"), phrase("Its state has changed."), _BACK
    ),
    Refusal.booking_not_live: Words(409, phrase("This booking is over"), phrase("It can no more be changed."), _BACK),
    Refusal.booking_not_confirmed: Words(
        409, phrase("This booking is not confirmed"), phrase("Its state has changed."), _BACK
    ),
    Refusal.booking_not_started: Words(
        409, phrase("This booking has not started yet"), phrase("This can be done from its start on."), _BACK
    ),
    Refusal.booking_started: Words(
        409, phrase("This booking has started already"), phrase("This can be done before its start alone."), _BACK
    ),
    Refusal.refund_changed: Words(
        409,
        phrase("The refund is less than was shown"),
        phrase("Time has passed since the page was shown. The booking is not cancelled."),
        _BACK,
    ),
    Refusal.booking_not_completed: Words(
        409, phrase("This booking is not completed"), phrase("Only a completed one can be reviewed."), _BACK
    ),
    Refusal.review_exists: Words(
        409, phrase("You have reviewed this already"), phrase("Each side writes one review of a booking."), _BACK
    ),
    Refusal.review_closed: Words(
        409,
        phrase("It is too late for a review"),
        phrase("Reviews are taken until 14 days after completion."),
        _BACK,
    ),
    Refusal.reply_exists: Words(
        409, phrase("This review is answered already"), phrase("A review has one public reply."), _BACK
    ),
    Refusal.not_due: Words(409, phrase("This is not due yet"), phrase("Nothing is to be done now."), _BACK),
}
