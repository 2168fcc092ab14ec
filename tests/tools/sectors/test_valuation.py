from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from app.files.universes import load_universes
from core.panel import MarketPanels
from core.signals import valuation
from tools.context import ToolContext
from tools.sectors.valuation import sector_valuation
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]


@pytest.fixture(scope="module")
def context(demo_home: Path) -> ToolContext:
    return ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")


def test_the_pe_stands_among_its_own_five_years(context: ToolContext) -> None:
    rows = sector_valuation(context).rows
    assert len(rows) == len(context.universes["demo"].sectors)
    ranks = [row.pe_percentile_pct or 0.0 for row in rows]
    assert ranks == sorted(ranks)
    for row in rows:
        assert row.pe_low_x is not None
        assert row.pe_high_x is not None
        assert row.pe_low_x <= (row.pe_median_x or 0.0) <= row.pe_high_x
        assert row.pe_low_x <= (row.pe_x or 0.0) <= row.pe_high_x
        assert row.reported < row.released <= row.period


def test_the_figures_are_the_catalogues_and_their_distribution_gives_the_percentile(
    context: ToolContext,
) -> None:
    day = date(2023, 11, 10)
    panels = market_panels(context.store, context.universes["demo"]).until(day)
    multiples = valuation.sector_pe(panels)
    assert multiples is not None
    for row in sector_valuation(context, as_of=day).rows:
        steps = multiples[row.sector].to_numpy()[::-5][:260]
        known = steps[~np.isnan(steps)]
        below = (known < known[0]).sum() + 0.5 * (known == known[0]).sum()
        assert row.pe_x == pytest.approx(known[0])
        assert row.steps_count == len(known)
        assert row.pe_percentile_pct == pytest.approx(100.0 * below / len(known))
        assert row.pe_median_x == pytest.approx(float(np.median(known)))


def test_under_two_years_a_pe_has_no_percentile_and_the_reason_is_told(
    context: ToolContext,
) -> None:
    result = sector_valuation(context, sector="energy", as_of=date(2020, 12, 31))
    (row,) = result.rows
    assert row.pe_x is not None
    assert (row.pe_percentile_pct, row.pe_median_x) == (None, None)
    assert [(cell.measure, cell.reason) for cell in result.missing] == [
        ("pe_percentile_pct", "too_short")
    ]


def test_without_reports_or_a_pe_known_yet_the_answer_is_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf, context: ToolContext
) -> None:
    bare = sector_valuation(context_of(tiny_panels)).gap
    assert bare is not None
    assert (bare.reason, bare.dataset) == ("no_data", "fundamentals")
    early = sector_valuation(context, as_of=date(2019, 6, 28)).gap
    assert early is not None
    assert early.reason == "not_covered"


@pytest.mark.real_data
def test_reports_that_ended_a_year_before_are_a_stale_gap(market_home: Path) -> None:
    context = ToolContext(Store(market_home), load_universes(), ModelStore(market_home), "vn")
    gap = sector_valuation(context).gap
    assert gap is not None
    assert gap.reason == "stale"
    fresh = sector_valuation(context, as_of=date(2023, 12, 15))
    assert {row.reported for row in fresh.rows} == {date(2023, 9, 30)}
