"""Members: joining, one's own account, and an operator's suspension of somebody."""

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from holdfast.api.access import Member, Newcomer, Writer
from holdfast.api.bodies import Body, Id, Moment, shown_at
from holdfast.api.listing_bodies import Rating, rating_of
from holdfast.api.location import located
from holdfast.api.problems import Fault, Problem
from holdfast.api.queries import id_in_path
from holdfast.api.settle import allow, as_problems, settle
from holdfast.api.tokens import TokenBody, new_token
from holdfast.core.joining import JOINED_EPOCH, join
from holdfast.domain.commands import RestoreMember, SuspendMember
from holdfast.domain.inputs import Email, Name, Note, Password, ZoneName
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import MemberId
from holdfast.reads.members import me_of, standing_of


class SignUpBody(Body, frozen=True):
    """Whoever joins; the e-mail address is how they sign in, and nobody else sees it."""

    email: Email
    password: Password
    name: Name
    time_zone: ZoneName


class MeBody(Struct, frozen=True):
    """One's own account."""

    id: Id
    email: str
    name: str
    time_zone: str
    is_operator: bool
    suspended_at: Moment | None
    joined_at: Moment
    rating: Rating
    rating_count: int


class SuspensionBody(Body, frozen=True):
    """Why; kept for the record."""

    reason: Note = ""


WITHOUT_REASON = SuspensionBody()


class StandingBody(Struct, frozen=True):
    """suspended_at null: the member may do everything."""

    member: Id
    suspended_at: Moment | None


@post(
    "/members",
    keyed=True,
    refusals=(Fault.rate_limited, Refusal.email_taken, Refusal.time_zone_unknown),
    **located("/members/me"),
)
async def sign_up(newcomer: Newcomer, data: JSONBody[SignUpBody]) -> TokenBody:
    """Join, and be signed in. The same key with the same body signs in the same member."""
    context = newcomer.context
    await allow(context, f"signup:{newcomer.address}", context.signup_limit_per_minute)
    async with as_problems(context):
        member = await join(context, newcomer.key, data.email, data.password, data.name, data.time_zone)
    return new_token(context, member, JOINED_EPOCH)


@get("/members/me")
async def show_me(member: Member) -> MeBody:
    """The account of whoever asks."""
    view = await me_of(member.context.reader, member.id)
    if view is None:
        raise Problem(Refusal.member_unknown)
    zone = view.time_zone
    return MeBody(
        id=view.id,
        email=view.email,
        name=view.name,
        time_zone=zone,
        is_operator=view.is_operator,
        suspended_at=None if view.suspended_at is None else shown_at(view.suspended_at, zone),
        joined_at=shown_at(view.joined_at, zone),
        rating=rating_of(view.rating_count, view.rating_sum),
        rating_count=view.rating_count,
    )


@post(
    "/members/{member_id:str}/suspension",
    status_code=200,
    refusals=(Refusal.not_allowed, Refusal.member_unknown, Refusal.own_account, Refusal.member_suspended_already),
)
async def suspend_member(
    writer: Writer, member_id: FromPath[str], data: JSONBody[SuspensionBody] = WITHOUT_REASON
) -> StandingBody:
    """For operators: the member reads and cancels what is theirs, and starts nothing."""
    member = _member_id(member_id)
    await settle(writer, SuspendMember(member, data.reason.strip()))
    return await _standing(writer, member)


@delete(
    "/members/{member_id:str}/suspension",
    status_code=200,
    refusals=(Refusal.not_allowed, Refusal.member_unknown, Refusal.member_not_suspended),
)
async def restore_member(writer: Writer, member_id: FromPath[str]) -> StandingBody:
    """For operators: ends a suspension."""
    member = _member_id(member_id)
    await settle(writer, RestoreMember(member))
    return await _standing(writer, member)


async def _standing(writer: Writer, member: MemberId) -> StandingBody:
    standing = await standing_of(writer.context.reader, member)
    if standing is None:
        raise Problem(Refusal.member_unknown)
    at = standing.suspended_at
    return StandingBody(standing.member, None if at is None else shown_at(at, "UTC"))


def _member_id(text: str) -> MemberId:
    return MemberId(id_in_path(text, Refusal.member_unknown))


HANDLERS = (sign_up, show_me, suspend_member, restore_member)
