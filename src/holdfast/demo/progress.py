"""How far a seeding is, told to whoever waits: a bar on a terminal, else a line now and then."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from holdfast.demo.seed_batches import Report

WHAT = "Living through a year of the demo"
_LINES = 4


@contextmanager
def progress(console: Console | None = None) -> Iterator[Report]:
    """Gives what `seed` reports to. Writes to stderr unless told otherwise."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (TextColumn(WHAT), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(WHAT, total=None, start=True)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _lines(console: Console) -> Report:
    told = 0

    def report(done: int, of: int) -> None:
        nonlocal told
        quarter = done * _LINES // of
        if quarter > told:
            told = quarter
            console.print(f"{WHAT}: {done} of {of} commands", highlight=False, soft_wrap=True)

    return report
