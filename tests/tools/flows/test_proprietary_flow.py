from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.panel import MarketPanels
from tools.context import ToolContext
from tools.flows.proprietary_flow import proprietary_flow

ContextOf = Callable[[MarketPanels], ToolContext]


def desks(panels: MarketPanels, change: Callable[[pd.DataFrame], None]) -> MarketPanels:
    """Return the panels with desks that buy 1 bn a stock and session, then changed."""
    assert panels.flows is not None
    nets = panels.flows.buys * 0.0 + 1.0
    change(nets)
    return replace(panels, flows=replace(panels.flows, proprietary_net=nets))


def untouched(nets: pd.DataFrame) -> None:
    del nets


def test_a_sectors_desks_are_summed_over_stocks_and_sessions_beside_foreigners(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    rows = proprietary_flow(context_of(desks(tiny_panels, untouched))).rows
    banks = rows[0]
    assert (banks.sector, banks.sessions, banks.known_sessions) == ("banks", 20, 20)
    assert (banks.net_bn, banks.traded_bn, banks.foreign_net_bn) == (60.0, 600.0, 60.0)
    assert banks.intensity_pct == pytest.approx(10.0)
    assert (banks.state, banks.streak_sessions) == ("buying", 300)
    assert [name.symbol for name in banks.top_buys] == ["B1", "B2", "B3"]
    assert rows[1].flags == ("few_members",)


def test_a_streak_turns_with_the_last_session(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    def sold(nets: pd.DataFrame) -> None:
        nets.iloc[-4:] = -2.0

    row = proprietary_flow(context_of(desks(tiny_panels, sold)), period="1W").rows[0]
    assert (row.streak_sessions, row.net_bn, row.state) == (-4, -21.0, "selling")


def test_the_answer_ends_with_the_desks_figures_and_says_when_they_are_old(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    def ended(nets: pd.DataFrame) -> None:
        nets.iloc[-10:] = float("nan")

    result = proprietary_flow(context_of(desks(tiny_panels, ended)))
    assert result.known_at == tiny_panels.sectors.closes.index[-11].date()
    assert all("stale" in row.flags for row in result.rows)


def test_a_sector_without_a_desks_figure_is_missing_rather_than_zero(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    def silent(nets: pd.DataFrame) -> None:
        nets[["T1", "T2"]] = float("nan")

    result = proprietary_flow(context_of(desks(tiny_panels, silent)))
    assert [row.sector for row in result.rows] == ["banks"]
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        ("technology", "net_bn", "not_covered")
    ]


def test_what_was_never_published_is_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    gap = proprietary_flow(context_of(tiny_panels)).gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("not_covered", "flows")
    universe = tiny_panels.universe.model_copy(update={"foreign_flow": False})
    elsewhere = replace(tiny_panels, universe=universe, flows=None)
    gap = proprietary_flow(context_of(elsewhere)).gap
    assert gap is not None
    assert gap.reason == "not_published"


def test_a_later_session_changes_nothing_of_an_earlier_answer(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    day = date(2024, 1, 10)

    def otherwise(nets: pd.DataFrame) -> None:
        nets.loc[pd.Timestamp(day) + pd.Timedelta(days=1) :] = -9.0

    first, second = (
        proprietary_flow(context_of(desks(tiny_panels, change)), as_of=day)
        for change in (untouched, otherwise)
    )
    assert first == second
