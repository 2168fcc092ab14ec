"""Primary flow of sector funds, from imported prices and numbers of shares."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from core.markets.sessions import is_session
from core.records.investors import FundFlowRow
from tests.tools.sources.conftest import packaged
from tools.context import ToolContext
from tools.flows.fund_flow import etf_flow
from tools.intake.importing import ImportWords, imported
from tools.storage.models import ModelStore
from tools.storage.store import Store

DAYS = [
    day
    for day in pd.bdate_range("2024-01-02", "2024-06-28")
    if is_session(packaged("us"), day.date())
]
SPLIT_DAY = DAYS[-30]


def file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def prices(folder: Path, *, split: bool = False, adjusted: bool = False) -> Path:
    """Every fund closes at 50 dollars, XLK at 25 after a split of two for one."""
    rows = []
    for ticker in ("SPY", "XLK", "XLF"):
        for day in DAYS:
            halved = split and ticker == "XLK"
            close = 25.0 if halved and (adjusted or day >= SPLIT_DAY) else 50.0
            ratio = 2.0 if halved and day == SPLIT_DAY else 0.0
            rows.append(f"{ticker},{day.date()},{close},{ratio}")
    heading = "ticker,date,adj_close,split" if adjusted else "ticker,date,close,split"
    return file(folder, "prices", heading, *rows)


def shares(folder: Path, per_day: int = 1_000_000, *, split: bool = False) -> Path:
    """XLK has 100 million shares and issues some each day; XLF is told for a month only."""
    rows = []
    for place, day in enumerate(DAYS):
        factor = 2 if split and day >= SPLIT_DAY else 1
        count = (100_000_000 + per_day * place) * factor
        rows.append(f"{day.date()},XLK,{count}")
    rows += [f"{day.date()},XLF,80000000" for day in DAYS[-15:]]
    return file(folder, "shares_outstanding", "date,subject,value", *rows)


def context_of(tmp_path: Path, price_file: Path, share_file: Path | None) -> ToolContext:
    universe, store = packaged("us"), Store(tmp_path / "home")
    imported(store, (price_file,), "prices", universe)
    if share_file is not None:
        imported(store, (share_file,), "series", universe, ImportWords(units={"lag": "1d"}))
    return ToolContext(store, {"us": universe}, ModelStore(tmp_path), "us")


def rows_of(context: ToolContext, as_of: date = date(2024, 6, 29)) -> dict[str, FundFlowRow]:
    return {row.sector: row for row in etf_flow(context, as_of=as_of).rows}


def test_the_flow_is_the_shares_issued_at_the_price_of_their_day(tmp_path: Path) -> None:
    row = rows_of(context_of(tmp_path, prices(tmp_path), shares(tmp_path)))["technology"]
    assert (row.symbol, row.period, row.age_days) == ("XLK", date(2024, 6, 28), 1)
    assert row.flow_1w_bn == pytest.approx(5 * 1e6 * 50 / 1e9)
    assert row.flow_1m_bn == pytest.approx(20 * 1e6 * 50 / 1e9)
    assert row.flow_3m_bn == pytest.approx(60 * 1e6 * 50 / 1e9)
    before = 100e6 + 1e6 * (len(DAYS) - 1 - 20)
    assert row.flow_1m_pct == pytest.approx(100 * 20e6 / before)
    assert row.assets_bn == pytest.approx((100e6 + 1e6 * (len(DAYS) - 1)) * 50 / 1e9)
    assert row.flags == ("assumed_known_at",)


def test_a_split_issues_no_shares(tmp_path: Path) -> None:
    plain = rows_of(context_of(tmp_path / "a", prices(tmp_path), shares(tmp_path)))
    split = rows_of(
        context_of(tmp_path / "b", prices(tmp_path, split=True), shares(tmp_path, split=True))
    )
    for name in ("flow_1w_bn", "flow_1m_bn", "flow_3m_bn", "assets_bn", "flow_3m_pct"):
        assert getattr(split["technology"], name) == pytest.approx(
            getattr(plain["technology"], name)
        )


def test_closes_told_as_adjusted_have_later_splits_undone_and_are_marked(tmp_path: Path) -> None:
    plain = rows_of(context_of(tmp_path / "a", prices(tmp_path), shares(tmp_path)))
    adjusted = rows_of(
        context_of(
            tmp_path / "b",
            prices(tmp_path, split=True, adjusted=True),
            shares(tmp_path, split=True),
        )
    )
    assert adjusted["technology"].flow_3m_bn == pytest.approx(plain["technology"].flow_3m_bn)
    assert "adjusted_price" in adjusted["technology"].flags


def test_a_window_before_the_first_number_of_shares_is_too_short_rather_than_zero(
    tmp_path: Path,
) -> None:
    context = context_of(tmp_path, prices(tmp_path), shares(tmp_path))
    row = rows_of(context)["financials"]
    assert (row.flow_1w_bn, row.flow_1m_bn, row.flow_3m_bn) == (0.0, None, None)
    cells = {(c.subject, c.measure): c.reason for c in etf_flow(context).missing}
    assert cells["financials", "flow_1m_bn"] == "too_short"
    assert cells["energy", "shares_count"] == "not_covered"


def test_numbers_known_later_are_not_seen(tmp_path: Path) -> None:
    context = context_of(tmp_path, prices(tmp_path), shares(tmp_path))
    row = rows_of(context, date(2024, 5, 15))["technology"]
    assert (row.period, row.released) == (date(2024, 5, 14), date(2024, 5, 15))
    assert row.flow_1w_bn == pytest.approx(0.25)


def test_old_numbers_are_marked(tmp_path: Path) -> None:
    context = context_of(tmp_path, prices(tmp_path), shares(tmp_path))
    assert "stale" in rows_of(context, date(2024, 7, 30))["technology"].flags


def test_without_the_series_and_without_prices_there_is_a_gap(tmp_path: Path) -> None:
    gap = etf_flow(context_of(tmp_path, prices(tmp_path), None)).gap
    assert gap is not None
    assert (gap.reason, gap.dataset, gap.actor) == ("no_data", "series", "user")
    empty = ToolContext(Store(tmp_path / "x"), {"us": packaged("us")}, ModelStore(tmp_path), "us")
    gap = etf_flow(empty).gap
    assert gap is not None
    assert gap.dataset == "prices"
