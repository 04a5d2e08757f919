"""What a decision may know, and what it says."""

from msgspec import Struct

from holdfast.domain.events import AnyEvent
from holdfast.domain.ids import IdSource
from holdfast.domain.instants import Instant
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import SYSTEM, Member, MemberId, TokenId
from holdfast.domain.store import Rows
from holdfast.domain.vault import VaultRow


class Facts(Struct):
    """Everything that decide sees beside the command.

    received_at: the node's clock when the command came. decided_at: the core's, never running backwards. token and
    epoch: of the session that sent it; None for `system` and for a sign-up.
    """

    rows: Rows
    ids: IdSource
    actor: MemberId
    token: TokenId | None
    epoch: int | None
    received_at: Instant
    decided_at: Instant

    @property
    def is_system(self) -> bool:
        return self.actor == SYSTEM

    def member(self) -> Member:
        """The member who acts."""
        return self.rows.the(Member, self.actor)

    def is_operator(self) -> bool:
        """`system` is the operator's command line and the jobs that the operator set running. While they are suspended
        operators have what every member has."""
        if self.is_system:
            return True
        member = self.member()
        return member.is_operator and member.suspended_at is None


class Accepted(Struct):
    """The events that follow, and the vault rows that they seal. subject: the id of what was made or changed."""

    subject: str
    events: list[AnyEvent]
    vault: list[VaultRow] = []


Decision = Accepted | Refusal
