import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.storage.adjustment import closes_of, effective_closes, effective_volumes, price_closes


def _rows(closes: list[float], **columns: list[float]) -> pd.DataFrame:
    rows = pd.DataFrame({"symbol": "A", "close": closes, "volume": 100.0})
    for name in ("adj_close", "dividend", "split"):
        rows[name] = columns.get(name, [np.nan] * len(closes))
    if "volume" in columns:
        rows["volume"] = columns["volume"]
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


def test_a_price_series_keeps_splits_out_and_dividends_in() -> None:
    rows = _rows([100.0, 98.0, 49.0], dividend=[0.0, 2.0, 0.0], split=[0.0, 0.0, 2.0])
    assert price_closes(rows).tolist() == pytest.approx([100.0, 98.0, 98.0])
    assert effective_closes(rows).tolist() == pytest.approx([100.0, 100.0, 100.0])


def test_dividends_are_not_taken_out_of_what_a_source_adjusted() -> None:
    rows = _rows([100.0, 98.0], adj_close=[98.0, 98.0], dividend=[0.0, 2.0])
    assert price_closes(rows).isna().all()
    assert closes_of(rows, "price").tolist() == [98.0, 98.0]
    assert closes_of(rows, "total_return").tolist() == [98.0, 98.0]


@given(
    st.lists(st.floats(1.0, 100.0), min_size=3, max_size=20),
    st.lists(st.sampled_from([0.0, 0.5, 2.0, 3.0]), min_size=20, max_size=20),
    st.integers(1, 19),
)
def test_later_splits_never_change_an_earlier_price(
    closes: list[float], splits: list[float], cut: int
) -> None:
    cut = min(cut, len(closes))
    rows = _rows(closes, split=splits[: len(closes)])
    assert price_closes(rows).head(cut).tolist() == price_closes(rows.head(cut)).tolist()


def test_symbols_do_not_touch_each_other() -> None:
    two = pd.concat([_rows([10.0, 9.0], dividend=[0.0, 1.0]), _rows([5.0, 6.0]).assign(symbol="B")])
    assert effective_closes(two.reset_index(drop=True)).tolist() == pytest.approx([10, 10, 5, 6])


def test_a_split_is_no_activity() -> None:
    volumes = [100.0, 110.0, 400.0, np.nan, 480.0]
    rows = _rows([80.0, 84.0, 21.0, 21.5, 22.0], volume=volumes, split=[0.0, 0.0, 4.0, 0.0, 0.0])
    found = effective_volumes(rows)
    assert found.dropna().tolist() == [100.0, 110.0, 100.0, 120.0]
    assert np.isnan(found.iloc[3])


def test_a_dividend_leaves_volumes_alone() -> None:
    rows = _rows([100.0, 98.0], dividend=[0.0, 2.0])
    assert effective_volumes(rows).tolist() == [100.0, 100.0]


def test_volumes_beside_an_adjusted_close_stand_as_published() -> None:
    rows = _rows([100.0, 50.0], adj_close=[50.0, 50.0], split=[0.0, 2.0])
    assert effective_volumes(rows).tolist() == [100.0, 100.0]
    other = _rows([100.0, 50.0], split=[0.0, 2.0]).assign(symbol="B")
    both = pd.concat([rows, other], ignore_index=True)
    assert effective_volumes(both).tolist() == [100.0, 100.0, 100.0, 50.0]


@given(
    st.lists(st.floats(0.0, 1e9), min_size=3, max_size=20),
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 4.0]), min_size=20, max_size=20),
    st.integers(1, 19),
)
def test_later_splits_never_change_an_earlier_volume(
    volumes: list[float], splits: list[float], cut: int
) -> None:
    cut = min(cut, len(volumes))
    rows = _rows([10.0] * len(volumes), volume=volumes, split=splits[: len(volumes)])
    whole, part = effective_volumes(rows), effective_volumes(rows.head(cut))
    assert whole.head(cut).tolist() == part.tolist()
