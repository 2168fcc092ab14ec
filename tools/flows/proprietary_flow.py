"""Decides what get_proprietary_flow prints: what securities firms' own desks bought and sold.

Their figures may begin and end on other days than foreigners'; each answer ends with theirs.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from core.panel import FlowPanel, MarketPanels
from core.records.investors import ProprietaryResult, ProprietaryRow
from core.records.plan import Period
from core.records.result import Flag
from tools.context import ToolContext
from tools.flows.baskets import (
    STALE,
    Basket,
    flow_state,
    last_session,
    sector_baskets,
    top_buys,
    top_sells,
)
from tools.measures.common import SESSIONS_OF_PERIOD, exact_total, thin_flags
from tools.measures.flow_readings import known_total, share_pct, streak
from tools.scope import uncovered

TOOL: Final = "get_proprietary_flow"


def proprietary_flow(
    context: ToolContext,
    *,
    sector: str | None = None,
    period: Period = "1M",
    region: str | None = None,
    as_of: date | None = None,
) -> ProprietaryResult:
    """Return the desks' trading in each sector asked for.

    Raises:
        CallerError: the universe has no such sector.
    """
    scope = context.scope(region, as_of)
    sectors = scope.sectors(sector)
    if not scope.universe.foreign_flow:
        return ProprietaryResult(**scope.absent(TOOL, "not_published"))
    if scope.panels is None:
        return ProprietaryResult(**scope.envelope(TOOL))
    if scope.panels.flows is None:
        return ProprietaryResult(**scope.absent(TOOL, "no_data", "flows"))
    flows = _of_desks(scope.panels.flows)
    if flows is None:
        return ProprietaryResult(**scope.absent(TOOL, "not_covered", "flows"))
    known = flows.proprietary_net.iloc[-SESSIONS_OF_PERIOD[period] :].notna().any()
    baskets = sector_baskets(scope.panels, set(known.index[known]), sectors)
    if not baskets:
        return ProprietaryResult(**scope.absent(TOOL, "not_covered", "flows"))
    view = _View(scope.panels, flows, SESSIONS_OF_PERIOD[period])
    rows = tuple(view.row(basket) for basket in baskets)
    seen = {row.sector for row in rows}
    return ProprietaryResult(
        **scope.envelope(TOOL, ("flows", "prices", "members"), known_at=last_session(flows)),
        rows=rows,
        missing=uncovered([one.id for one in sectors if one.id not in seen], "net_bn"),
    )


def _of_desks(flows: FlowPanel) -> FlowPanel | None:
    """Return the flows up to the last session with a desk's figure, None without any."""
    told = flows.proprietary_net.notna().any(axis=1)
    if not told.any():
        return None
    last: pd.Timestamp = told.index[told][-1]
    return flows.until(last.date())


@dataclass(frozen=True, slots=True)
class _View:
    panels: MarketPanels
    flows: FlowPanel
    n_sessions: int

    def row(self, basket: Basket) -> ProprietaryRow:
        """Return the figures of one sector's stocks together."""
        names, flows = basket.symbols, self.flows
        net = flows.proprietary_net[names]
        window, traded = self._recent(net), self._recent(flows.traded[names])
        intensity = share_pct(window, traded)
        by_name = window.sum(min_count=1).dropna()
        return ProprietaryRow(
            sector=basket.sector,
            period=last_session(flows),
            sessions=len(window),
            known_sessions=int(window.notna().any(axis=1).sum()),
            net_bn=exact_total(window),
            traded_bn=known_total(traded),
            intensity_pct=intensity,
            streak_sessions=streak(net),
            foreign_net_bn=known_total(self._recent(flows.buys[names] - flows.sells[names])),
            state=flow_state(intensity, censored=False),
            top_buys=top_buys(by_name),
            top_sells=top_sells(by_name),
            flags=self._flags(basket),
        )

    def _recent(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame.iloc[-self.n_sessions :]

    def _flags(self, basket: Basket) -> tuple[Flag, ...]:
        thin = thin_flags(len(basket.symbols), self.panels.universe)
        stale = self.panels.last - last_session(self.flows) > STALE
        return (*thin, "stale") if stale else thin
