"""Gives a demo cell its past: the plan's commands, sent down the one path with a clock that runs through a year."""

from collections.abc import Callable
from datetime import date
from itertools import chain

import psycopg
from msgspec import Struct

from holdfast.db import queries
from holdfast.demo.plan import Plan, make_plan
from holdfast.demo.seed_batches import Past, Report, live
from holdfast.demo.seed_bookings import booking
from holdfast.demo.seed_cell import LAST_KEY, ending, found, ordering
from holdfast.demo.seed_listings import offering
from holdfast.demo.seed_people import joining
from holdfast.demo.seed_steps import Cast
from holdfast.demo.shapes import ZONE
from holdfast.domain.ids import command_id
from holdfast.domain.instants import Instant
from holdfast.domain.rows import SYSTEM
from holdfast.domain.walltime import local_date
from holdfast.secrets import Secrets
from holdfast.settings import Refused

_SQL = queries.load("demo")


class Seeded(Struct, frozen=True):
    """What seeding did. Both are 0 where the cell had been seeded before; refused is 0 unless the plan was wrong."""

    accepted: int
    refused: int


class _State(Struct, frozen=True):
    """until: where the simulated past ends."""

    until: Instant
    founded: bool
    seeded: bool


def seed(
    connection: psycopg.Connection, secrets: Secrets, report: Report, plan_of: Callable[[date], Plan] = make_plan
) -> Seeded:
    """Founds the cell and seeds it if its log is empty; goes on where a seeding was interrupted; else does nothing.

    The connection is the writer's, to a migrated database, with no transaction begun. Raises Refused where the cell
    was founded for real, and psycopg.Error from the database: then call it again.
    """
    state = _look(connection, secrets)
    if state.seeded:
        return Seeded(0, 0)
    until = state.until
    plan = plan_of(local_date(ZONE, until))
    if not state.founded:
        found(connection, secrets, plan, until)
    cast = Cast(secrets.cell_hmac, plan)
    steps = chain(
        ordering(plan, cast),
        joining(plan, secrets, cast),
        offering(plan, cast),
        booking(plan, cast),
        [ending(cast, until)],
    )
    tally = live(connection, secrets.cell_hmac, Past(steps, until), report)
    return Seeded(tally.accepted, tally.refused)


def _look(connection: psycopg.Connection, secrets: Secrets) -> _State:
    """How far it has come. On an empty log the simulated past is to end now, by the core's clock."""
    last = command_id(secrets.cell_hmac, SYSTEM, LAST_KEY)
    ((now, size, until, seeded),) = connection.execute(_SQL.seeding, [last]).fetchall()
    connection.rollback()
    if size == 0:
        return _State(now, founded=False, seeded=False)
    if until is None:
        raise Refused(
            "this database holds a cell that was founded for real, and only a demo is given a simulated past: "
            "run `holdfast serve`, or name an empty folder with HOLDFAST_DATA for a demo beside it"
        )
    return _State(until, founded=True, seeded=seeded)
