"""Who looks: reads decide by it what there is to be seen."""

from msgspec import Struct

from holdfast.domain.rows import MemberId


class Viewer(Struct, frozen=True):
    """A member, perhaps an operator; member None is a stranger."""

    member: MemberId | None = None
    is_operator: bool = False

    @property
    def sees(self) -> dict[str, object]:
        """What queries that ask who looks are given."""
        return {"viewer": self.member, "operator": self.is_operator}


STRANGER = Viewer()
