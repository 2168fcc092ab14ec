from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.files.universes import load_universes
from core.errors import CallerError
from core.panel import MarketPanels
from tools.context import ToolContext
from tools.sectors.momentum import sector_momentum
from tools.storage.models import ModelStore
from tools.storage.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]


def test_two_sectors_differ_by_half_their_distance_from_the_mean(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    strong, weak = sector_momentum(context_of(tiny_panels)).rows
    assert [(row.sector, row.rank) for row in (strong, weak)] == [("banks", 1), ("technology", 2)]
    for name, sessions in (("1w", 5), ("1m", 21), ("3m", 63), ("6m", 126)):
        half = 50.0 * (1.01**sessions - 1.0)
        assert getattr(strong, f"excess_{name}_pct") == pytest.approx(half)
        assert getattr(weak, f"excess_{name}_pct") == pytest.approx(-half)
    assert strong.momentum_12m_pct == pytest.approx(50.0 * (1.01**252 - 1.0))
    assert strong.momentum_12_1_pct == pytest.approx(50.0 * (1.01**231 - 1.0))
    assert strong.high_52w_pct == pytest.approx(0.0)


def test_the_rank_is_by_the_measure_asked_for_among_all_sectors(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    closes = tiny_panels.sectors.closes.copy()
    closes.iloc[-1, [0]] = closes.iloc[-2, [0]] * 0.9
    panels = replace(tiny_panels, sectors=replace(tiny_panels.sectors, closes=closes))
    context = context_of(panels)
    by_week = sector_momentum(context, rank_by="excess_1w").rows
    assert [(row.sector, row.rank) for row in by_week] == [("technology", 1), ("banks", 2)]
    (only,) = sector_momentum(context, rank_by="excess_1w", sector="banks").rows
    assert only.rank == 2
    by_year = sector_momentum(context, rank_by="momentum_12m").rows
    assert [row.sector for row in by_year] == ["banks", "technology"]


def test_a_measure_longer_than_the_history_is_missing_and_unranked(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_momentum(context_of(tiny_panels), as_of=date(2023, 6, 30))
    assert [row.rank for row in result.rows] == [None, None]
    assert {(cell.measure, cell.reason) for cell in result.missing} >= {
        ("momentum_12_1_pct", "too_short"),
        ("momentum_12m_pct", "too_short"),
    }
    gap = sector_momentum(context_of(tiny_panels), as_of=date(2023, 1, 4)).gap
    assert gap is not None
    assert gap.reason == "too_short"


def test_an_unknown_sector_is_a_sentence(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    with pytest.raises(CallerError, match="use 'all' or one of banks"):
        sector_momentum(context_of(tiny_panels), sector="shipping")


def test_the_differentials_of_all_sectors_sum_to_nothing(demo_home: Path) -> None:
    context = ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")
    rows = sector_momentum(context).rows
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    for name in ("excess_1w", "excess_1m", "excess_3m", "excess_6m", "momentum_12m"):
        assert sum(getattr(row, f"{name}_pct") for row in rows) == pytest.approx(0.0, abs=1e-9)
