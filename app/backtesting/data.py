"""Decides what a backtest runs on: a user's file of returns, or a universe's panels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.costs import load_costs
from app.data import open_store
from app.files.universes import load_universes, one_of
from app.settings import Settings
from core.backtest.costs import PAPER, flat_cost, market_cost, market_rule
from core.backtest.market import market_bars
from core.backtest.return_panel import ReturnPanel, Terms
from core.panel import MarketPanels
from core.records.backtest import Caveat
from core.records.universe import Universe
from tools.sources.demo import ensure_demo
from tools.sources.fields import plain
from tools.sources.returns import Unit, returns_file
from tools.storage.panels import market_panels

HOLDOUT = date(2019, 1, 1)
"""First day held back from choosing these models; results that saw later days say so.

Earlier parts of the project had printed records over later years.
"""

HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Ground:
    """Data to play on.

    study: what trials compete on. keys: how a user may call a sector, by slug. names: of sectors.
    holdout: first day kept back, None where nothing was. panels: of a universe, None of a file.
    """

    study: str
    title: str
    panel: ReturnPanel
    terms: Terms
    keys: Mapping[str, str]
    names: Mapping[str, str]
    caveats: tuple[Caveat, ...] = ()
    holdout: date | None = None
    panels: MarketPanels | None = None


def file_ground(path: Path, *, today: date, unit: Unit, market: str | None) -> Ground:
    """Return a file's returns as paper portfolios that trade at the shipped cost of such.

    Its study is its sectors' returns, in whatever form and beside whatever market they come.

    Raises:
        ImportRejectedError: the file holds no returns.
        CallerError: there is no such market.
    """
    read = returns_file(path, today=today, unit=unit, market=market)
    panel = ReturnPanel(read.returns, read.market)
    sectors = ReturnPanel(read.returns).sha256()
    return Ground(
        study=f"file-{sectors[:HASH_SHOWN]}",
        title=read.file,
        panel=panel,
        terms=Terms(flat_cost(paper_bps(), len(panel.sectors))),
        keys={name: name for name in panel.sectors},
        names=dict(read.titles),
    )


def paper_bps() -> float:
    """Return what a side costs where portfolios only exist on paper, in basis points."""
    rule = load_costs().markets[PAPER]
    return (rule.buy_bps + rule.sell_bps) / 2.0


def universe_ground(settings: Settings, name: str) -> Ground:
    """Return a universe's sectors as the store has them, under its costs and trading rules.

    Raises:
        UnknownUniverseError: there is no such universe.
        EmptyStoreError: it has no prices.
    """
    universe = one_of(load_universes(settings.universe_files), name)
    store = open_store(settings)
    if universe.synthetic:
        ensure_demo(store, universe)
    panels = market_panels(store, universe)
    bars, table = market_bars(panels), load_costs()
    panel = bars.panel
    tickers = [universe.sector(sector).ticker for sector in panel.sectors]
    terms = Terms(
        cost=market_cost(table, universe.id, tickers),
        fillable=bars.takes,
        settlement=market_rule(table, universe.id).sale_after_sessions,
    )
    holdout = None if universe.synthetic else HOLDOUT
    return Ground(
        study=universe.id,
        title=universe.name_en,
        panel=panel,
        terms=terms,
        keys=_keys(universe),
        names={sector.id: sector.name_en for sector in universe.sectors},
        caveats=_caveats(universe),
        holdout=holdout,
        panels=panels,
    )


def _caveats(universe: Universe) -> tuple[Caveat, ...]:
    told: tuple[tuple[Caveat, bool], ...] = (
        ("synthetic", universe.synthetic),
        ("survivorship", universe.built_from_members and not universe.synthetic),
    )
    return tuple(name for name, holds in told if holds)


def _keys(universe: Universe) -> dict[str, str]:
    """Return the sectors by slug of id, ticker, name and alias; the first to claim one has it."""
    keys: dict[str, str] = {}
    for sector in universe.sectors:
        for word in (sector.id, sector.ticker, sector.name_en, sector.name_vi, *sector.aliases):
            keys.setdefault(plain(word), sector.id)
    return keys
