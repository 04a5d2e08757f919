"""Parts killed and frozen at random moments of a load (FAULTS.md 9, 10, 13, 19): nothing that anybody was told is
untrue afterwards, and the node came back by itself."""

import random

import pytest

from support.load import Load, check, seed
from support.node import Node
from support.until import until

KILLS = 2
SOME = 40
"""Answers between two faults, on average."""


@pytest.fixture
def rng() -> random.Random:
    return random.Random(seed())


@pytest.mark.parametrize("part", ["relay", "web", "postgres"])
def test_fault_9_13_a_part_killed_under_load_comes_back_and_every_promise_is_kept(
    node: Node, rng: random.Random, part: str
) -> None:
    with Load(node, rng) as load:
        for _ in range(KILLS):
            load.goes_on(rng.randrange(SOME))
            before = node.kill(part)
            until(lambda gone=before: node.pid(part) != gone, f"{part} is started again")
            load.goes_on(SOME)
    check(node, load)


def test_fault_13_a_node_killed_whole_under_load_keeps_every_promise(node: Node, rng: random.Random) -> None:
    with Load(node, rng) as load:
        load.goes_on(rng.randrange(SOME))
        node.kill_all()
        node.start()
        load.goes_on(SOME)
    check(node, load)


def test_a_relay_frozen_under_load_leaves_nobody_waiting_and_every_promise_kept(node: Node, rng: random.Random) -> None:
    with Load(node, rng) as load:
        load.goes_on(rng.randrange(SOME))
        with node.frozen("relay"):
            load.goes_on(SOME, 503)
        load.goes_on(SOME)
    check(node, load)


def test_fault_10_a_core_frozen_under_load_is_answered_with_receipts_that_all_come_true(
    node: Node, rng: random.Random
) -> None:
    with Load(node, rng) as load:
        load.goes_on(rng.randrange(SOME))
        with node.frozen("postgres"):
            load.goes_on(SOME, 202)
        load.goes_on(SOME)
    check(node, load)
