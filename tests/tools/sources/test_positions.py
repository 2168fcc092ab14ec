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


def _mixed(values: dict[str, float], shares: float = 1e6) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "manager": "Mixed", "ticker": list(values), "period_end": "2024-09-30",
            "shares": shares, "value_usd": [price * shares for price in values.values()],
        }
    )  # fmt: skip


def _closes(prices: dict[str, float]) -> pd.DataFrame:
    day = pd.Timestamp("2024-09-27").as_unit("us")
    return pd.DataFrame({"symbol": list(prices), "period": day, "close": list(prices.values())})


def test_single_rows_in_thousands_of_a_sound_filing_are_found_by_their_close(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = _mixed({"NRG": 91_100.0, "VST": 118.5, "T": 22.0, "ADR": 26_250.0, "OWN": 40.0})
    reading = reading_of(frame, "positions", us)
    rows = position_rows(reading, _closes({"NRG": 90.0, "VST": 118.0, "T": 21.0}))
    assert rows["value_bn"].tolist() == pytest.approx([0.0911, 0.1185, 0.022, 0.02625, 0.04])
    assert rows["rescaled"].tolist() == [True, False, False, True, False]
    assert not rows["implausible"].any()


def test_a_dear_stock_without_a_close_stands_where_no_row_is_in_thousands(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = _mixed({"BRK-A": 600_000.0, "VST": 118.5, "T": 22.0, "KO": 70.0})
    reading = reading_of(frame, "positions", us)
    rows = position_rows(reading, _closes({"VST": 118.0, "T": 21.0, "KO": 70.0}))
    assert not rows["rescaled"].any()


def test_two_rows_a_thousand_times_too_small_are_multiplied_and_one_is_left_out(
    us: Universe, reading_of: ReadingOf
) -> None:
    """A single one is a warrant or a bond under the share's symbol."""
    closes = _closes({"A": 84.0, "B": 104.0, "C": 50.0, "D": 60.0, "E": 70.0})
    two = _mixed({"A": 0.084, "B": 0.104, "C": 50.0, "D": 60.0, "E": 70.0})
    rows = position_rows(reading_of(two, "positions", us), closes)
    assert rows["value_bn"].tolist() == pytest.approx([0.084, 0.104, 0.05, 0.06, 0.07])
    one = _mixed({"A": 0.084, "B": 104.0, "C": 50.0, "D": 60.0, "E": 70.0})
    rows = position_rows(reading_of(one, "positions", us), closes)
    assert rows["implausible"].tolist() == [True, False, False, False, False]
    assert not rows["rescaled"].any()


def test_a_close_divided_by_a_later_split_explains_a_large_value(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = _mixed({"CMG": 3_000.0, "GOOGL": 2_800.0, "KO": 70.0, "T": 22.0})
    reading = reading_of(frame, "positions", us)
    rows = position_rows(reading, _closes({"CMG": 60.0, "GOOGL": 139.2, "KO": 69.0, "T": 21.0}))
    assert not (rows["rescaled"] | rows["implausible"]).any()


def test_a_value_no_unit_explains_does_not_spoil_the_sound_line_of_its_symbol(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.concat([_mixed({"BAC": 13.5, "KO": 70.0, "T": 22.0}), _mixed({"BAC": 0.1})])
    reading = reading_of(frame.reset_index(drop=True), "positions", us)
    rows = position_rows(reading, _closes({"BAC": 12.0, "KO": 69.0, "T": 21.0}))
    sound = rows[~rows["implausible"]].set_index("symbol")
    assert sound.at["BAC", "shares"] == pytest.approx(1e6)
    assert sound.at["BAC", "value_bn"] == pytest.approx(0.0135)
    assert rows["implausible"].sum() == 1
