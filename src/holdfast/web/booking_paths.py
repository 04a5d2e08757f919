"""Names in the addresses of booking pages."""

import re

from litestar.exceptions import NotFoundException

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def id_in(path_part: str) -> str:
    """The id, in lower case. Raises NotFoundException for what is none, so that it never reaches a query."""
    name = path_part.lower()
    if not _ID.fullmatch(name):
        raise NotFoundException(path_part)
    return name
