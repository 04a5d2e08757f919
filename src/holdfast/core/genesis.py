"""The first two commands of a cell: who it is, and its first node."""

from msgspec import Struct

from holdfast.core.envelope import Envelope, Sender, envelop
from holdfast.domain.commands import AdmitNode, FoundCell
from holdfast.domain.instants import Instant
from holdfast.domain.rows import SYSTEM


class Identity(Struct, frozen=True):
    """What a cell keeps for ever. public_key: the log's, 32 bytes in base 64; zone: IANA; currency: ISO 4217."""

    id: str
    currency: str
    zone: str
    public_key: str


def genesis(
    secret: bytes, cell: Identity, node: str, node_key: str, at: Instant, simulated_until: Instant | None = None
) -> list[Envelope]:
    """Founds the cell and admits its first node; node_key is in base 64. simulated_until: the past of a demo's seed."""
    found = FoundCell(cell.id, cell.currency, cell.zone, cell.public_key, simulated_until)
    sender = Sender(SYSTEM)
    return [
        envelop(secret, sender, "genesis", found, at),
        envelop(secret, sender, f"{node}:admit", AdmitNode(node, node_key), at),
    ]
