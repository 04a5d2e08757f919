"""A supervisor of small children, run as a process of its own by test_supervisor.py: `supervised.py RUN SPECS`."""

import json
import signal
import sys
from pathlib import Path

from holdfast.cli.logging import set_up_logging
from holdfast.cli.processes import Child, end_leftovers, only_one
from holdfast.cli.supervisor import supervise

SLEEPER = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause(); signal.pause()"
# Leaves a process in a session of its own, as PostgreSQL's backends are, and one in the child's group.
PARENT = (
    "import os, signal, subprocess, sys\n"
    "for new_session in (True, False):\n"
    f"    p = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}], start_new_session=new_session)\n"
    "    open(sys.argv[1] + '.' + ('far' if new_session else 'near'), 'w').write(str(p.pid))\n"
    "signal.pause()\n"
)
KINDS = {"sleeper": SLEEPER, "stubborn": STUBBORN, "parent": PARENT, "dying": "raise SystemExit(3)"}


def main() -> None:
    """Children from a JSON list of [name, kind, after]; their readiness is a file NAME.ready where `after` waits."""
    run, specs = Path(sys.argv[1]), json.loads(sys.argv[2])
    set_up_logging("json")
    waited_for = {name for _, _, after in specs for name in after}
    children = [
        Child(
            name=name,
            argv=[sys.executable, "-c", KINDS[kind], str(run / name)],
            ready=(run / f"{name}.ready").exists if name in waited_for else lambda: True,
            stop_signal=signal.SIGINT if kind == "sleeper" else signal.SIGTERM,
            after=tuple(after),
        )
        for name, kind, after in specs
    ]
    with only_one(run):
        end_leftovers(run, 1)
        supervise(children, run, lambda: print("ready", flush=True))


main()
