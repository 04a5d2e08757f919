"""decide(command, facts) → events or one refusal. Who may send what is decided here, for every face alike."""

from collections.abc import Callable
from typing import Any

from holdfast.domain import commands as c
from holdfast.domain.decisions import bookings, listings, market, placing, reviews
from holdfast.domain.facts import Decision, Facts
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Member, RevokedToken

Decide = Callable[[Any, Facts], Decision]

BY_SYSTEM: dict[type[c.Command], Decide] = {
    c.FoundCell: market.found_cell,
    c.AdmitNode: market.admit_node,
    c.AppointOperator: market.appoint_operator,
    c.ExpireBooking: bookings.expire_booking,
    c.CompleteBooking: bookings.complete_booking,
    c.RevealReviews: reviews.reveal_reviews,
}
"""Jobs and the operator's command line alone."""

BY_OPERATORS: dict[type[c.Command], Decide] = {
    c.SuspendMember: market.suspend_member,
    c.RestoreMember: market.restore_member,
    c.AddCategory: market.add_category,
    c.ChangeCategory: market.change_category,
}
"""Operators, and `system`."""

BY_MEMBERS: dict[type[c.Command], Decide] = {
    c.MakeCalendar: listings.make_calendar,
    c.SetHours: listings.set_hours,
    c.AddException: listings.add_exception,
    c.RemoveException: listings.remove_exception,
    c.DraftListing: listings.draft_listing,
    c.ChangeListing: listings.change_listing,
    c.PublishListing: listings.publish_listing,
    c.WithdrawListing: listings.withdraw_listing,
    c.PlaceBooking: placing.place_booking,
    c.AcceptBooking: bookings.accept_booking,
    c.DeclineBooking: bookings.decline_booking,
    c.CompleteBooking: bookings.complete_booking,
    c.MarkNoShow: bookings.mark_no_show,
    c.WriteReview: reviews.write_review,
    c.WriteReply: reviews.write_reply,
}
"""Members who are not suspended; each rule then looks at which part they have in what they ask for."""

BY_SUSPENDED: dict[type[c.Command], Decide] = {
    c.CancelBooking: bookings.cancel_booking,
    c.RevokeToken: market.revoke_token,
}
"""Members, suspended ones too: they may end what is theirs."""


def decide(command: c.AnyCommand, facts: Facts) -> Decision:
    """What follows from the command. Total: it refuses, and never raises, for what somebody did.

    Raises FactMissing where a fact was not fetched: fetch it and call again.
    """
    kind = type(command)
    if kind is c.SignUp:
        return market.sign_up(command, facts)  # type: ignore[arg-type]  # its type was just looked at
    if facts.is_system:
        by_system = BY_SYSTEM.get(kind) or BY_OPERATORS.get(kind)
        return by_system(command, facts) if by_system else Refusal.not_allowed
    return _by_member(kind, command, facts)


def _by_member(kind: type[c.Command], command: c.AnyCommand, facts: Facts) -> Decision:
    member = facts.rows.find(Member, facts.actor)
    revoked = facts.token is not None and facts.rows.find(RevokedToken, facts.token) is not None
    if member is None or member.epoch != facts.epoch or revoked:
        return Refusal.session_ended
    if always := BY_SUSPENDED.get(kind):
        return always(command, facts)
    if member.suspended_at is not None:
        return Refusal.member_suspended
    if allowed := BY_MEMBERS.get(kind):
        return allowed(command, facts)
    if member.is_operator and (operators := BY_OPERATORS.get(kind)):
        return operators(command, facts)
    return Refusal.not_allowed
