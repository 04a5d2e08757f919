"""Categories: the tree, which operators keep."""

from typing import Annotated

from litestar import get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from holdfast.api.access import Visitor, Writer
from holdfast.api.bodies import Body, Id, UuidText
from holdfast.api.cursors import Page
from holdfast.api.location import located
from holdfast.api.problems import Problem
from holdfast.api.queries import id_in_path
from holdfast.api.settle import fingerprint_of_request, settle
from holdfast.api.wording import SLUG
from holdfast.domain.commands import AddCategory, ChangeCategory
from holdfast.domain.inputs import Line
from holdfast.domain.refusals import Refusal
from holdfast.domain.rows import CategoryId
from holdfast.reads.categories import CategoryView, category_named, category_tree

Slug = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=60,
        pattern=SLUG,
        description="its name in addresses",
        examples=["house-cleaning"],
    ),
]
Ordinal = Annotated[int, Meta(ge=0, le=1_000_000, description="place among its siblings, the least first")]


class CategoryBody(Struct, frozen=True):
    """A category; parent null: at the top, where depth is 0."""

    id: Id
    slug: str
    name: str
    parent: Id | None
    ordinal: int


class BranchBody(CategoryBody, frozen=True):
    """A category in its tree; depth counts from 0 at the top."""

    depth: int


class NewCategoryBody(Body, frozen=True):
    """parent: the id of the category that it is part of."""

    slug: Slug
    name: Line
    parent: UuidText | None = None
    ordinal: Ordinal = 0


class CategoryChangeBody(Body, frozen=True):
    """What is absent stays as it is; parent null puts it at the top."""

    slug: Slug | UnsetType = UNSET
    name: Line | UnsetType = UNSET
    parent: UuidText | UnsetType | None = UNSET
    ordinal: Ordinal | UnsetType = UNSET


@get("/categories")
async def list_categories(visitor: Visitor) -> Page[BranchBody]:
    """The whole tree: parents before their children, siblings in their order."""
    views = await category_tree(visitor.context.reader)
    return Page([BranchBody(v.id, v.slug, v.name, v.parent, v.ordinal, v.depth) for v in views], None)


@post(
    "/categories",
    refusals=(Refusal.not_allowed, Refusal.category_unknown, Refusal.category_slug_taken),
    **located("/categories/{0.id}"),
)
async def add_category(writer: Writer, data: JSONBody[NewCategoryBody]) -> CategoryBody:
    """For operators: adds a category."""
    parent = None if data.parent is None else CategoryId(data.parent.lower())
    accepted = await settle(writer, AddCategory(parent, data.slug, data.name.strip(), data.ordinal))
    return _body(await _category(writer, accepted.subject))


@patch(
    "/categories/{category_id:str}",
    refusals=(
        Refusal.not_allowed,
        Refusal.category_unknown,
        Refusal.category_slug_taken,
        Refusal.category_cycle,
    ),
)
async def change_category(
    writer: Writer, category_id: FromPath[str], data: JSONBody[CategoryChangeBody]
) -> CategoryBody:
    """For operators: changes what is given. Of two at the same time the later one counts, in all fields."""
    now = await _category(writer, id_in_path(category_id, Refusal.category_unknown))
    parent = now.parent if data.parent is UNSET else data.parent
    command = ChangeCategory(
        category=now.id,
        parent=None if parent is None else CategoryId(parent.lower()),
        slug=now.slug if data.slug is UNSET else data.slug,
        name=now.name if data.name is UNSET else data.name.strip(),
        ordinal=now.ordinal if data.ordinal is UNSET else data.ordinal,
    )
    fingerprint = fingerprint_of_request("change_category", now.id, data)
    await settle(writer, command, fingerprint=fingerprint)
    return _body(await _category(writer, now.id))


async def _category(writer: Writer, category_id: str) -> CategoryView:
    view = await category_named(writer.context.reader, category_id)
    if view is None:
        raise Problem(Refusal.category_unknown)
    return view


def _body(view: CategoryView) -> CategoryBody:
    return CategoryBody(view.id, view.slug, view.name, view.parent, view.ordinal)


HANDLERS = (list_categories, add_category, change_category)
