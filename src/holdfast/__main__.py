"""`python -m holdfast`: how the supervisor starts its children, whatever is on PATH."""

from holdfast.cli import main

main()
