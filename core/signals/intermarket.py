"""Decides which sectors the recent moves of bonds, gold, oil, the dollar and copper favour."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.result import GapReason
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.releases import known_values
from core.signals.sensitivity import sector_weeks, trailing_slopes
from core.signals.trailing import Matrix, at, carried, lagged, ratio

WINDOW_WEEKS, LEAST_WEEKS = 52, 40
MOVE_SESSIONS = 63
STALE_DAYS = 45


@dataclass(frozen=True, slots=True)
class Asset:
    """Where a market's price is looked for: traded symbols first, then a macro series."""

    symbols: tuple[str, ...]
    series: tuple[str, ...]
    is_yield: bool = False
    """The macro series is a yield in percent: its move is a difference."""


ASSETS = {
    "intermarket_bond": Asset(("TLT", "IEF"), ("dgs10", "us10y", "bond_yield_10y"), is_yield=True),
    "intermarket_gold": Asset(("GLD", "IAU"), ("gold", "gold_price")),
    "intermarket_oil": Asset(("USO", "DBO"), ("dcoilwtico", "oilprice", "oil_price")),
    "intermarket_dollar": Asset(("UUP", "DXY"), ("dtwexbgs", "usd_index", "usdvnd", "usd_vnd")),
    "intermarket_copper": Asset(("CPER", "JJC"), ("pcoppusdm", "copper", "copper_price")),
}


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return slope on the asset's weekly move (52 weeks) times its last three months' move."""
    columns = panels.sectors.closes.columns
    weeks = sector_weeks(panels)
    frames: Frames = {}
    for name, asset in ASSETS.items():
        values = np.full((len(dates), len(columns)), np.nan)
        level = _level(panels, asset, weeks.index)
        if level is not None:
            prices, relative = level
            weekly = _move(prices[weeks.ends], 1, relative)
            slopes = trailing_slopes(weeks.returns, weekly, window=WINDOW_WEEKS, least=LEAST_WEEKS)
            move = at(_move(prices, MOVE_SESSIONS, relative), weeks.index, dates)
            values = weeks.before(slopes, dates) * move
        frames[name] = pd.DataFrame(values, index=dates, columns=columns)
    return frames


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return no_data without the asset's series."""
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    absent = _level(panels, ASSETS[factor], index) is None
    return everywhere(panels, "no_data" if absent else "too_short")


def _level(
    panels: MarketPanels, asset: Asset, index: pd.DatetimeIndex
) -> tuple[Matrix, bool] | None:
    """Return the level at the sectors' sessions, one column, and whether its moves are relative."""
    if panels.stocks is not None:
        closes = panels.stocks.closes
        for symbol in asset.symbols:
            if symbol in closes.columns:
                own = pd.DatetimeIndex(closes.index)
                return at(carried(closes[[symbol]]), own, index), True
    if panels.macro is not None:
        rows = panels.macro.rows
        slugs = rows["series"].str.lower()
        for series in asset.series:
            mine = rows[slugs == series].assign(series=series)
            if len(mine):
                known = known_values(mine, "series", [series], index, year_ago=False).fresh(
                    STALE_DAYS
                )
                return known.value, not asset.is_yield
    return None


def _move(levels: Matrix, rows: int, relative: bool) -> Matrix:
    earlier = lagged(levels, rows)
    return 100.0 * (ratio(levels, earlier) - 1.0) if relative else levels - earlier


def _spec(name: str, words: str) -> FactorSpec:
    return FactorSpec(
        id=name,
        family="intermarket",
        dataset="prices",
        formula=(
            "slope of weekly excess return on the asset's weekly move (52 weeks to the last "
            "finished one) * its move over 63 sessions"
        ),
        unit="% a week, times the ratio of moves",
        lag="none for prices; a macro series from its publication",
        nan_policy="NaN without the asset's series or under 40 weeks of both",
        source="after Murphy (1991)",
        positive=f"{words} has moved the way that suited the sector",
    )


FAMILY = FactorFamily(
    specs=(
        _spec("intermarket_bond", "the long government bond"),
        _spec("intermarket_gold", "gold"),
        _spec("intermarket_oil", "oil"),
        _spec("intermarket_dollar", "the dollar"),
        _spec("intermarket_copper", "copper"),
    ),
    history=history,
    absence=absence,
)
