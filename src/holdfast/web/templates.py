"""How a page is made from its template, and what every page says to the browser."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from holdfast.domain.instants import Instant, moment_of
from holdfast.web.assets import HTMX, ICON, ICONS, PRELOADED, STYLESHEET
from holdfast.web.tiles import cover_path

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",  # no-referrer would make browsers send forms with the origin null
    "Vary": "Accept-Language, Cookie, Accept-Encoding",
}


def _utc(instant: Instant) -> Markup:
    """A time of a machine's, on the clock of no place."""
    moment = moment_of(instant)
    words = f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC"
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), words)


def _icon(name: str) -> Markup:
    """One of the icons in static/icons.svg, for the eye alone: what it means stands beside it."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        ICONS.path, name
    )


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("holdfast", "web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # the i18n extension's own
    made.filters["utc"] = _utc
    made.globals.update(
        stylesheet=STYLESHEET.path, htmx=HTMX.path, favicon=ICON.path, preloaded=PRELOADED, icon=_icon, cover=cover_path
    )
    return made


_TEMPLATES = _environment()


def render(template: str, values: Mapping[str, Any]) -> str:
    """The template's text, with everything in `values` escaped."""
    return _TEMPLATES.get_template(template).render(values)
