"""How long and how often things are measured."""

from msgspec import Struct


class Plan(Struct, frozen=True):
    """Seconds and repeats of a run of the bench."""

    warm_s: float
    run_s: float
    repeats: int
    latency_s: float
    reads: int
    past: tuple[int, int]
    staged: int


FULL = Plan(warm_s=4, run_s=10, repeats=3, latency_s=4, reads=400, past=(100, 1000), staged=10_000)
QUICK = Plan(warm_s=2, run_s=3, repeats=1, latency_s=1, reads=100, past=(40, 400), staged=2_000)
