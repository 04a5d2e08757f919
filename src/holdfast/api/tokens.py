"""Tokens: signing in, and ending a sign-in."""

import uuid
from typing import Annotated

from litestar import delete, post
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from holdfast.api.access import Newcomer, Writer
from holdfast.api.bodies import Body, Id, Moment, shown_at
from holdfast.api.context import ApiContext
from holdfast.api.location import located
from holdfast.api.problems import Fault, Problem
from holdfast.api.settle import allow, settle
from holdfast.core.tokens import mint
from holdfast.domain.commands import RevokeToken
from holdfast.domain.inputs import ENDS, Email
from holdfast.domain.instants import Instant
from holdfast.domain.rows import MemberId, TokenId
from holdfast.reads.members import credentials_of

CURRENT = "current"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class SignInBody(Body, frozen=True):
    """What was given at sign-up."""

    email: Email
    password: Annotated[str, Meta(min_length=1, max_length=200)]


class TokenBody(Struct, frozen=True):
    """Send it as `Authorization: Bearer …`. id is the member's, token_id the sign-in's, which can be ended."""

    id: Id
    token: str
    token_id: Id
    expires_at: Moment


def new_token(context: ApiContext, member: MemberId, epoch: int) -> TokenBody:
    """A new sign-in of the member. Nothing is stored."""
    token_id = TokenId(str(uuid.uuid4()))
    expires_at = Instant(context.clock() + context.token_us)
    token = mint(context.token_key, member, epoch, token_id, expires_at)
    return TokenBody(member, token, token_id, shown_at(expires_at, "UTC").replace(microsecond=0))


@post("/tokens", refusals=(Fault.credentials_wrong, Fault.rate_limited), **located("/tokens/{0.token_id}"))
async def sign_in(newcomer: Newcomer, data: JSONBody[SignInBody]) -> TokenBody:
    """Sign in. A wrong password and an unknown address give the same answer after the same time."""
    context = newcomer.context
    await allow(context, f"signin:{newcomer.address}", context.signin_limit_per_minute)
    known = await credentials_of(context.reader, data.email.lower())
    fits = await context.passwords.verify(known.password_hash if known else None, data.password)
    if known is None or not fits:
        raise Problem(Fault.credentials_wrong)
    return new_token(context, known.member, known.epoch)


@delete("/tokens/{token_id:str}")
async def end_sign_in(
    writer: Writer,
    token_id: Annotated[
        str,
        PathParameter(pattern=f"^(current|{_UUID}){ENDS}", description="`current`, or the token_id of one of yours"),
    ],
) -> None:
    """End a sign-in: its token counts no more."""
    ended = writer.sender.token if token_id == CURRENT else TokenId(token_id)
    assert ended is not None, "a writer came with a token"
    await settle(writer, RevokeToken(ended))


HANDLERS = (sign_in, end_sign_in)
