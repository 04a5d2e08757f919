"""What is said once a demo serves: whom to sign in as, and three lines to paste."""

from datetime import date, timedelta

from holdfast.demo.named import LISTINGS, OPERATOR
from holdfast.demo.seed_people import PASSWORD
from holdfast.demo.seed_steps import SIGN_UP, listing_key
from holdfast.domain.ids import IdSource, signup_actor
from holdfast.domain.rows import MemberId

CUSTOMER, PROVIDER = "customer@demo.test", "provider@demo.test"
_BOOKED = LISTINGS - 1
_DAYS = 21
_BEARER = '-H "Authorization: Bearer $TOKEN"'


def welcome(url: str, secret: bytes, today: date) -> str:
    """Accounts, and lines of POSIX shell that search, book and look at the booking. secret: the cell's."""
    search, book, look = lines(url, secret, today)
    return f"""
Holdfast's demo serves {url} - Ctrl-C stops it

Sign in with the password {PASSWORD} as
  {CUSTOMER}   Inês, who books
  {PROVIDER}   Rui, who mends things and has requests to answer
  {OPERATOR.email}   Helena, who keeps order

Or paste these lines into another terminal, one after the other.
Search:
  {search}
Book the first free time of one of Rui's services:
  {book}
Look at the booking:
  {look}
"""


def lines(url: str, secret: bytes, today: date) -> tuple[str, str, str]:
    """The three lines. The later ones use what the earlier ones left in the shell's variables."""
    api, listing = f"{url}/api/v1", _listing(secret)
    days = f"from={today}&to={today + timedelta(days=_DAYS)}"
    post = "curl -s -H 'Content-Type: application/json'"
    sign_in = f"""{post} {api}/tokens -d '{{"email":"{CUSTOMER}","password":"{PASSWORD}"}}'"""
    slots = f"curl -s '{api}/listings/{listing}/slots?{days}'"
    wish = f'{{"listing":"{listing}","starts_at":s["starts_at"],"offer":s["offer"],"address":"Rua da Graça 7"}}'
    wishing = f"""python3 -c 'import json,sys; s=json.load(sys.stdin)["items"][0]; print(json.dumps({wish}))'"""
    place = f"""{post} {_BEARER} -H "Idempotency-Key: $(date +%s)" {api}/bookings -d @-"""
    book = f'TOKEN=$({sign_in} | {_field("token")}); BOOKING=$({slots} | {wishing} | {place}); echo "$BOOKING"'
    return (
        f"curl -s '{api}/listings?q=haircut&near=38.7139,-9.1334&within_km=5&limit=3'",
        book,
        f"""curl -s {_BEARER} {api}/bookings/$(echo "$BOOKING" | {_field("id")})""",
    )


def _field(name: str) -> str:
    """A filter that takes one field out of JSON."""
    return f"""python3 -c 'import json,sys; print(json.load(sys.stdin)["{name}"])'"""


def _listing(secret: bytes) -> str:
    provider = IdSource(secret, signup_actor(secret, PROVIDER), SIGN_UP, b"").next()
    return IdSource(secret, MemberId(provider), listing_key(_BOOKED), b"").next()
