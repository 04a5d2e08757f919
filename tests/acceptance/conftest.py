"""Real nodes, each in a folder of its own: see support.node."""

from collections.abc import Iterator

import pytest

from support.node import Node, new_node


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """One that runs for many tests, each of which leaves it running."""
    with new_node(deadline_ms="500", post_limit_per_minute="1000000", signup_limit_per_minute="1000000") as fresh:
        fresh.start()
        yield fresh
