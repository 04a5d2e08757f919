"""What is somebody's own: ids out of addresses, and what is not theirs is not there."""

from uuid import UUID

from litestar.exceptions import NotFoundException

from holdfast.core.settle import Accepted, CommandRefused
from holdfast.domain.commands import AnyCommand
from holdfast.domain.refusals import Refusal
from holdfast.web.posts import Posted
from holdfast.web.visit import Visit


def known_id(text: str) -> str:
    """An id in its one spelling. Raises NotFoundException."""
    try:
        if str(UUID(text)) == text:
            return text
    except ValueError:
        pass
    raise NotFoundException(text)


async def settle_own(
    visit: Visit, command: AnyCommand, posted: Posted, *, fingerprint: bytes | None = None
) -> Accepted:
    """Submits a command about what is the member's. Raises NotFoundException where it is somebody else's."""
    try:
        return await visit.settle(command, posted.key, fingerprint=fingerprint)
    except CommandRefused as refused:
        if refused.refusal is Refusal.not_yours:
            raise NotFoundException(posted.key) from None
        raise
