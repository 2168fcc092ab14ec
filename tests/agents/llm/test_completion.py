"""A streamed completion is whole or an error, wherever it is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.llm.completion import TEXT_CAP, Streamed, whole
from core.errors import ModelOutputError
from evals.kit.told import Told

TOLD = Told('{"steps": [], "a": "ngành – \u2028"}', usage={"prompt_tokens": 3})
STREAM = b"".join(TOLD.pieces())
FINISHED = STREAM.index(b'"finish_reason": "stop"')


def _read(*parts: bytes) -> Streamed:
    streamed = Streamed()
    for part in parts:
        streamed.feed(part)
    return streamed


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_it_does_not_matter_where_the_network_cuts_a_stream_into_parts(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    parts = (STREAM[start:stop] for start, stop in pairwise(places))
    answer = _read(*parts).answer("fake")
    assert (answer.text, answer.input_tokens) == (TOLD.content, 3)


def test_a_stream_that_ends_before_it_says_why_is_an_error_wherever_it_ends() -> None:
    for cut in range(FINISHED):
        with pytest.raises(ModelOutputError):
            _read(STREAM[:cut]).answer("fake")


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    with pytest.raises(ModelOutputError):
        whole(noise, "m")
    with pytest.raises(ModelOutputError):
        _read(b"data: " + noise).answer("m")


def test_a_flood_is_refused_while_it_comes() -> None:
    pieces = Told("x" * (TEXT_CAP + 1)).pieces()
    with pytest.raises(ModelOutputError, match="long"):
        _read(*pieces)


def test_a_whole_answer_may_leave_out_why_it_ended() -> None:
    assert whole(Told("{}", finish=None).whole(), "m").text == "{}"
