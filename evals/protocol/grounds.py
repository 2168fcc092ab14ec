"""Decides what the protocol is played on: four markets, each with its decisions and its costs."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb

from app.backtesting.data import HOLDOUT, Ground, file_ground, universe_ground
from app.settings import Settings
from core.forecast.dataset import DecisionSet, decision_set, monthly_decision_set
from core.panel import MarketPanels
from core.records.backtest import Rebalance
from core.signals.membership import members_at_end

FRENCH: Final = "B_french_industry_monthly.parquet"
UNIVERSES: Final = ("us", "world", "vn")


@dataclass(frozen=True, slots=True)
class Market:
    """One market up to the last day that may be seen.

    rebalance: of models, whose decisions are as often; baselines by momentum move monthly.
    """

    name: str
    ground: Ground
    decisions: DecisionSet
    cost: float
    rebalance: Rebalance
    lag_bars: int


def markets(home: Path, shared: Path, *, until: date, names: tuple[str, ...]) -> Iterator[Market]:
    """Yield the markets asked for, cut off at the day.

    Args:
        home: holds the imported universes.
        shared: the folder of the raw files.
        until: nothing later is read into a market.
        names: of french30 and the universes.
    """
    for name in names:
        yield _french(shared, until) if name == "french30" else _universe(home, name, until)


def _french(shared: Path, until: date) -> Market:
    query = (
        "select date, industry, vw / 100.0 as value from read_parquet(?) "
        "where scheme = 30 and date <= ? order by date, industry"
    )
    rows = duckdb.execute(query, [str(shared / FRENCH), until]).df()
    table = rows.pivot(index="date", columns="industry", values="value")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "french30.csv"
        table.to_csv(path)
        ground = file_ground(path, today=datetime.now(UTC).date(), unit="fraction", market=None)
    return Market(
        name="french30",
        ground=replace(ground, study="french30", holdout=HOLDOUT),
        decisions=monthly_decision_set(ground.panel.returns),
        cost=float(ground.terms.cost.buy.mean()),
        rebalance="monthly",
        lag_bars=0,
    )


def _universe(home: Path, name: str, until: date) -> Market:
    ground = universe_ground(Settings(home=home), name)
    if ground.panels is None:
        raise ValueError(f"{name}: a universe without panels")
    panels = ground.panels.until(until)
    kept = [sector for sector in ground.panel.sectors if sector in _weighable(panels)]
    places = [ground.panel.sectors.index(sector) for sector in kept]
    panel, terms = ground.panel.until(until), ground.terms
    cost = replace(terms.cost, buy=terms.cost.buy[places], sell=terms.cost.sell[places])
    fillable = None
    if terms.fillable is not None:
        fillable = replace(
            terms.fillable,
            buys=terms.fillable.buys[:, places],
            sells=terms.fillable.sells[:, places],
        )
    stale = None if panel.stale is None else panel.stale[kept]
    terms = replace(terms, cost=cost, fillable=fillable).until(len(panel.dates))
    return Market(
        name=name,
        ground=replace(
            ground,
            panel=replace(panel, returns=panel.returns[kept], stale=stale),
            terms=terms,
            panels=panels,
        ),
        decisions=decision_set(panels),
        cost=float((cost.buy.mean() + cost.sell.mean()) / 2.0),
        rebalance="weekly",
        lag_bars=1,
    )


def _weighable(panels: MarketPanels) -> set[str]:
    """Return the sectors a weight may be chosen for: those with the members it takes."""
    universe = panels.universe
    if not universe.built_from_members:
        return set(universe.sector_ids)
    counts = members_at_end(panels)
    return {sector for sector in universe.sector_ids if counts[sector] >= universe.min_members}
