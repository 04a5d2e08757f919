"""The command line. One file a verb; each has an `app` with its commands, and stands in VERBS."""

import os
import sys
from importlib import import_module

import typer

from holdfast.cli.logging import set_up_logging
from holdfast.cli.processes import REFUSED
from holdfast.settings import Refused, load

VERBS = {
    "cell": "holdfast.cli.cell",
    "database-url": "holdfast.cli.database_url",
    "demo": "holdfast.cli.demo",
    "log": "holdfast.cli.log",
    "operator": "holdfast.cli.operator",
    "run": "holdfast.cli.run",
    "serve": "holdfast.cli.serve",
    "settings": "holdfast.cli.settings",
    "token": "holdfast.cli.token",
    "verify": "holdfast.cli.verify",
    "version": "holdfast.cli.version",
}

INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main() -> None:
    """Run the verb that the arguments name. Ends with status 1 for what a person can put right, 2 for wrong usage."""
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        set_up_logging(load(os.environ).log_format)
        _command_line([verb] if verb in VERBS else list(VERBS))()
    except (Refused, OSError) as error:
        for line in str(error).splitlines():
            typer.echo(f"holdfast: {line}", err=True)
        sys.exit(REFUSED if verb == "run" else 1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _command_line(verbs: list[str]) -> typer.Typer:
    """A command line of these verbs. One verb's modules are all that its process loads."""
    app = typer.Typer(
        name="holdfast",
        help="Holdfast: a services marketplace that people run themselves.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_root)
    for verb in verbs:
        app.add_typer(import_module(VERBS[verb]).app)
    return app


def _root() -> None:
    """Holdfast: a services marketplace that people run themselves."""
