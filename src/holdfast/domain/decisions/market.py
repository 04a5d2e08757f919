"""Decide: the cell, its nodes, its members, its categories."""

from holdfast.domain import commands as c
from holdfast.domain import events as e
from holdfast.domain.facts import Accepted, Decision, Facts
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import Category, CategoryId, Cell, Member, MemberId, Node, RemarkId, RevokedToken
from holdfast.domain.vault import Profile, Remark, Sealed, SignIn, seal
from holdfast.domain.walltime import known_zone


def found_cell(command: c.FoundCell, facts: Facts) -> Decision:
    if facts.rows.find(Cell, command.cell) is not None:
        return Refusal.cell_founded
    event = e.CellFounded(command.cell, command.currency, command.zone, command.public_key, command.simulated_until)
    return Accepted(command.cell, [event])


def admit_node(command: c.AdmitNode, facts: Facts) -> Decision:
    """A node that is admitted already changes nothing. The subject is the actor: a node's id is no UUID."""
    if facts.rows.find(Node, command.node) is not None:
        return Accepted(facts.actor, [])
    return Accepted(facts.actor, [e.NodeAdmitted(command.node, command.public_key)])


def sign_up(command: c.SignUp, facts: Facts) -> Decision:
    if facts.rows.find(SignIn, command.email) is not None:
        return Refusal.email_taken
    if not known_zone(command.time_zone):
        return Refusal.time_zone_unknown
    member = MemberId(facts.ids.next())
    sign_in = SignIn(command.email, member, command.password_hash, facts.ids.next_salt())
    profile = Profile(member, command.name, facts.ids.next_salt())
    joined = e.MemberJoined(member, command.time_zone, [seal(sign_in), seal(profile)])
    return Accepted(member, [joined], [sign_in, profile])


def appoint_operator(command: c.AppointOperator, facts: Facts) -> Decision:
    member = facts.rows.find(Member, command.member)
    if member is None:
        return Refusal.member_unknown
    return Accepted(member.id, [] if member.is_operator else [e.OperatorAppointed(member.id)])


def suspend_member(command: c.SuspendMember, facts: Facts) -> Decision:
    member = facts.rows.find(Member, command.member)
    if member is None:
        return Refusal.member_unknown
    if member.id == facts.actor:
        return Refusal.own_account  # nobody would be left who may undo it
    if member.suspended_at is not None:
        return Refusal.member_suspended_already
    remark, sealed = remark_of(command.reason, facts)
    suspended = e.MemberSuspended(member.id, remark[0].id if remark else None, sealed)
    return Accepted(member.id, [suspended], list(remark))


def restore_member(command: c.RestoreMember, facts: Facts) -> Decision:
    member = facts.rows.find(Member, command.member)
    if member is None:
        return Refusal.member_unknown
    if member.suspended_at is None:
        return Refusal.member_not_suspended
    return Accepted(member.id, [e.MemberRestored(member.id)])


def revoke_token(command: c.RevokeToken, facts: Facts) -> Decision:
    """A token revoked already changes nothing. Whose it is needs no proof: its id is known to its holder alone."""
    if facts.rows.find(RevokedToken, command.token) is not None:
        return Accepted(command.token, [])
    return Accepted(command.token, [e.TokenRevoked(command.token)])


def add_category(command: c.AddCategory, facts: Facts) -> Decision:
    if command.parent is not None and facts.rows.find(Category, command.parent) is None:
        return Refusal.category_unknown
    if _slug_holder(facts, command.slug) is not None:
        return Refusal.category_slug_taken
    category = CategoryId(facts.ids.next())
    return Accepted(category, [e.CategoryAdded(category, command.parent, command.slug, command.name, command.ordinal)])


def change_category(command: c.ChangeCategory, facts: Facts) -> Decision:
    if facts.rows.find(Category, command.category) is None:
        return Refusal.category_unknown
    parent = command.parent
    while parent is not None:
        if parent == command.category:
            return Refusal.category_cycle
        above = facts.rows.find(Category, parent)
        if above is None:
            return Refusal.category_unknown
        parent = above.parent
    if _slug_holder(facts, command.slug) not in (None, command.category):
        return Refusal.category_slug_taken
    changed = e.CategoryChanged(command.category, command.parent, command.slug, command.name, command.ordinal)
    return Accepted(command.category, [changed])


def remark_of(reason: str, facts: Facts) -> tuple[list[Remark], list[Sealed]]:
    """The vault row of a reason and its seal; nothing where no reason was given."""
    if not reason:
        return [], []
    remark = Remark(RemarkId(facts.ids.next()), facts.actor, reason, facts.ids.next_salt())
    return [remark], [seal(remark)]


def _slug_holder(facts: Facts, slug: str) -> CategoryId | None:
    return next((category.id for category in facts.rows.categories() if category.slug == slug), None)
