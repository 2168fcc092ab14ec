from collections.abc import Callable

import pandas as pd
import pytest

from core.records.universe import Universe
from tools.sources.positions import position_rows
from tools.sources.reading import Reading

ReadingOf = Callable[..., Reading]


def _filing(manager: str, values: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "manager": manager, "ticker": ["A", "B", "C"], "period_end": "2020-12-31",
            "shares": [1_000_000] * 3, "value_usd": values,
        }
    )  # fmt: skip


def test_a_filing_in_thousands_is_brought_to_dollars_and_marked(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.concat([_filing("Dollars", [5e7, 6e7, 7e7]), _filing("Thousands", [5e4, 6e4, 7e4])])
    rows = position_rows(reading_of(frame.reset_index(drop=True), "positions", us))
    assert rows["rescaled"].tolist() == [False] * 3 + [True] * 3
    assert rows["value_bn"].tolist() == pytest.approx([0.05, 0.06, 0.07] * 2)
    assert rows["assumed"].all()
    assert str(rows["known_at"].iloc[0].date()) == "2021-02-15"


def test_stored_closes_decide_where_the_values_alone_would_mislead(
    us: Universe, reading_of: ReadingOf
) -> None:
    """Shares at 0.50 dollars are in dollars when the store says they cost that."""
    frame = _filing("Penny", [5e5, 5e5, 5e5])
    day = pd.Timestamp("2020-12-31").as_unit("us")
    closes = pd.DataFrame({"symbol": ["A", "B", "C"], "period": day, "close": 0.5})
    reading = reading_of(frame, "positions", us)
    assert position_rows(reading)["rescaled"].all()
    assert not position_rows(reading, closes)["rescaled"].any()
    dear = position_rows(reading, closes.assign(close=500.0))
    assert dear["value_bn"].tolist() == pytest.approx([0.5] * 3)


def test_values_a_thousand_times_too_large_are_divided(us: Universe, reading_of: ReadingOf) -> None:
    rows = position_rows(reading_of(_filing("Large", [5e10, 6e10, 7e10]), "positions", us))
    assert rows["value_bn"].tolist() == pytest.approx([0.05, 0.06, 0.07])


def test_lines_of_one_symbol_are_summed_and_rows_without_one_stay_apart(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = _filing("M", [5e7, 6e7, 7e7]).assign(ticker=["A", "A", ""])
    rows = position_rows(reading_of(frame, "positions", us))
    assert rows["symbol"].isna().tolist() == [False, True]
    assert rows["shares"].tolist() == [2_000_000, 1_000_000]
    assert rows["value_bn"].iloc[0] == pytest.approx(0.11)
