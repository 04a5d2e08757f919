"""How a demo cell begins and how its seeding ends: genesis, categories; at last the operator."""

import uuid
from collections.abc import Iterator

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.core.apply import apply_batch
from holdfast.core.genesis import Identity, genesis
from holdfast.demo.plan import Plan
from holdfast.demo.seed_steps import Cast, Step, category_key, later
from holdfast.demo.shapes import ZONE
from holdfast.domain.commands import AddCategory, AppointOperator
from holdfast.domain.instants import Instant
from holdfast.domain.rows import SYSTEM
from holdfast.domain.walltime import opening_instant
from holdfast.log.note import encode64, public_bytes
from holdfast.log.receipts import node_id_of
from holdfast.secrets import Secrets

CURRENCY = "EUR"
LAST_KEY = "demo:operator"
"""Of the last command of all, by `system`. Once that has an outcome, the cell is seeded."""


def found(connection: psycopg.Connection, secrets: Secrets, plan: Plan, until: Instant) -> None:
    """Writes the genesis, as of the day on which the first member joins. until: where the simulated past ends."""
    at = _beginning(plan)
    cell = Identity(str(uuid.uuid4()), CURRENCY, ZONE, encode64(_public(secrets.cell_ed25519)))
    node = _public(secrets.node_ed25519)
    envelopes = genesis(secrets.cell_hmac, cell, node_id_of(node), encode64(node), at, simulated_until=until)
    apply_batch(connection, secrets.cell_hmac, envelopes, lambda _core, _last: at)


def ordering(plan: Plan, cast: Cast) -> Iterator[Step]:
    """The tree of categories, parents first, before anybody joins."""
    at = later(_beginning(plan), 1)
    for ordinal, category in enumerate(plan.categories, 1):
        parent = None if category.parent is None else cast.category(category.parent)
        added = AddCategory(parent, category.slug, category.name, ordinal)
        yield Step(at, SYSTEM, category_key(category.slug), added)


def ending(cast: Cast, until: Instant) -> Step:
    """Who keeps order is appointed when there is something to keep in order."""
    return Step(until, SYSTEM, LAST_KEY, AppointOperator(cast.operator))


def _beginning(plan: Plan) -> Instant:
    return opening_instant(ZONE, plan.first_day, 0)


def _public(private_key: bytes) -> bytes:
    return public_bytes(Ed25519PrivateKey.from_private_bytes(private_key))
