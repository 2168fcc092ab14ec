"""Decides what a sector did by its member stocks, beside the fund that carries its name.

The funds cap single holdings, so a fund is not its sector. None of it enters a score.
"""

from dataclasses import fields
from datetime import date
from typing import Final

from core.markets.basket import LIQUIDITY_SESSIONS, sector_baskets
from core.panel import MarketPanels, PricePanel
from core.price_measures import MONTH, QUARTER, WEEK, returns_pct
from core.records.sectors import MemberBuilt
from core.rotation.quadrants import rotations
from core.signals.membership import members_at_end
from tools.measures.common import number

WARM_UP_WEEKS: Final = 38
"""Weekly bars the first quadrant needs (`core.rotation.rrg`)."""
REACH_SESSIONS: Final = (WARM_UP_WEEKS + 1) * WEEK + 2 * LIQUIDITY_SESSIONS
"""Sessions looked at: the weeks, the running one, and what the first weights are made from."""


def member_built(panels: MarketPanels, as_of: date) -> dict[str, MemberBuilt]:
    """Return the basket of each sector's member stocks at the panels' end, by sector id.

    Weights are by liquidity, known the day before (`core.markets.basket`); excess and quadrant are
    against the basket of all members. Sectors with fewer priced members than the universe wants
    are left out; empty where the sectors are such baskets themselves, or without members or prices.
    """
    universe = panels.universe
    if universe.built_from_members or panels.stocks is None or panels.members is None:
        return {}
    counts = members_at_end(panels)
    enough = [name for name in universe.sector_ids if counts[name] >= universe.min_members]
    if not enough:
        return {}
    symbols = panels.stocks.closes.columns
    held = symbols[symbols.isin(panels.members.rows["symbol"])]
    recent = PricePanel(
        *(getattr(panels.stocks, f.name)[held].iloc[-REACH_SESSIONS:] for f in fields(PricePanel))
    )
    baskets = sector_baskets(recent, panels.members, universe)
    closes, whole = baskets.sectors.closes[enough], baskets.benchmark.closes.iloc[:, :1]
    placed = rotations(closes, whole.iloc[:, 0], frequency="weekly", as_of=as_of, tail_bars=1)
    quarter = returns_pct(closes, QUARTER)
    excess_1m = returns_pct(closes, MONTH) - returns_pct(whole, MONTH).iloc[0]
    excess_3m = quarter - returns_pct(whole, QUARTER).iloc[0]
    return {
        name: MemberBuilt(
            members_count=counts[name],
            return_3m_pct=number(quarter[name]),
            excess_1m_pct=number(excess_1m[name]),
            excess_3m_pct=number(excess_3m[name]),
            quadrant=None if (spot := placed[name]) is None else spot.quadrant,
        )
        for name in enough
    }
