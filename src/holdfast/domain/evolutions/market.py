"""Evolve: the cell, its members, its categories."""

from msgspec.structs import replace

from holdfast.domain import events as e
from holdfast.domain.rows import Category, Cell, Member, Node, RevokedToken
from holdfast.domain.store import Rows


def cell_founded(rows: Rows, recorded: e.Recorded, event: e.CellFounded) -> None:
    rows.put(
        Cell(event.cell, event.currency, event.zone, event.public_key, event.simulated_until, founded_at=recorded.at)
    )


def node_admitted(rows: Rows, recorded: e.Recorded, event: e.NodeAdmitted) -> None:
    rows.put(Node(event.node, event.public_key, admitted_at=recorded.at, retired_at=None))


def member_joined(rows: Rows, recorded: e.Recorded, event: e.MemberJoined) -> None:
    rows.put(
        Member(
            event.member,
            event.time_zone,
            epoch=1,
            joined_at=recorded.at,
            operator_since=None,
            suspended_at=None,
            suspended_by=None,
            rating_count=0,
            rating_sum=0,
        )
    )


def operator_appointed(rows: Rows, recorded: e.Recorded, event: e.OperatorAppointed) -> None:
    rows.put(replace(rows.the(Member, event.member), operator_since=recorded.at))


def member_suspended(rows: Rows, recorded: e.Recorded, event: e.MemberSuspended) -> None:
    rows.put(replace(rows.the(Member, event.member), suspended_at=recorded.at, suspended_by=recorded.by))


def member_restored(rows: Rows, recorded: e.Recorded, event: e.MemberRestored) -> None:
    rows.put(replace(rows.the(Member, event.member), suspended_at=None, suspended_by=None))


def token_revoked(rows: Rows, recorded: e.Recorded, event: e.TokenRevoked) -> None:
    rows.put(RevokedToken(event.token, recorded.by, revoked_at=recorded.at))


def category_added(rows: Rows, recorded: e.Recorded, event: e.CategoryAdded | e.CategoryChanged) -> None:
    rows.put(Category(event.category, event.parent, event.slug, event.name, event.ordinal))
