"""The regimes of an economy drawn by hand: growth and inflation change sides on known days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.errors import CallerError
from core.panel import MarketPanels, Table
from core.records.economy import RegimeResult
from core.signals.macro import macro_regime
from tools.context import ToolContext
from tools.macro.regimes import regime_now_and_before

ContextOf = Callable[[MarketPanels], ToolContext]
MONTHS = pd.date_range("2019-01-31", "2024-02-29", freq="ME").as_unit("us")
CALM = pd.Timestamp("2020-06-30")
SLUMP = pd.Timestamp("2023-08-31")


def monthly(series: str, category: str, values: np.ndarray) -> pd.DataFrame:
    """Percent, known five days after its month."""
    return pd.DataFrame(
        {
            "series": series,
            "period": MONTHS,
            "known_at": MONTHS + pd.Timedelta(days=5),
            "assumed": False,
            "value": values,
            "unit": "%",
            "category": category,
        }
    )


def economy(panels: MarketPanels, *, until: str = "2030-01-01") -> MarketPanels:
    """Growth is high until the slump, inflation always under its mean."""
    wave = np.linspace(0.0, 0.5, len(MONTHS))
    growth = np.where(MONTHS >= SLUMP, -3.0, 3.0 + wave)
    prices = np.where(MONTHS >= CALM, 2.0 - wave, 6.0)
    rows = pd.concat(
        [monthly("GDP_GROWTH", "economic_growth", growth), monthly("CPI_YOY", "inflation", prices)]
    )
    rows = rows[rows["period"] <= pd.Timestamp(until)]
    table = Table("macro", rows.sort_values(["known_at", "period", "series"], ignore_index=True))
    return replace(panels, macro=table)


def test_the_regimes_follow_each_other_without_a_hole(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = regime_now_and_before(context_of(economy(tiny_panels)), since=date(2023, 3, 1))
    assert [spell.regime for spell in result.history] == ["recovery", "contraction"]
    before, now = result.history
    assert now.entered == date(2023, 9, 5)
    assert (before.left, before.running) == (date(2023, 9, 4), False)
    assert (now.left, now.running) == (tiny_panels.last, True)
    assert before.entered == date(2023, 3, 1)
    sessions = tiny_panels.sectors.closes.loc["2023-03-01":].index
    assert before.sessions + now.sessions == len(sessions)


def test_the_regime_now_is_the_cores(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    panels = economy(tiny_panels)
    result = regime_now_and_before(context_of(panels))
    assert result.rows == (macro_regime(panels),)
    assert result.rows[0].regime == result.history[-1].regime


def test_a_stale_reading_ends_the_history_and_is_named(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = regime_now_and_before(
        context_of(economy(tiny_panels, until="2023-09-30")), since=date(2023, 3, 1)
    )
    assert result.rows == ()
    assert result.history[-1].left < tiny_panels.last
    assert not result.history[-1].running
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        ("tiny", "regime", "stale")
    ]


def test_nothing_released_later_is_seen(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    day = date(2023, 9, 1)
    whole = regime_now_and_before(context_of(economy(tiny_panels)), as_of=day)
    cut = regime_now_and_before(
        context_of(economy(tiny_panels, until="2023-07-31").until(day)), as_of=day
    )
    assert whole == cut
    assert whole.rows[0].regime == "recovery"


def reasons(result: RegimeResult) -> tuple[str, str | None]:
    assert result.gap is not None
    assert not result.rows
    assert not result.history
    return result.gap.reason, result.gap.dataset


def test_without_releases_or_without_one_side_there_is_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert reasons(regime_now_and_before(context_of(tiny_panels))) == ("no_data", "macro")
    panels = economy(tiny_panels)
    assert panels.macro is not None
    rows = panels.macro.rows
    half = Table("macro", rows[rows["category"] == "inflation"].reset_index(drop=True))
    result = regime_now_and_before(context_of(replace(panels, macro=half)))
    assert reasons(result) == ("not_covered", "macro")


def test_a_history_that_begins_after_the_date_is_refused(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    with pytest.raises(CallerError, match="is after as_of"):
        regime_now_and_before(context_of(tiny_panels), since=date(2031, 1, 1))
