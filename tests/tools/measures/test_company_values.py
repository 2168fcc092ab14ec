from datetime import date

import numpy as np
import pytest

from core.panel import MarketPanels
from tests.tools.companies.reports import Report, with_reports
from tools.measures.company_values import company_values

DAY = date(2024, 2, 23)
"""The last session of the tiny market."""


def value(panels: MarketPanels, symbol: str, measure: str, as_of: date = DAY) -> float:
    return float(company_values(panels, [symbol], as_of)[measure].loc[symbol])


def quarter(symbol: str, **lines: float) -> list[Report]:
    return [(symbol, line, "2023-12-31", number, "2024-02-01") for line, number in lines.items()]


def test_a_bank_without_revenue_grows_by_its_own_income(tiny_panels: MarketPanels) -> None:
    before: Report = ("B1", "net_interest_income", "2022-12-31", 40.0, "2023-02-01")
    panels = with_reports(tiny_panels, [before, *quarter("B1", net_interest_income=50.0)])
    assert value(panels, "B1", "revenue_growth_pct") == pytest.approx(25.0)
    revenue: Report = ("B1", "revenue", "2022-12-31", 80.0, "2023-02-01")
    more = [before, revenue, *quarter("B1", net_interest_income=50.0, revenue=60.0)]
    panels = with_reports(tiny_panels, more)
    assert value(panels, "B1", "revenue_growth_pct") == pytest.approx(-25.0)


def test_return_on_equity_is_a_years_profit_over_equity_else_the_published_one(
    tiny_panels: MarketPanels,
) -> None:
    panels = with_reports(tiny_panels, quarter("B1", net_profit=5.0, total_equity=100.0, roe=0.3))
    assert value(panels, "B1", "roe_pct") == pytest.approx(20.0)
    yearly = with_reports(tiny_panels, quarter("B1", net_profit=5.0, total_equity=100.0), kind="A")
    assert value(yearly, "B1", "roe_pct") == pytest.approx(5.0)
    published = with_reports(tiny_panels, quarter("B1", roe=0.3))
    assert value(published, "B1", "roe_pct") == pytest.approx(30.0)


def test_a_stale_report_and_one_not_yet_public_say_nothing(tiny_panels: MarketPanels) -> None:
    panels = with_reports(tiny_panels, quarter("B1", pe=9.0))
    assert np.isnan(value(panels, "B1", "pe_x", date(2024, 1, 31)))
    assert not np.isnan(value(panels, "B1", "pe_x", date(2024, 7, 18)))
    assert np.isnan(value(panels, "B1", "pe_x", date(2024, 7, 19)))


def test_value_moves_with_the_price_and_is_missing_without_one(tiny_panels: MarketPanels) -> None:
    reports = [*quarter("B1", market_cap=200.0), *quarter("NEW", market_cap=50.0)]
    panels = with_reports(tiny_panels, reports)
    assert panels.stocks is not None
    later = len(panels.stocks.closes.loc["2024-01-01":])
    assert value(panels, "B1", "market_cap_bn") == pytest.approx(200.0 * 1.01**later)
    assert np.isnan(value(panels, "NEW", "market_cap_bn"))
