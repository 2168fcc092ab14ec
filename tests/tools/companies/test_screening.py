from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.files.universes import load_universes
from core.errors import CallerError
from core.panel import MarketPanels
from core.records.sector_readings import ScreenFilter, ScreenMeasure, ScreenResult
from tests.tools.companies.reports import Report, with_reports
from tools.companies.screening import MEASURES, Screen, screened_stocks
from tools.context import ToolContext
from tools.storage.models import ModelStore
from tools.storage.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]
REPORTS: list[Report] = [
    ("B1", "pe", "2023-12-31", 8.0, "2024-02-01"),
    ("B1", "roe", "2023-12-31", 0.18, "2024-02-01"),
    ("T1", "pe", "2023-12-31", 30.0, "2024-02-01"),
    ("T2", "pe", "2023-12-31", 12.0, "2024-02-01"),
]


def symbols(result: ScreenResult) -> list[str]:
    return [row.symbol for row in result.rows]


def at_most(measure: ScreenMeasure, bound: float) -> Screen:
    rule = ScreenFilter(measure=measure, at_most=bound)
    return Screen(filters=(rule,), sort_by=measure, lowest_first=True)


def test_a_bound_keeps_what_lies_within_and_counts_what_is_not_known(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    result = screened_stocks(context, at_most("pe_x", 20.0))
    assert symbols(result) == ["B1", "T2"]
    assert (result.screened_count, result.passed_count, result.unknown_count) == (5, 2, 2)
    grown = 1.01 ** len(tiny_panels.sectors.closes.loc["2024-01-01":])
    assert result.rows[0].pe_x == pytest.approx(8.0 * grown)
    assert result.rows[1].pe_x == pytest.approx(12.0)


def test_every_bound_must_hold_and_a_bound_itself_passes(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    cheap = ScreenFilter(measure="pe_x", at_most=30.0)
    dear = ScreenFilter(measure="pe_x", at_least=30.0)
    assert symbols(screened_stocks(context, Screen(filters=(cheap, dear)))) == ["T1"]
    good = ScreenFilter(measure="roe_pct", at_least=18.0, at_most=18.0)
    assert symbols(screened_stocks(context, Screen(filters=(good,)))) == ["B1"]


def test_the_trend_is_a_filter_of_its_own(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    context = context_of(tiny_panels)
    above = screened_stocks(context, Screen(above_200d=True))
    assert symbols(above) == ["B1", "B2", "B3"]
    below = screened_stocks(context, Screen(above_200d=False))
    assert symbols(below) == ["T1", "T2"]
    young = screened_stocks(context, Screen(above_200d=True), as_of=date(2023, 6, 30))
    assert (symbols(young), young.unknown_count) == ([], 5)


def test_rows_are_sorted_cut_and_those_without_the_value_come_last(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    dearest = Screen(sort_by="pe_x", limit=4)
    assert symbols(screened_stocks(context, dearest)) == ["T1", "T2", "B1", "B2"]
    cheapest = replace(dearest, lowest_first=True, limit=2)
    result = screened_stocks(context, cheapest)
    assert (symbols(result), result.passed_count) == (["B1", "T2"], 5)


def test_only_the_sectors_asked_for_are_screened(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = screened_stocks(context_of(tiny_panels), Screen(), sector="tech")
    assert symbols(result) == ["T1", "T2"]
    with pytest.raises(CallerError, match="use 'all' or one of"):
        screened_stocks(context_of(tiny_panels), Screen(), sector="shipping")


def test_a_measure_no_stock_has_is_missing_with_its_reason(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    bare = replace(tiny_panels, flows=None)
    cells = screened_stocks(context_of(bare), Screen()).missing
    assert {(cell.measure, cell.reason) for cell in cells} == {
        ("pe_x", "no_data"),
        ("roe_pct", "no_data"),
        ("revenue_growth_pct", "no_data"),
        ("foreign_net_1m_bn", "no_data"),
    }
    gap = screened_stocks(context_of(replace(tiny_panels, members=None)), Screen()).gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("no_data", "members")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (ScreenFilter(measure="pe_x"), "give at_least, at_most or both"),
        (
            ScreenFilter(measure="pe_x", at_least=2.0, at_most=1.0),
            "no value is at least 2.0, at most 1.0",
        ),
    ],
)
def test_a_filter_that_filters_nothing_or_all_is_refused(
    tiny_panels: MarketPanels, context_of: ContextOf, rule: ScreenFilter, said: str
) -> None:
    with pytest.raises(CallerError, match=said):
        screened_stocks(context_of(tiny_panels), Screen(filters=(rule,)))


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> ToolContext:
    return ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")


@pytest.mark.prove
@settings(max_examples=15)
@given(measure=st.sampled_from(MEASURES), bound=st.floats(-50.0, 100.0))
def test_a_bound_and_its_opposite_share_out_all_stocks(
    demo: ToolContext, measure: ScreenMeasure, bound: float
) -> None:
    low = screened_stocks(demo, replace(at_most(measure, bound), limit=50))
    above = ScreenFilter(measure=measure, at_least=bound)
    high = screened_stocks(demo, Screen(filters=(above,), limit=50))
    on_it = [row for row in low.rows if getattr(row, measure) == bound]
    counted = low.passed_count + high.passed_count - len(on_it) + low.unknown_count
    assert counted == low.screened_count
    assert all(getattr(row, measure) <= bound for row in low.rows)
