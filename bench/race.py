"""2,000 customers at once for 20 slots."""

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle

from bench import requests
from bench.cell import Market, start_of
from bench.figures import Figures, Invalid, middle, percentile, spread
from bench.generator import Job, shoot
from bench.node import Node
from bench.plan import Plan

SLOTS = 20
SECONDS = 20.0
TAKEN = "409 slot_taken"


def measure(node: Node, market: Market, tokens: Sequence[str], plan: Plan, figures: Figures) -> None:
    """Adds race_2000_p99_ms."""
    worst, median = [], []
    for number in range(plan.repeats):
        latencies = _race(node, market, tokens, number)
        worst.append(percentile(latencies, 99) / 1000)
        median.append(percentile(latencies, 50) / 1000)
    figures.add(
        "race_2000_p99_ms",
        middle(worst),
        "ms",
        f"{spread(worst)}; {len(tokens)} customers with tokens from `holdfast token mint`, each on a connection of "
        "their own that is open already, "
        f"for {SLOTS} slots of one listing; from the first customer's sending to the answer; {SLOTS} bookings, every "
        f"other answer a 409 slot_taken with the nearest free slots; p50 {middle(median):.0f} ms",
    )


def _race(node: Node, market: Market, tokens: Sequence[str], number: int) -> list[int]:
    days = [market.first_day + timedelta(days=2 * number + n) for n in range(2)]
    starts = [start_of(day, slot) for day in days for slot in range(SLOTS // 2)]
    racers = random.Random(number).sample(tokens, len(tokens))
    sent = [requests.booking(node, token, market.race, at) for token, at in zip(racers, cycle(starts), strict=False)]
    shot = shoot(Job(node.settings.port, len(sent), SECONDS, sent))
    shot.insist({"201", TAKEN})
    if shot.answers.get("201") != SLOTS:
        raise Invalid(f"{SLOTS} slots gave {shot.answers}")
    return shot.since_start_us
