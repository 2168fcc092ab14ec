from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from core.errors import CallerError
from core.gaps import gap_sentence
from core.panel import MarketPanels, Table
from core.records.sectors import HeatmapRow
from core.records.universe import Benchmark, Reclassification, Treatment
from core.rotation.quadrants import rotations
from tests.core.market import prices
from tools.context import ToolContext
from tools.decisions.scoring import scoring_inputs
from tools.measures.member_built import member_built
from tools.sectors.heatmap import sector_heatmap

ContextOf = Callable[[MarketPanels], ToolContext]
WEDNESDAY = date(2024, 2, 21)


def relative_path(n_sessions: int) -> NDArray[np.float64]:
    """Level, then up 0.2 % a session for twelve weeks, then down 0.3 % for three."""
    steps = np.zeros(n_sessions)
    steps[-75:-15], steps[-15:] = 0.002, -0.003
    path: NDArray[np.float64] = np.exp(np.cumsum(steps))
    return path


def rows_of(
    panels: MarketPanels, context_of: ContextOf, day: date | None = None
) -> dict[str, HeatmapRow]:
    return {row.sector: row for row in sector_heatmap(context_of(panels), as_of=day).rows}


def test_past_returns_are_beside_the_benchmark(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    rows = rows_of(tiny_panels, context_of)
    market = 1.006**21
    assert rows["banks"].excess_1m_pct == pytest.approx(100 * (1.01**21 - market))
    assert rows["technology"].excess_1m_pct == pytest.approx(100 * (1.0 - market))
    assert rows["banks"].return_3m_pct == pytest.approx(100 * (1.01**63 - 1))
    mean = sum(1.01**-k for k in range(200)) / 200
    assert rows["banks"].distance_200d_pct == pytest.approx(100 * (1 / mean - 1))


def test_rotation_is_the_cores_at_both_frequencies(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    row = rows_of(tiny_panels, context_of)["banks"]
    closes, benchmark = tiny_panels.sectors.closes, tiny_panels.benchmark.closes["all"]
    day = tiny_panels.last
    weekly = rotations(closes, benchmark, frequency="weekly", as_of=day, tail_bars=52)["banks"]
    daily = rotations(closes, benchmark, frequency="daily", as_of=day, tail_bars=20)["banks"]
    assert (row.weekly, row.daily) == (weekly, daily)
    assert row.daily is not None
    assert len(row.daily.tail) == 20


def test_a_running_week_is_provisional(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    assert "provisional" in rows_of(tiny_panels, context_of, WEDNESDAY)["banks"].flags
    assert "provisional" not in rows_of(tiny_panels, context_of)["banks"].flags


def test_a_thin_sector_says_how_thin(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    rows = rows_of(tiny_panels, context_of)
    assert (rows["technology"].members_count, rows["technology"].top_member) == (2, "T1")
    assert rows["technology"].top_member_pct == pytest.approx(50.0)
    assert "few_members" in rows["technology"].flags
    assert "few_members" not in rows["banks"].flags


def test_a_member_without_prices_does_not_thicken_a_sector(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert tiny_panels.members is not None
    listed = tiny_panels.members.rows
    unpriced = listed.assign(symbol="U" + listed["symbol"], sector="technology")
    rows = pd.concat([listed, unpriced], ignore_index=True)
    panels = replace(tiny_panels, members=Table("members", rows))
    row = rows_of(panels, context_of)["technology"]
    assert row.members_count == 2
    assert "few_members" in row.flags


def test_without_a_model_the_forecast_is_missing_and_the_rest_is_there(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_heatmap(context_of(tiny_panels), horizon="3M")
    assert result.gap is None
    assert all(row.expected == () and row.weekly is not None for row in result.rows)
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        (sector, f"expected_{horizon}", "model_not_fitted")
        for sector in ("banks", "technology")
        for horizon in ("1w", "1m", "3m")
    ]


def test_historical_performance_asks_for_no_forecast(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_heatmap(context_of(tiny_panels), signal_type="historical_performance")
    assert (result.missing, result.skill) == ((), ())


def test_a_change_of_membership_is_flagged_for_a_year(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    change = Reclassification(effective=date(2024, 1, 2), sectors=("banks",), note="moved")
    universe = tiny_panels.universe.model_copy(update={"reclassifications": (change,)})
    panels = replace(tiny_panels, universe=universe)
    assert "reclassified" in rows_of(panels, context_of)["banks"].flags
    assert "reclassified" not in rows_of(panels, context_of)["technology"].flags
    assert "reclassified" not in rows_of(panels, context_of, date(2023, 12, 29))["banks"].flags


def test_opposite_quadrants_of_the_two_frequencies_are_a_conflict(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    closes = tiny_panels.sectors.closes.copy()
    benchmark = tiny_panels.benchmark
    closes["banks"] = benchmark.closes["all"].to_numpy() * relative_path(len(closes))
    panels = replace(tiny_panels, sectors=replace(tiny_panels.sectors, closes=closes))
    row = rows_of(panels, context_of)["banks"]
    assert row.weekly is not None
    assert row.daily is not None
    assert (row.weekly.quadrant, row.daily.quadrant) == ("LEADING", "LAGGING")
    assert "frequency_conflict" in row.flags


def test_factors_are_those_of_prices_and_members(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    families = {value.family for value in sector_heatmap(context_of(tiny_panels)).factors}
    assert families == {
        "relative_strength", "momentum", "volatility", "volume", "breadth", "lead_lag",
    }  # fmt: skip


def test_a_sector_series_not_yet_listed_says_so(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    universe = tiny_panels.universe.model_copy(update={"built_from_members": False})
    closes = tiny_panels.sectors.closes.copy()
    closes["technology"] = float("nan")
    panels = replace(
        tiny_panels, universe=universe, sectors=replace(tiny_panels.sectors, closes=closes)
    )
    row = rows_of(panels, context_of)["technology"]
    assert (row.weekly, row.excess_1m_pct, row.flags) == (None, None, ("not_listed",))


def _reasons(
    panels: MarketPanels, context_of: ContextOf, sector: str, day: date | None = None
) -> dict[str, str]:
    result = sector_heatmap(context_of(panels), signal_type="historical_performance", as_of=day)
    return {c.measure: c.reason for c in result.missing if c.subject == sector}


def _with_closes(panels: MarketPanels, closes: pd.DataFrame, *, built: bool) -> MarketPanels:
    universe = panels.universe.model_copy(update={"built_from_members": built})
    return replace(panels, universe=universe, sectors=replace(panels.sectors, closes=closes))


def test_every_empty_cell_of_the_past_has_a_reason(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    for day in (None, date(2023, 1, 20), date(2023, 3, 1), date(2023, 9, 29)):
        result = sector_heatmap(
            context_of(tiny_panels), signal_type="historical_performance", as_of=day
        )
        empty = {
            (row.sector, name)
            for row in result.rows
            for name in HeatmapRow.model_fields
            if name.startswith(("excess", "return", "distance", "weekly", "daily", "turnover"))
            and getattr(row, name) is None
        }
        assert {(cell.subject, cell.measure) for cell in result.missing} == empty
        assert {cell.reason for cell in result.missing} <= {"too_short"}


def test_a_young_series_is_too_short_and_one_that_stopped_has_no_data(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    closes = tiny_panels.sectors.closes.copy()
    closes.loc[closes.index[:-60], "technology"] = np.nan
    young = _reasons(_with_closes(tiny_panels, closes, built=True), context_of, "technology")
    assert set(young) == {
        "excess_3m_pct", "excess_12m_pct", "return_3m_pct", "distance_200d_pct", "weekly",
    }  # fmt: skip
    assert set(young.values()) == {"too_short"}
    closes = tiny_panels.sectors.closes.copy()
    closes.loc[closes.index[-3:], "technology"] = np.nan
    stopped = _reasons(_with_closes(tiny_panels, closes, built=True), context_of, "technology")
    assert stopped["excess_1w_pct"] == "no_data"


def test_a_sector_without_a_series_says_whose_fault_it_is(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    closes = tiny_panels.sectors.closes.copy()
    closes["technology"] = np.nan
    listed = _with_closes(tiny_panels, closes, built=False)
    assert set(_reasons(listed, context_of, "technology").values()) == {"not_listed"}
    built = _with_closes(tiny_panels, closes, built=True)
    assert set(_reasons(built, context_of, "technology").values()) == {"no_data"}
    assert tiny_panels.members is not None
    members = tiny_panels.members.rows
    banks = members[members["sector"] == "banks"].reset_index(drop=True)
    bare = replace(built, members=Table("members", banks))
    assert set(_reasons(bare, context_of, "technology").values()) == {"too_few_members"}


def test_a_thin_sector_is_one_no_weight_is_chosen_for(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    """The unpriced member counts neither on the map nor where weights are chosen."""
    assert tiny_panels.members is not None
    listed = tiny_panels.members.rows
    unpriced = listed.assign(symbol="U" + listed["symbol"], sector="technology")
    rows = pd.concat([listed, unpriced], ignore_index=True)
    panels = replace(tiny_panels, members=Table("members", rows))
    flagged = {
        row.sector
        for row in rows_of(panels, context_of).values()
        if {"few_members", "single_stock"} & set(row.flags)
    }
    weighed = {row.sector for row in scoring_inputs(context_of(panels)).covariance}
    assert (flagged, weighed) == ({"technology"}, {"banks"})


def _with_marks(panels: MarketPanels, **levels: Benchmark) -> MarketPanels:
    """Return the panels with more benchmarks, each at half the growth of the default one."""
    closes = panels.benchmark.closes
    slow = np.sqrt(closes["all"])
    benchmark = prices(closes.assign(**dict.fromkeys(levels, slow)))
    marks = (*panels.universe.benchmarks, *levels.values())
    universe = panels.universe.model_copy(update={"benchmarks": marks})
    return replace(panels, universe=universe, benchmark=benchmark)


def _mark(name: str, treatment: Treatment) -> Benchmark:
    return Benchmark(id=name, ticker="SLOW", name_en=name, name_vi=name, treatment=treatment)


def test_another_benchmark_changes_excess_and_rotation_and_carries_no_factors(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    panels = _with_marks(tiny_panels, slow=_mark("slow", "total_return"))
    plain = sector_heatmap(context_of(panels), benchmark="all")
    assert plain == sector_heatmap(context_of(panels))
    assert plain.factors
    result = sector_heatmap(context_of(panels), benchmark="slow")
    assert (result.benchmark, result.treatment, result.factors) == ("slow", "total_return", ())
    row = next(row for row in result.rows if row.sector == "banks")
    assert row.excess_1m_pct == pytest.approx(100 * (1.01**21 - 1.006**10.5))
    weekly = rotations(
        panels.sectors.closes,
        panels.benchmark.closes["slow"],
        frequency="weekly",
        as_of=panels.last,
        tail_bars=52,
    )
    assert row.weekly == weekly["banks"]


def test_a_benchmark_without_dividends_is_a_gap_that_names_those_that_work(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    panels = _with_marks(tiny_panels, slow=_mark("slow", "price"))
    result = sector_heatmap(context_of(panels), benchmark="slow")
    assert result.gap is not None
    assert (result.gap.reason, result.rows, result.factors) == ("mixed_treatment", (), ())
    assert (result.benchmark, result.treatment) == ("slow", "price")
    for language in ("en", "vi"):
        assert gap_sentence(result.gap, panels.universe, language).endswith(" all.")
    bare = replace(panels.sectors, closes=panels.sectors.closes * 0.5)
    known = sector_heatmap(context_of(replace(panels, price_sectors=bare)), benchmark="slow")
    assert known.gap is None
    assert known.treatment == "price"


def test_an_unknown_benchmark_lists_those_there_are(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    with pytest.raises(CallerError, match="no benchmark 'spy': use one of all"):
        sector_heatmap(context_of(tiny_panels), benchmark="spy")


def test_turnover_shares_are_of_all_sectors_money(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    rows = rows_of(tiny_panels, context_of)
    assert rows["banks"].turnover_share_pct == pytest.approx(60.0)
    assert rows["technology"].turnover_share_pct == pytest.approx(40.0)
    assert rows["banks"].turnover_share_change_pp == pytest.approx(0.0)


def test_funds_have_the_sector_of_their_members_beside_them(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert rows_of(tiny_panels, context_of)["banks"].member_built is None
    panels = _with_closes(tiny_panels, tiny_panels.sectors.closes * 2.0, built=False)
    rows = rows_of(panels, context_of)
    built = rows["banks"].member_built
    assert built == member_built(panels, panels.last)["banks"]
    assert built.members_count == 3
    assert built.return_3m_pct == pytest.approx(100 * (1.01**63 - 1))
    assert built.excess_1m_pct == pytest.approx(100 * (1.01**21 - 1.006**21))
    assert rows["technology"].member_built is None
