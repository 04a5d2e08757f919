"""How a request becomes what its handler takes: see `visit`."""

from typing import Any

from litestar import Request

from holdfast.web.site import Here
from holdfast.web.visit import SignInFirst, Visit


async def visit_of(request: Request[Any, Any, Any], site: Here) -> Visit:
    """No query."""
    return Visit(site, request)


async def visitor_of(request: Request[Any, Any, Any], site: Here) -> Visit:
    """One query where somebody is signed in, else none."""
    visit = Visit(site, request)
    await visit.recognise()
    return visit


async def member_of(request: Request[Any, Any, Any], site: Here) -> Visit:
    """One query. Raises SignInFirst."""
    visit = await visitor_of(request, site)
    if visit.principal is None:
        raise SignInFirst
    return visit


async def writer_of(request: Request[Any, Any, Any], site: Here) -> Visit:
    """No query. Raises SignInFirst."""
    visit = Visit(site, request)
    if visit.sender is None:
        raise SignInFirst
    return visit
