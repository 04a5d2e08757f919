"""The tree of categories."""

from msgspec import Struct

from holdfast.db.queries import load
from holdfast.domain.rows import CategoryId
from holdfast.reads.reader import Reader

SQL = load("reads_categories")


class CategoryView(Struct, frozen=True):
    """A category; parent None: at the top. depth counts from 0 there."""

    id: CategoryId
    slug: str
    name: str
    parent: CategoryId | None
    ordinal: int
    depth: int = 0


async def category_tree(reader: Reader) -> list[CategoryView]:
    """Every category, parents before their children, siblings in their order. One query."""
    return await reader.all(SQL.tree, {}, CategoryView)


async def category_named(reader: Reader, name: str) -> CategoryView | None:
    """The category with this id or slug, without its depth. One query."""
    return await reader.one(SQL.category, {"name": name}, CategoryView)
