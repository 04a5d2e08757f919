"""The API as one application: routes below /api/v1, with whatever else the node serves beside them."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp, ControllerRouterHandler

from holdfast.api import (
    booking_acts,
    bookings,
    calendars,
    categories,
    commands,
    listings,
    members,
    openapi,
    receipts,
    reviews,
    search,
    slots,
    tokens,
)
from holdfast.api.access import CONTEXT
from holdfast.api.admission import admit, bearer_of, member_of, newcomer_of, visitor_of, writer_of
from holdfast.api.bodies import MOST_BYTES, ApiRequest
from holdfast.api.context import ApiContext
from holdfast.api.errors import HANDLERS
from holdfast.api.headers import RequestHeaders
from holdfast.api.location import PATH
from holdfast.api.placing import Placing

RESOURCES = (
    members, tokens, categories, calendars, listings,
    search, slots, reviews, bookings, booking_acts, receipts, commands,
)  # fmt: skip
"""Each module names its routes in HANDLERS."""


def api_router() -> Router:
    """Every route of the API."""
    return Router(
        PATH,
        route_handlers=[*(handler for resource in RESOURCES for handler in resource.HANDLERS), openapi.document],
        guards=[admit],
        dependencies={
            "visitor": Provide(visitor_of),
            "member": Provide(member_of),
            "writer": Provide(writer_of),
            "bearer": Provide(bearer_of),
            "newcomer": Provide(newcomer_of),
        },
        request_class=ApiRequest,
        request_max_body_size=MOST_BYTES,
    )


def create_litestar(context: ApiContext, beside: Sequence[ControllerRouterHandler] = (), **options: Any) -> Litestar:
    """The application without what stands around each request. beside: routes outside /api/v1, such as /log."""
    return Litestar(
        route_handlers=[api_router(), *beside],
        state=State({CONTEXT: context}),
        exception_handlers=HANDLERS,
        openapi_config=openapi.CONFIG,
        logging_config=None,
        **options,
    )


def create_api(context: ApiContext, beside: Sequence[ControllerRouterHandler] = (), **options: Any) -> ASGIApp:
    """The whole, ready for a server. options are Litestar's, such as on_startup."""
    return around(create_litestar(context, beside, **options), context)


def around(app: ASGIApp, context: ApiContext) -> ASGIApp:
    """What every request passes before and after the application."""
    return RequestHeaders(Placing(app, context, f"{PATH}/bookings"), https=context.public_url.startswith("https://"))
