"""`holdfast demo` as its README has it: a whole city, lines to paste, a log that verifies, data that stays."""

import json
import subprocess

from support.node import Node, new_node
from support.until import until


def _pasted(node: Node) -> list[dict[str, object]]:
    """What the three printed lines give, run one after the other in one shell."""
    lines = [line.strip() for line in node.all_said().splitlines() if line.startswith("  ") and "curl -s" in line]
    assert len(lines) == 3, node.said()
    shell = subprocess.run(["sh", "-c", "; echo; ".join(lines)], capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in shell.stdout.splitlines() if line.strip()]


def test_a_demo_is_a_city_that_searches_books_verifies_and_stays() -> None:
    with new_node() as node:
        node.start("demo")
        until(lambda: "Sign in with" in node.all_said(), "it says how to go on", 30)
        found, booked, shown = _pasted(node)
        assert found["items"]
        assert (booked["state"], shown["id"]) == ("confirmed", booked["id"])
        ((members, listings, past, ahead, reviews),) = node.rows(
            "SELECT (SELECT count(*) FROM cell.member), (SELECT count(*) FROM cell.listing),"
            " (SELECT count(*) FROM cell.booking WHERE starts_at < now()),"
            " (SELECT count(*) FROM cell.booking WHERE starts_at > now()), (SELECT count(*) FROM cell.review)"
        )
        assert (members, listings) == (1001, 800)
        assert past == 5000
        assert isinstance(ahead, int)
        assert isinstance(reviews, int)
        assert ahead > 400
        assert reviews > 4000
        verified = node.holdfast("verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr
        assert node.stop() == 0
        node.start("demo")
        assert node.rows("SELECT count(*) FROM cell.booking WHERE starts_at < now()") == [(5000,)]
        assert node.http.get("/api/v1/listings?q=haircut").json()["items"]
