"""Limits a minute."""

import pytest

from holdfast.continuity import limits
from holdfast.continuity.limits import Limits


def test_a_bucket_holds_a_minute_s_worth_and_refills_steadily(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    bucket = Limits()
    assert [bucket.spend("a", 6) for _ in range(6)] == [0] * 6
    assert bucket.spend("a", 6) == 10
    assert bucket.spend("b", 6) == 0, "another bucket is another limit"
    now[0] += 10
    assert (bucket.spend("a", 6), bucket.spend("a", 6)) == (0, 10)
    now[0] += 3600
    assert [bucket.spend("a", 6) for _ in range(7)] == [0] * 6 + [10], "a long pause fills it, and no more"


def test_buckets_that_are_full_again_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(limits, "_MOST_BUCKETS", 10)
    bucket = Limits()
    for n in range(9):
        bucket.spend(str(n), 60)
    now[0] += 120
    bucket.spend("last", 60)
    bucket.spend("and another", 60)
    assert len(bucket._full_at) < 9
