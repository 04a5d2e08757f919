"""Frames between workers and relay survive however the stream is cut."""

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.continuity.protocol import MOST_BYTES, Allow, Ask, Frames, LookUp, Request, Submit, frame

REQUESTS: list[Request] = [Submit(1, b"x" * 300, 2000), LookUp(2, "command", "actor"), Allow(3, "bucket", 20), Ask(4)]


@given(st.lists(st.integers(0, 400), max_size=8))
def test_frames_come_out_as_they_went_in_wherever_the_stream_is_cut(cuts: list[int]) -> None:
    stream = b"".join(frame(request) for request in REQUESTS)
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    frames, came = Frames(), []
    for start, end in itertools.pairwise(places):
        came += frames.feed(stream[start:end])
    assert [msgspec.msgpack.decode(payload, type=Request) for payload in came] == REQUESTS


def test_a_frame_longer_than_any_can_be_is_refused() -> None:
    with pytest.raises(ValueError, match="a frame of"):
        Frames().feed((MOST_BYTES + 1).to_bytes(4, "big"))
