"""What people wait for before they book: a listing's free slots, and search."""

import random
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from bench import requests
from bench.cell import ZONE, Market
from bench.figures import Figures, Invalid, percentile
from bench.generator import Job, shoot
from bench.node import Node, get
from bench.plan import Plan
from holdfast.continuity.clock import now
from holdfast.domain.rows import ListingId
from holdfast.domain.walltime import local_date

SECONDS = 30.0
"""Far more than the reads take."""
DAYS = 30


def measure_slots(node: Node, market: Market, plan: Plan, figures: Figures) -> None:
    """Adds the figures of a listing's slots, with a short and with a long past of its calendar."""
    names = {"slots_30_days_p99_ms": market.quiet, "slots_30_days_long_past_p99_ms": market.busy}
    for (name, listing), past in zip(names.items(), market.past, strict=True):
        latencies, items = _read(node, [_slots_path(listing)] * plan.reads)
        figures.add(
            name,
            percentile(latencies, 99) / 1000,
            "ms",
            f"GET /listings/ID/slots of {DAYS} days, 8 h a day on a 15-minute raster, two bookings a day: {items} "
            f"slots with their offers; {past:,} past bookings on the calendar; {len(latencies)} requests on one "
            f"connection, p50 {percentile(latencies, 50) / 1000:.2f} ms",
        )


def _slots_path(listing: ListingId) -> str:
    first = local_date(ZONE, now()) + timedelta(days=1)
    return f"/api/v1/listings/{listing}/slots?from={first}&to={first + timedelta(days=DAYS)}"


def measure_search(node: Node, plan: Plan, figures: Figures) -> None:
    """Adds search_p99_ms, on a demo cell that is served."""
    paths = _searches(node, plan.reads)
    latencies, _ = _read(node, paths)
    figures.add(
        "search_p99_ms",
        percentile(latencies, 99) / 1000,
        "ms",
        "on the demo cell (about 800 listings and 5,000 bookings: a small one; larger cells are not measured yet): "
        "text, place and radius, category, price, rating and free for two hours on Saturday, all at once, words and "
        f"places varied; {len(latencies)} requests on one connection, p50 {percentile(latencies, 50) / 1000:.2f} ms",
    )


def _searches(node: Node, count: int) -> list[str]:
    """Searches with every filter, by the categories and the places of listings that are there."""
    found = _items(node, "/api/v1/listings?limit=100")
    categories = [category["slug"] for category in _items(node, "/api/v1/categories")]
    today = local_date(ZONE, now())
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    chance, paths = random.Random(3), []
    for _ in range(count):
        listing = chance.choice(found)
        query = {
            "q": chance.choice(listing["title"].split()),
            "near": f"{38.7 + chance.random() / 20:.4f},{-9.2 + chance.random() / 15:.4f}",
            "within_km": 10,
            "category": chance.choice(categories),
            "price_max_minor": 20_000,
            "rating_min": 3,
            "free_from": saturday,
            "free_to": saturday + timedelta(days=1),
            "for_min": 120,
        }
        paths.append(f"/api/v1/listings?{urlencode(query)}")
    return paths


def _read(node: Node, paths: list[str]) -> tuple[list[int], int]:
    """Latencies (µs) of reading the paths one after another, a tenth more for warming up; items of the first."""
    warm = [requests.reading(node, path) for path in paths[: len(paths) // 10]]
    timed = [requests.reading(node, path) for path in paths]
    shoot(Job(node.settings.port, 1, SECONDS, warm)).insist({"200"})
    shot = shoot(Job(node.settings.port, 1, SECONDS, timed))
    shot.insist({"200"})
    return shot.latencies_us, len(_items(node, paths[0]))


def _items(node: Node, path: str) -> list[dict[str, Any]]:
    status, body = get(node, path)
    if status != 200:
        raise Invalid(f"GET {path}: {status} {body[:300]!r}")
    items: list[dict[str, Any]] = msgspec.json.decode(body)["items"]
    return items
