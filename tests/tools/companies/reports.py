"""The tiny market with reports of one's own."""

from dataclasses import replace

import pandas as pd

from core.panel import MarketPanels, Table

Report = tuple[str, str, str, float, str]
"""Symbol, line, period, value, day it was public."""


def with_reports(panels: MarketPanels, reports: list[Report], kind: str = "Q") -> MarketPanels:
    rows = pd.DataFrame(reports, columns=["symbol", "line", "period", "value", "known_at"])
    rows = rows.assign(
        period=pd.to_datetime(rows["period"]),
        known_at=pd.to_datetime(rows["known_at"]),
        assumed=False,
        kind=kind,
    )
    columns = ["symbol", "period", "known_at", "assumed", "kind", "line", "value"]
    table = Table("fundamentals", rows.sort_values(["known_at", "period"])[columns])
    return replace(panels, fundamentals=table)
