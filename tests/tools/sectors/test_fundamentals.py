from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.panel import MarketPanels, PricePanel, Table
from tools.context import ToolContext
from tools.sectors.fundamentals import sector_fundamentals

ContextOf = Callable[[MarketPanels], ToolContext]


@pytest.fixture
def reported(tiny_panels: MarketPanels) -> MarketPanels:
    """Three banks report revenue 100 then 110, 100 then 110, 100 then 140, and profit 18 each."""
    revenue = {"B1": 110.0, "B2": 110.0, "B3": 140.0}
    cells = [
        (symbol, line, period, value)
        for symbol, last in revenue.items()
        for line, period, value in (
            ("revenue", "2022-12-31", 100.0),
            ("revenue", "2023-12-31", last),
            ("net_profit", "2023-12-31", 18.0),
        )
    ]
    rows = pd.DataFrame(cells, columns=["symbol", "line", "period", "value"])
    rows["period"] = pd.to_datetime(rows["period"])
    rows = rows.assign(known_at=rows["period"] + pd.Timedelta(days=30), assumed=True, kind="Q")
    columns = ["symbol", "period", "known_at", "assumed", "kind", "line", "value"]
    table = Table("fundamentals", rows.sort_values(["known_at", "period"])[columns])
    return replace(tiny_panels, fundamentals=table)


def test_a_sector_is_the_sum_of_its_companies(
    reported: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_fundamentals(context_of(reported))
    (row,) = result.rows
    assert (row.sector, row.companies_count, row.members_count) == ("banks", 3, 3)
    assert row.revenue_growth_pct == pytest.approx(20.0)
    assert row.net_profit_margin_pct == pytest.approx(15.0)
    assert (row.period, row.age_days) == (date(2023, 12, 31), (reported.last - row.period).days)
    assert row.flags == ("assumed_known_at",)
    assert result.known_at == date(2024, 1, 30)


def test_the_printed_figure_is_the_factor_that_scores(
    reported: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_fundamentals(context_of(reported))
    values = {value.factor: value.value for value in result.factors if value.sector == "banks"}
    assert values["revenue_growth"] == result.rows[0].revenue_growth_pct
    assert values["net_profit_margin"] == result.rows[0].net_profit_margin_pct


def test_only_the_metrics_asked_for_are_printed_or_missing(
    reported: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_fundamentals(
        context_of(reported), sector="financials", metrics=("pe", "revenue_growth")
    )
    assert result.metrics == ("revenue_growth", "pe")
    assert result.rows[0].net_profit_margin_pct is None
    assert [(cell.subject, cell.measure) for cell in result.missing] == [("banks", "pe_x")]
    assert result.factors == ()


def test_an_old_report_is_shown_flagged_and_leaves_its_factor_empty(
    reported: MarketPanels, context_of: ContextOf
) -> None:
    sessions = pd.bdate_range("2023-10-02", periods=300).as_unit("us")
    later = replace(
        reported,
        sectors=_redated(reported.sectors, sessions),
        benchmark=_redated(reported.benchmark, sessions),
        stocks=None if reported.stocks is None else _redated(reported.stocks, sessions),
        flows=None,
    )
    result = sector_fundamentals(context_of(later))
    (row,) = result.rows
    assert row.revenue_growth_pct == pytest.approx(20.0)
    assert "stale" in row.flags
    factor = next(value for value in result.factors if value.factor == "revenue_growth")
    assert (factor.value, factor.reason) == (None, "stale")


def test_a_sector_without_reports_is_missing_with_the_reason(
    reported: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_fundamentals(context_of(reported), metrics=("revenue_growth",))
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        ("technology", "revenue_growth_pct", "not_covered")
    ]


def test_a_report_is_not_seen_before_it_is_public(
    reported: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_fundamentals(context_of(reported), as_of=date(2024, 1, 29))
    assert result.rows[0].period == date(2022, 12, 31)


def test_without_reports_the_gap_names_the_data_set(
    tiny_panels: MarketPanels, reported: MarketPanels, context_of: ContextOf
) -> None:
    gap = sector_fundamentals(context_of(tiny_panels)).gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("no_data", "fundamentals")
    gap = sector_fundamentals(context_of(reported), sector="technology").gap
    assert gap is not None
    assert gap.reason == "not_covered"


def _redated(panel: PricePanel, index: pd.DatetimeIndex) -> PricePanel:
    frames = (panel.closes, panel.volumes, panel.values, panel.put_throughs)
    return PricePanel(*(frame.set_axis(index, axis=0) for frame in frames))
