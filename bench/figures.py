"""What was measured: each figure with its unit and how it came about."""

import math
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table


class Invalid(Exception):
    """Something other than what was to be measured happened; the text says what. There is no figure then."""


class Figure(Struct, frozen=True):
    """One line of results.json."""

    value: float
    unit: str
    how: str


class Figures:
    """Collects figures, and the parts that gave none."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.by_name: dict[str, Figure] = {}
        self.failed: dict[str, str] = {}

    def add(self, name: str, value: float, unit: str, how: str) -> None:
        """Keeps a figure, rounded to four digits: no more of them come back in the next run."""
        self.by_name[name] = Figure(_rounded(value), unit, how)
        self.console.print(f"  {name}: {_rounded(value):,} {unit}")

    def fail(self, part: str, why: str) -> None:
        """Notes why a part has no figures."""
        self.failed[part] = why
        self.console.print(f"  [red]{part} gave no figure:[/red] {why}", markup=True)

    def show(self) -> None:
        """All of it as a table on the screen."""
        table = Table("figure", "value", "unit", "how", show_lines=True)
        table.columns[1].justify = "right"
        for name, figure in self.by_name.items():
            table.add_row(name, f"{figure.value:,}", figure.unit, figure.how)
        self.console.print(table)
        for part, why in self.failed.items():
            self.console.print(f"[red]{part} gave no figure:[/red] {why}")

    def write(self, path: Path) -> None:
        """Name → {value, unit, how}."""
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self.by_name)) + b"\n")


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of all do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def spread(values: Sequence[float]) -> str:
    """Median, least and most of repeats, in words."""
    return f"median of {len(values)} runs, {_rounded(min(values)):,} to {_rounded(max(values)):,}"


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(median(values))


def _rounded(value: float) -> float:
    if value == 0 or not math.isfinite(value):
        return value
    digits = 3 - math.floor(math.log10(abs(value)))
    return round(value, max(0, digits))
