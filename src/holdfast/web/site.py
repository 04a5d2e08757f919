"""What every page works with."""

from litestar.di import NamedDependency

from holdfast.reads.overview import CellShown, cell
from holdfast.reads.reader import Reader
from holdfast.web.board import Board


class Site:
    """One for a process."""

    def __init__(self, public_url: str, reader: Reader, board: Board) -> None:
        self.public_url = public_url
        self.board = board
        self._reader = reader
        self._cell: CellShown | None = None

    async def cell(self) -> CellShown | None:
        """The cell, which never changes once it is founded. Raises ReadsUnavailable before it was read once."""
        if self._cell is None:
            self._cell = await cell(self._reader)
        return self._cell


Here = NamedDependency[Site]
