import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tools.measures.blocks import blocks

SESSIONS = 70


def frame(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"a": values}, index=pd.bdate_range("2024-01-01", periods=len(values)))


def judged(last: float, usual: float) -> bool:
    negotiated = frame([usual] * (SESSIONS - 1) + [last])
    matched = 100.0 - negotiated
    return bool(blocks(matched, negotiated).iloc[-1, 0])


def test_a_block_is_over_three_times_the_usual_share() -> None:
    assert judged(last=31.0, usual=10.0)
    assert not judged(last=30.0, usual=10.0)


def test_a_small_share_is_no_block_however_unusual() -> None:
    assert not judged(last=4.9, usual=0.0)
    assert judged(last=5.0, usual=0.0)


def test_a_short_history_and_a_session_without_trading_make_no_block() -> None:
    negotiated = frame([0.0] * 19 + [50.0])
    assert not blocks(100.0 - negotiated, negotiated).to_numpy().any()
    nothing = frame([np.nan] * SESSIONS)
    assert not blocks(nothing, nothing).to_numpy().any()


@given(
    st.lists(st.floats(0.0, 1e6), min_size=SESSIONS, max_size=SESSIONS),
    st.sampled_from([0.25, 2.0, 1024.0]),
)
def test_blocks_do_not_depend_on_the_unit_of_money(values: list[float], unit: float) -> None:
    negotiated, matched = frame(values), frame(values[::-1])
    once = blocks(matched, negotiated)
    assert once.equals(blocks(matched * unit, negotiated * unit))


@given(st.lists(st.floats(0.0, 1e6), min_size=SESSIONS, max_size=SESSIONS))
def test_a_session_is_judged_without_the_sessions_after_it(values: list[float]) -> None:
    negotiated, matched = frame(values), frame(values[::-1])
    whole = blocks(matched, negotiated)
    assert whole.iloc[:50].equals(blocks(matched.iloc[:50], negotiated.iloc[:50]))


def test_a_session_whose_matched_value_is_unknown_is_no_block() -> None:
    matched = frame([90.0] * (SESSIONS - 1) + [float("nan")])
    assert not blocks(matched, frame([10.0] * SESSIONS)).iloc[-1, 0]
