"""`holdfast run`: one process of a node. `holdfast serve` starts and watches them; or another supervisor does."""

from enum import StrEnum

import typer

from holdfast import wiring

app = typer.Typer()


class Part(StrEnum):
    relay = "relay"
    web = "web"
    jobs = "jobs"


@app.command("run")
def run(part: Part) -> None:
    """Run one process of this node, in the foreground."""
    {Part.relay: wiring.relay, Part.web: wiring.web, Part.jobs: wiring.jobs}[part]()
