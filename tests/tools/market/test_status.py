from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from core.panel import MarketPanels, Table
from tools.context import ToolContext
from tools.market.status import data_status

ContextOf = Callable[[MarketPanels], ToolContext]


def test_each_data_set_tells_its_extent(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    rows = {row.dataset: row for row in data_status(context_of(tiny_panels)).rows}
    assert set(rows) == {"prices", "flows", "members"}
    assert (rows["prices"].rows_count, rows["prices"].symbols_count) == (1500, 5)
    assert (rows["prices"].first, rows["prices"].last) == (date(2023, 1, 2), tiny_panels.last)
    assert (rows["prices"].age_days, rows["prices"].stale) == (0, False)
    assert rows["members"].symbols_count == 5


def test_status_of_a_past_date_counts_what_was_known_then(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    rows = {
        row.dataset: row
        for row in data_status(context_of(tiny_panels), as_of=date(2023, 1, 6)).rows
    }
    assert (rows["prices"].rows_count, rows["prices"].last) == (25, date(2023, 1, 6))


def test_data_a_week_behind_are_stale(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    day = tiny_panels.last + timedelta(days=8)
    rows = {row.dataset: row for row in data_status(context_of(tiny_panels), as_of=day).rows}
    assert (rows["prices"].age_days, rows["prices"].stale) == (8, True)
    assert rows["members"].stale is False


def test_flows_that_stopped_are_dated_by_their_last_session(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert tiny_panels.flows is not None
    buys = tiny_panels.flows.buys.copy()
    buys.iloc[-6:] = float("nan")
    panels = replace(tiny_panels, flows=replace(tiny_panels.flows, buys=buys))
    rows = {row.dataset: row for row in data_status(context_of(panels)).rows}
    assert rows["flows"].last == pd.Timestamp(buys.index[-7]).date()
    assert rows["flows"].stale


@pytest.mark.parametrize(("kind", "age_days"), [("Q", 200), ("A", 500)])
def test_reports_are_stale_when_the_next_one_is_overdue(
    tiny_panels: MarketPanels, context_of: ContextOf, kind: str, age_days: int
) -> None:
    period = pd.Timestamp("2023-06-30").as_unit("us")
    reports = pd.DataFrame(
        {
            "symbol": ["B1"], "period": period, "known_at": period, "assumed": False,
            "kind": kind, "line": "revenue", "value": 1.0,
        }
    )  # fmt: skip
    context = context_of(replace(tiny_panels, fundamentals=Table("fundamentals", reports)))
    for late in (0, 1):
        day = period.date() + timedelta(days=age_days + late)
        rows = {row.dataset: row for row in data_status(context, as_of=day).rows}
        assert (rows["fundamentals"].last, rows["fundamentals"].age_days) == (
            period.date(),
            age_days + late,
        )
        assert rows["fundamentals"].stale is bool(late)
