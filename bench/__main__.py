"""`python -m bench`: measures, shows a table, and writes bench/results.json."""

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench import checking, race, reading, requests, stages, throughput
from bench.cell import CUSTOMERS, found, free_slots
from bench.figures import Figures, Invalid
from bench.node import PARTS, Node, get, new_node, running
from bench.plan import FULL, QUICK, Plan

RESULTS = Path(__file__).with_name("results.json")
PARTS_OF_BENCH = ("bookings", "race", "slots", "stages", "verify", "demo")
LISTINGS = "/api/v1/listings?limit=1"
BATCH_WITHOUT_RUN = 128
_MB = 1 << 20


def main() -> int:
    """Ends with 0 if every part gave its figures."""
    options = _options()
    signal.signal(signal.SIGTERM, _interrupt)
    console = Console(highlight=False)
    figures = Figures(console)
    chosen, plan = options.parts or list(PARTS_OF_BENCH), QUICK if options.quick else FULL
    began = time.monotonic()
    figures.add("machine_cores", os.cpu_count() or 0, "cores", _machine())
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        Path(folder).chmod(0o711)
        if set(chosen) - {"demo"}:
            _measure_cell(Path(folder) / "cell", chosen, plan, options.million, figures)
        if "demo" in chosen:
            _measure_demo(Path(folder) / "demo", plan, figures)
    figures.add("bench_s", time.monotonic() - began, "s", "all of this")
    figures.show()
    if options.quick or options.parts:
        console.print("A full run writes results.json; this one was quick or in part.")
    else:
        figures.write(RESULTS)
        console.print(f"{RESULTS} is written.")
    return 1 if figures.failed else 0


def _measure_cell(folder: Path, chosen: list[str], plan: Plan, million: bool, figures: Figures) -> None:
    console = figures.console
    console.print("Founding the bench's cell")
    node = new_node(folder)
    with _part("cell", figures):
        market = found(node, plan.past)
        slots, batch = free_slots(market), float(BATCH_WITHOUT_RUN)
        with running(node, "serve", LISTINGS):
            tokens = requests.tokens(node, CUSTOMERS)
            if "bookings" in chosen:
                with _part("bookings", figures):
                    batch = throughput.measure(node, tokens, slots, plan, figures)
                    _add_memory(node, "serve", "after the bookings", figures)
            todo: dict[str, Callable[[], None]] = {
                "race": lambda: race.measure(node, market, tokens, plan, figures),
                "slots": lambda: reading.measure_slots(node, market, plan, figures),
                "stages": lambda: stages.measure(node, market, slots, round(batch), plan, figures),
                "verify": lambda: checking.measure(node, figures),
            }
            for name, measure in todo.items():
                if name in chosen:
                    with _part(name, figures):
                        measure()
            if million:
                with _part("million", figures):
                    checking.measure_million(node, market, slots, figures)


def _measure_demo(folder: Path, plan: Plan, figures: Figures) -> None:
    node = new_node(folder)
    with _part("demo", figures), running(node, "demo", LISTINGS) as seconds:
        if b'"items":[]' in get(node, LISTINGS)[1]:
            raise Invalid("the demo serves no listing")
        figures.add(
            "demo_first_answer_s",
            seconds,
            "s",
            "holdfast demo in an empty folder: from its start to the first answered search, the database made and the "
            "cell seeded meanwhile; packages installed",
        )
        _add_memory(node, "demo", "after its first answer", figures)
        reading.measure_search(node, plan, figures)


def _add_memory(node: Node, name: str, when: str, figures: Figures) -> None:
    used = node.usage()
    for part in PARTS:
        figures.add(
            f"memory_{name}_{part}_mb",
            used[part].pss_bytes / _MB,
            "MiB",
            f"{part} and its processes, {when}: proportional set size; resident {used[part].rss_bytes / _MB:,.0f} MiB, "
            "which counts what they share several times",
        )
    total = sum(one.pss_bytes for one in used.values()) / _MB
    figures.add(f"memory_{name}_mb", total, "MiB", f"the parts above together, {when}")


@contextmanager
def _part(name: str, figures: Figures) -> Iterator[None]:
    """A part that gives no figure does not take the others with it."""
    figures.console.print(f"[bold]{name}[/bold]")
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it was, the table names it
        figures.fail(name, f"{type(error).__name__}: {error}")


def _machine() -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = models[0].partition(": ")[2] if models else platform.machine()
    return f"{model}; {platform.system()} {platform.release()}; Python {platform.python_version()}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(PARTS_OF_BENCH)}")
    parser.add_argument("--quick", action="store_true", help="short runs, to see whether the bench works")
    parser.add_argument("--million", action="store_true", help="fill the log to 1,000,000 events and verify them")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS_OF_BENCH):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
