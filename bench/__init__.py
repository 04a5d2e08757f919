"""Measures what the README states, on real processes of one machine: `make bench`, or `python -m bench --help`."""
