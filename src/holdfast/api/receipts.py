"""Receipts of bookings: proofs, which anyone can check offline, that an event of a booking is in the public log."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter

from holdfast.api.access import Member
from holdfast.api.bodies import INT32_MAX
from holdfast.api.problems import Fault, Problem
from holdfast.api.queries import id_in_path, only
from holdfast.api.tree import proof_hashes
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import BookingId
from holdfast.log.proof import Proof, format_proof, opening_of
from holdfast.reads.reader import Reader
from holdfast.reads.receipts import BookingEvent, booking_event
from holdfast.reads.tiles import CheckpointShown, newest_checkpoint
from holdfast.reads.viewer import Viewer

LONGEST_WAIT_S = 2.0
_PAUSE_S = 0.05

StepNumber = Annotated[
    int | None,
    QueryParameter(ge=0, le=INT32_MAX, description="which step of its history, from 0; the latest without it"),
]


@get(
    "/bookings/{booking_id:str}/receipt",
    media_type="text/plain",
    refusals=(Refusal.booking_unknown, Fault.receipt_unknown, Fault.checkpoint_awaited, Fault.invalid_input),
)
async def show_receipt(
    member: Member, request: Request[Any, Any, Any], booking_id: FromPath[str], step: StepNumber = None
) -> Response[str]:
    """Proof (c2sp.org/tlog-proof) that an event of the booking is in the log, for its two parties and operators. It
    holds the event, its salt and a checkpoint signed by the cell, and is checked with the key at /log/key."""
    only(request, {"step"})
    reader, viewer = member.context.reader, Viewer(member.id, member.is_operator)
    name = BookingId(id_in_path(booking_id, Refusal.booking_unknown))
    event = await booking_event(reader, name, step, viewer)
    if event is None:
        known = step is not None and await booking_event(reader, name, None, viewer) is not None
        raise Problem(Fault.receipt_unknown if known else Refusal.booking_unknown)
    checkpoint = await _covering(reader, event.seq)
    return Response(
        await _proof(reader, event, checkpoint),
        media_type="text/plain",
        headers={"Content-Disposition": f'attachment; filename="booking-{name}-{event.n}.tlog-proof"'},
    )


async def _covering(reader: Reader, seq: int) -> CheckpointShown:
    """The newest checkpoint, once it covers the entry. Raises the problem checkpoint_awaited after 2 s."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + LONGEST_WAIT_S
    while True:
        checkpoint = await newest_checkpoint(reader)
        if checkpoint is not None and checkpoint.size > seq:
            return checkpoint
        if loop.time() + _PAUSE_S > deadline:
            raise Problem(Fault.checkpoint_awaited, headers={"Retry-After": "1"})
        await asyncio.sleep(_PAUSE_S)


async def _proof(reader: Reader, event: BookingEvent, checkpoint: CheckpointShown) -> str:
    hashes = await proof_hashes(reader, event.seq, checkpoint.size)
    return format_proof(Proof(event.seq, tuple(hashes), checkpoint.note, opening_of(event.salt, event.body)))


HANDLERS = (show_receipt,)
