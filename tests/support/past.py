"""A node with a past, for what takes hours to become true: its cell is founded, as a demo's is, and something has been
booked in it, before its first start. All of it goes through the one path, with a clock that says when."""

import uuid

from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from holdfast.continuity.clock import now
from holdfast.core.apply import apply_batch
from holdfast.core.envelope import Sender, envelop
from holdfast.core.genesis import Identity, genesis
from holdfast.db.connect import CoreConnection, writer_connection
from holdfast.db.embedded import EmbeddedServer
from holdfast.db.passwords import Role
from holdfast.domain import commands as c
from holdfast.domain.events import TermsGiven
from holdfast.domain.ids import signup_actor
from holdfast.domain.instants import DAY_US, HOUR_US, Instant
from holdfast.domain.rows import SYSTEM, BookingId, CalendarId, CategoryId, ListingId, MemberId, Place, PriceUnit
from holdfast.domain.walltime import DAY_MIN
from holdfast.log.note import encode64, public_bytes
from holdfast.log.receipts import node_id_of
from holdfast.settings import Settings
from holdfast.wiring import Databases
from support.database import start, stop
from support.node import Node
from support.people import PASSWORD

PROVIDER, CUSTOMER = "past-provider@example.com", "past-customer@example.com"


class Past(Struct, frozen=True):
    """A booking that began two hours ago and ended one hour ago, confirmed: nobody has said yet how it went."""

    listing: ListingId
    booking: BookingId


class _Teller:
    """Applies one command after the other, each three days ago."""

    def __init__(self, node: Node, connection: CoreConnection) -> None:
        self.at = Instant(now() // HOUR_US * HOUR_US - 3 * DAY_US)
        self._secret = node.secrets.cell_hmac
        self._connection = connection
        self._found(node)

    def tell(self, actor: str, command: c.AnyCommand) -> str:
        sender = Sender(MemberId(actor), None, None if isinstance(command, c.SignUp) or actor == SYSTEM else 1)
        envelope = envelop(self._secret, sender, str(uuid.uuid4()), command, self.at)
        (settled,) = apply_batch(self._connection, self._secret, [envelope], lambda _core, _last: self.at).settled
        assert settled.outcome.subject is not None, settled.outcome.refusal
        return settled.outcome.subject

    def join(self, email: str, name: str) -> MemberId:
        actor = signup_actor(self._secret, email)
        return MemberId(self.tell(actor, c.SignUp(email, name, "Europe/Lisbon", PasswordHasher().hash(PASSWORD))))

    def _found(self, node: Node) -> None:
        cell_key, node_key = (
            public_bytes(Ed25519PrivateKey.from_private_bytes(key))
            for key in (node.secrets.cell_ed25519, node.secrets.node_ed25519)
        )
        identity = Identity(str(uuid.uuid4()), "EUR", "Europe/Lisbon", encode64(cell_key))
        founding = genesis(self._secret, identity, node_id_of(node_key), encode64(node_key), self.at, now())
        apply_batch(self._connection, self._secret, founding, lambda _core, _last: self.at)


def give_past(node: Node) -> Past:
    """To a node that was never started."""
    secrets = node.secrets
    server = EmbeddedServer(node.data, secrets.database)
    server.prepare()
    child = start(server)
    try:
        databases = Databases(Settings(data=node.data), secrets)
        databases.prepare()
        with writer_connection(databases.url(Role.WRITER)) as connection:
            return _tell(_Teller(node, connection))
    finally:
        stop(child)


def _tell(teller: _Teller) -> Past:
    provider, customer = teller.join(PROVIDER, "Rita Sousa"), teller.join(CUSTOMER, "Tomás Reis")
    category = CategoryId(teller.tell(SYSTEM, c.AddCategory(None, "past", "Past things", 1)))
    midnights = [day * DAY_MIN for day in range(8)]
    hours = c.MakeCalendar("Always", "Europe/Lisbon", midnights[:7], midnights[1:])
    calendar = CalendarId(teller.tell(provider, hours))
    words = c.Description("Clocks set right", "By hand.", "Graça", "", None, None)
    terms = TermsGiven([calendar], Place.online, 2000, PriceUnit.visit, 60, 60, 60, 0, 0, 0, 90, 1440, True, [], [])
    listing = ListingId(teller.tell(provider, c.DraftListing(category, words, terms)))
    teller.tell(provider, c.PublishListing(listing))
    starts_at = Instant(now() // HOUR_US * HOUR_US - 2 * HOUR_US)
    booking = BookingId(teller.tell(customer, c.PlaceBooking(listing, starts_at, None, None, "", "")))
    return Past(listing, booking)
