from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from core.records.universe import Universe
from tools.sources.prices import flow_rows, has_flows, looks_adjusted, price_rows
from tools.sources.reading import Reading

ReadingOf = Callable[..., Reading]


def test_a_wide_file_becomes_a_row_a_date_and_symbol(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"Date": ["2024-01-02", "2024-01-03"], "xlk": ["1.5", ""], "SPY": ["3", "4"]}
    )
    rows = price_rows(reading_of(frame, "prices", us))
    assert rows[["symbol", "close", "row"]].to_numpy().tolist() == [
        ["XLK", 1.5, 1], ["SPY", 3.0, 1], ["SPY", 4.0, 2],
    ]  # fmt: skip
    assert (rows["known_at"] == rows["period"]).all()


def test_share_classes_are_written_one_way(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"ticker": ["BRK.B", "brk/b", "BF-B"], "date": "2024-01-02", "close": [1.0, 2.0, 3.0]}
    )
    assert price_rows(reading_of(frame, "prices", us))["symbol"].tolist() == [
        "BRK-B",
        "BRK-B",
        "BF-B",
    ]


def test_money_not_told_is_close_times_volume_but_never_for_an_index(
    vn: Universe, us: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {
            "symbol": ["FPT", "VNINDEX"],
            "date": "2024-01-02",
            "close": [100.0, 1200.0],
            "volume": [2e6, 9e8],
        }
    )
    money = price_rows(reading_of(frame, "prices", vn))["value_bn"].tolist()
    assert money[0] == pytest.approx(200.0)
    assert np.isnan(money[1])
    assert price_rows(reading_of(frame, "prices", us))["value_bn"].iloc[0] == pytest.approx(0.2)


def test_a_vietnamese_file_in_dong_is_told_from_one_in_thousands(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {"symbol": ["FPT"], "date": ["2024-01-02"], "close": [100_000.0], "volume": [2e6]}
    )
    assert price_rows(reading_of(frame, "prices", vn))["value_bn"].iloc[0] == pytest.approx(200.0)


def test_closes_that_do_not_fall_on_ex_days_are_adjusted_ones() -> None:
    n = 40
    days = pd.date_range("2020-01-01", periods=n, freq="W-WED")
    raw = pd.DataFrame({"symbol": "A", "period": days, "dividend": 1.0})
    raw["close"] = 100.0 - np.arange(n)
    assert not looks_adjusted(raw)
    assert looks_adjusted(raw.assign(close=100.0))
    assert not looks_adjusted(raw.assign(close=100.0, dividend=0.0))


def test_each_investor_and_side_becomes_a_row_with_its_unit(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {
            "symbol": ["FPT", "FPT"],
            "date": ["2024-01-02", "2024-01-03"],
            "close": [1.0, 1.0],
            "fb_val_mvnd": [1500.0, 10.0],
            "fs_val_mvnd": [500.0, 20.0],
            "pb_val_mvnd": [np.nan, 30.0],
            "ps_val_mvnd": [np.nan, 0.0],
            "f_own_pct": [49.0, 48.9],
        }
    )
    assert has_flows("prices", frame.columns)
    rows = flow_rows(reading_of(frame, "flows", vn))
    assert rows["investor"].tolist() == ["foreign", "foreign", "proprietary"]
    assert rows["buy_bn"].tolist() == pytest.approx([1.5, 0.01, 0.03])
    assert rows["own_pct"].tolist()[:2] == [49.0, 48.9]
    assert np.isnan(rows["own_pct"].iloc[2])


def test_a_file_with_an_investor_column_keeps_its_groups(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {
            "symbol": "FPT", "date": "2024-01-02", "investor": ["Foreign", "proprietary"],
            "buy_bn": [2.0, 1.0], "sell_bn": [1.0, 0.5],
        }
    )  # fmt: skip
    rows = flow_rows(reading_of(frame, "flows", vn))
    assert rows["investor"].tolist() == ["foreign", "proprietary"]
    assert rows["buy_bn"].tolist() == [2.0, 1.0]


def test_what_foreigners_matched_is_an_investor_of_its_own(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {"Mã CK": ["FPT", "FPT"], "Ngày": ["02/01/2024", "03/01/2024"],
         "NN mua (tỷ)": [9.0, 2.0], "NN bán (tỷ)": [1.0, 1.0],
         "NN mua khớp lệnh (tỷ)": [4.0, np.nan], "NN bán khớp lệnh (tỷ)": [1.0, np.nan]}
    )  # fmt: skip
    rows = flow_rows(reading_of(frame, "flows", vn))
    net = rows.assign(net=rows["buy_bn"] - rows["sell_bn"]).groupby("investor")["net"]
    assert net.apply(list).to_dict() == {"foreign": [8.0, 1.0], "foreign_matched": [3.0]}
