"""Signing up, in and out."""

import uuid
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from litestar import Response, get, post
from litestar.params import QueryParameter
from msgspec import Meta

from holdfast.core.joining import JOINED_EPOCH, join
from holdfast.core.settle import CommandRefused, NotYetSettled, TurnedAway
from holdfast.domain.commands import RevokeToken
from holdfast.domain.inputs import Email, Name, Password, ZoneName
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import MemberId, TokenId
from holdfast.reads.members import credentials_of
from holdfast.web.forms import Filled, Form, asks, blank
from holdfast.web.languages import phrase
from holdfast.web.posts import Post
from holdfast.web.visit import Anyone, Visit

HOME = "/"
Next = Annotated[str, QueryParameter(name="next")]
_EMAIL_WRONG = phrase("Enter an e-mail address, such as rita@example.com")
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))


class SignInForm(Form, frozen=True):
    """What was given at sign-up."""

    email: Annotated[Email, asks(phrase("Enter your e-mail address"), _EMAIL_WRONG)]
    password: Annotated[str, Meta(min_length=1, max_length=200), asks(phrase("Enter your password"))]
    next: str = HOME


class SignUpForm(Form, frozen=True):
    """Whoever joins."""

    name: Annotated[Name, asks(phrase("Enter your name"), phrase("Enter a name of at most 100 characters"))]
    email: Annotated[Email, asks(phrase("Enter your e-mail address"), _EMAIL_WRONG)]
    password: Annotated[
        Password, asks(phrase("Choose a password"), phrase("Choose a password of 10 to 200 characters"))
    ]
    time_zone: Annotated[ZoneName, asks(phrase("Choose your time zone"))]
    next: str = HOME


def safe_next(path: str) -> str:
    """The path if it leads to a page of ours, else home: never to another host, however it is written."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//"):
        return HOME
    if "\\" in path or any(ord(letter) < 0x21 or ord(letter) == 0x7F for letter in path):
        return HOME
    return path


@get("/sign-in", include_in_schema=False, sync_to_thread=False)
def show_sign_in(visit: Anyone, next_path: Next = HOME) -> Response[bytes]:
    """The form. next_path: where it leads once somebody is signed in."""
    return visit.page("sign_in.html", form=blank(SignInForm, next=safe_next(next_path)))


@post("/sign-in", include_in_schema=False)
async def sign_in(visit: Anyone, posted: Post) -> Response[bytes]:
    """A wrong password and an unknown address give the same answer after the same time."""
    form = posted.fill(SignInForm)
    if form.value is None:
        return visit.page("sign_in.html", 422, form=form)
    site = visit.site
    await visit.allow("signin", site.settings.signin_limit_per_minute)
    known = await credentials_of(site.reader, form.value.email.lower())
    fits = await site.passwords.verify(known.password_hash if known else None, form.value.password)
    if known is None or not fits:
        form.refuse("password", phrase("The e-mail address or the password is wrong"))
        return visit.page("sign_in.html", 422, form=form)
    _start(visit, known.member, known.epoch)
    return visit.go(safe_next(form.value.next), "signed_in")


@get("/sign-up", include_in_schema=False)
async def show_sign_up(visit: Anyone, next_path: Next = HOME) -> Response[bytes]:
    """The form."""
    cell = await visit.site.cell()
    zone = cell.zone if cell else visit.site.settings.zone
    return _sign_up_page(visit, blank(SignUpForm, next=safe_next(next_path), time_zone=zone))


@post("/sign-up", include_in_schema=False)
async def sign_up(visit: Anyone, posted: Post) -> Response[bytes]:
    """Joins, and is signed in."""
    form = posted.fill(SignUpForm)
    value = form.value
    if value is None:
        return _sign_up_page(visit, form, 422)
    await visit.allow("signup", visit.site.settings.signup_limit_per_minute)
    try:
        member = await join(visit.site, posted.key, value.email, value.password, value.name, value.time_zone)
    except CommandRefused as refused:
        field, said = _AT_SIGN_UP.get(refused.refusal, ("", ""))
        if not field:
            raise
        return _sign_up_page(visit, form.refuse(field, said), 422)
    _start(visit, member, JOINED_EPOCH)
    return visit.go(safe_next(value.next), "joined")


@post("/sign-out", include_in_schema=False)
async def sign_out(visit: Anyone, posted: Post) -> Response[bytes]:
    """Ends the sign-in here and everywhere its token is known."""
    visit.set_cookie(visit.site.cookies.clear(visit.site.cookies.session))
    if visit.sender is None or visit.sender.token is None:
        return visit.go(HOME, "signed_out")
    try:
        await visit.settle(RevokeToken(visit.sender.token), posted.key)
    except CommandRefused:
        return visit.go(HOME, "signed_out")  # it had ended before
    except (NotYetSettled, TurnedAway):
        return visit.go(HOME, "signed_out_here")
    return visit.go(HOME, "signed_out")


_AT_SIGN_UP = {
    Refusal.email_taken: (
        "email",
        phrase("This e-mail address has an account already: sign in, or use another address"),
    ),
    Refusal.time_zone_unknown: ("time_zone", phrase("Choose a time zone from the list")),
}


def _sign_up_page(visit: Visit, form: Filled[SignUpForm], status_code: int = 200) -> Response[bytes]:
    return visit.page("sign_up.html", status_code, form=form, zones=[(name, name.replace("_", " ")) for name in ZONES])


def _start(visit: Visit, member: MemberId, epoch: int) -> None:
    """A new sign-in, whatever cookie came along."""
    site = visit.site
    token = site.sessions.start(member, epoch, TokenId(str(uuid.uuid4())), visit.now)
    visit.set_cookie(site.cookies.set(site.cookies.session, token, site.sessions.lasting_s))


HANDLERS: tuple[Any, ...] = (show_sign_in, sign_in, show_sign_up, sign_up, sign_out)
