"""How a page is made from its template, and what every page says to the browser."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from markupsafe import Markup

from holdfast.domain.instants import Instant, moment_of
from holdfast.web.assets import ICON, STYLESHEET

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Content-Language": "en",
}


def _time(instant: Instant) -> Markup:
    """A time with its zone named."""
    moment = moment_of(instant)
    words = f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC"
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), words)


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("holdfast", "web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["time"] = _time
    made.globals.update(stylesheet=STYLESHEET.path, icon=ICON.path)
    return made


_TEMPLATES = _environment()


def page(template: str, status_code: int = 200, **values: Any) -> Response[str]:
    """The template's page, with everything in `values` escaped."""
    content = _TEMPLATES.get_template(template).render(values)
    return Response(content, status_code=status_code, media_type="text/html", headers=HEADERS)
