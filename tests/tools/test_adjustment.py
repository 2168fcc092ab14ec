import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.adjustment import effective_closes


def _rows(closes: list[float], **columns: list[float]) -> pd.DataFrame:
    rows = pd.DataFrame({"symbol": "A", "close": closes})
    for name in ("adj_close", "dividend", "split"):
        rows[name] = columns.get(name, [np.nan] * len(closes))
    return rows


def test_a_dividend_is_no_loss() -> None:
    found = effective_closes(_rows([100.0, 98.0, 98.98], dividend=[0.0, 2.0, 0.0]))
    assert found.tolist() == pytest.approx([100.0, 100.0, 101.0])


def test_a_split_is_no_loss() -> None:
    found = effective_closes(_rows([100.0, 51.0, 52.0], split=[0.0, 2.0, np.nan]))
    assert found.tolist() == pytest.approx([100.0, 102.0, 104.0])


def test_the_sources_own_adjusted_close_stands_alone() -> None:
    found = effective_closes(_rows([100.0, 98.0], adj_close=[97.0, np.nan], dividend=[0.0, 2.0]))
    assert found.iloc[0] == 97.0
    assert np.isnan(found.iloc[1])


def test_without_events_the_close_stands_as_published() -> None:
    assert effective_closes(_rows([100.0, 98.0])).tolist() == [100.0, 98.0]


@given(
    st.lists(st.floats(1.0, 100.0), min_size=3, max_size=20),
    st.lists(st.floats(0.0, 5.0), min_size=20, max_size=20),
    st.integers(1, 19),
)
def test_later_events_never_change_an_earlier_close(
    closes: list[float], dividends: list[float], cut: int
) -> None:
    cut = min(cut, len(closes))
    rows = _rows(closes, dividend=dividends[: len(closes)])
    whole, part = effective_closes(rows), effective_closes(rows.head(cut))
    assert whole.head(cut).tolist() == part.tolist()


def test_symbols_do_not_touch_each_other() -> None:
    two = pd.concat([_rows([10.0, 9.0], dividend=[0.0, 1.0]), _rows([5.0, 6.0]).assign(symbol="B")])
    assert effective_closes(two.reset_index(drop=True)).tolist() == pytest.approx([10, 10, 5, 6])
