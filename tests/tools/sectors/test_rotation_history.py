from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from core.errors import CallerError
from core.panel import MarketPanels
from core.rotation.spells import rotation_tales
from tests.core.market import Spec, market
from tools.context import ToolContext
from tools.sectors.rotation_history import POINTS_MAX, rotation_history

ContextOf = Callable[[MarketPanels], ToolContext]
SINCE, DAY = date(2023, 11, 1), date(2024, 2, 20)


def test_it_tells_the_cores_stays_and_paths(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = rotation_history(context_of(tiny_panels), since=SINCE, as_of=DAY)
    tales = rotation_tales(
        tiny_panels.sectors.closes,
        tiny_panels.benchmark.closes["all"],
        frequency="weekly",
        since=SINCE,
        as_of=DAY,
    )
    assert (result.since, result.as_of, result.frequency) == (SINCE, DAY, "weekly")
    assert (result.benchmark, result.treatment) == ("all", "total_return")
    assert result.rows == tuple(spell for tale in tales.values() for spell in tale.spells)
    assert {path.sector: path.tail for path in result.paths} == {
        sector: tale.path for sector, tale in tales.items()
    }
    assert [path.ticker for path in result.paths] == ["BNK", "TEC"]


def test_one_sector_is_told_alone_by_any_of_its_names(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = rotation_history(context_of(tiny_panels), sector="financials", since=SINCE, as_of=DAY)
    assert {row.sector for row in result.rows} == {"banks"}


def test_without_a_first_day_it_is_half_a_year_of_weeks(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = rotation_history(context_of(tiny_panels), as_of=DAY)
    assert result.since == DAY - timedelta(days=182)
    assert all(path.tail[0].period >= result.since for path in result.paths)


def test_a_sector_without_a_quadrant_says_why(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    early = rotation_history(context_of(tiny_panels), as_of=date(2023, 5, 31))
    assert (early.rows, early.paths) == ((), ())
    assert {(cell.subject, cell.measure, cell.reason) for cell in early.missing} == {
        (sector, "rotation", "too_short") for sector in ("banks", "technology")
    }
    closes = tiny_panels.sectors.closes.assign(technology=np.nan)
    panels = replace(tiny_panels, sectors=replace(tiny_panels.sectors, closes=closes))
    result = rotation_history(context_of(panels), since=SINCE, as_of=DAY)
    assert [(cell.subject, cell.reason) for cell in result.missing] == [("technology", "no_data")]
    assert {row.sector for row in result.rows} == {"banks"}


def test_what_cannot_be_told_is_refused_in_a_sentence(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    with pytest.raises(CallerError, match="is after as_of"):
        rotation_history(context, since=DAY, as_of=SINCE)
    with pytest.raises(CallerError, match="daily, weekly or monthly"):
        rotation_history(context, frequency="15min")
    with pytest.raises(CallerError, match="no benchmark 'spy': use one of all"):
        rotation_history(context, benchmark="spy")
    with pytest.raises(CallerError, match="no sector 'steel'"):
        rotation_history(context, sector="steel")


def test_more_bars_than_an_answer_may_hold_are_refused(context_of: ContextOf) -> None:
    panels = market(Spec(gap_share=0.0))
    with pytest.raises(CallerError, match=f"{POINTS_MAX} are the most.*name one sector"):
        rotation_history(context_of(panels), since=date(2019, 1, 2), frequency="daily")
    alone = rotation_history(
        context_of(panels), sector="banks", since=date(2019, 1, 2), frequency="daily"
    )
    assert len(alone.paths[0].tail) == len(panels.sectors.closes) - 37


def test_a_store_without_prices_is_a_named_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = rotation_history(context_of(tiny_panels), as_of=date(2010, 1, 4))
    assert result.gap is not None
    assert result.gap.reason == "before_data"
    assert (result.rows, result.benchmark) == ((), "all")
