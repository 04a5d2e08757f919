"""What somebody who lost a slot is offered instead."""

from collections.abc import Sequence

from holdfast.api.context import ApiContext
from holdfast.api.problems import Problem, ProblemBody
from holdfast.api.slots import SlotBody, slot_bodies
from holdfast.db.read_pool import ReadsUnavailable
from holdfast.domain.commands import PlaceBooking
from holdfast.reads.slots import starts_near

MOST_NEAREST = 5


class LostBody(ProblemBody, frozen=True, omit_defaults=True):
    """nearest: the free slots nearest to the one that was asked for, with offers; absent where there is none."""

    nearest: list[SlotBody] = []  # noqa: RUF012 - msgspec copies an empty default


class SlotLost(Problem):
    """The problem of a start that cannot be had, with those that can."""

    def __init__(self, problem: Problem, nearest: Sequence[SlotBody]) -> None:
        super().__init__(problem.code, headers=problem.headers)
        self.nearest = list(nearest)

    def body(self, request_id: str) -> LostBody:
        """What the caller reads."""
        plain = super().body(request_id)
        return LostBody(
            plain.type, plain.title, plain.status, plain.detail, plain.code, request_id, nearest=self.nearest
        )


async def nearest_slots(context: ApiContext, command: PlaceBooking) -> list[SlotBody]:
    """Up to five, the nearest first. Best effort: none while reads are away. Five queries, and once a second for all
    who lost the same start: a rush for a few slots loses thousands of times."""
    lost = (command.listing, command.starts_at, command.minutes)
    return await context.nearest.get(lost, lambda: _look(context, command))


async def _look(context: ApiContext, command: PlaceBooking) -> list[SlotBody]:
    now = context.clock()
    try:
        free = await starts_near(context.reader, command.listing, command.starts_at, command.minutes, MOST_NEAREST, now)
    except ReadsUnavailable:
        return []
    return [] if free is None else slot_bodies(context.offer_key, free, now)
