"""`holdfast verify`: every invariant of the design on a live cell, in one snapshot, and the rows by name."""

from holdfast.log.verify.report import ALL, INVARIANTS, Finding, Report
from holdfast.log.verify.run import verify

__all__ = ["ALL", "INVARIANTS", "Finding", "Report", "verify"]
