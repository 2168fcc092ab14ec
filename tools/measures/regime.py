"""Decides how the catalogue's regime is asked for: each part from the releases it depends on."""

from dataclasses import fields, replace
from typing import Final

from core.panel import MarketPanels, PricePanel, Table
from core.records.payloads import RegimeRow
from core.signals.macro import macro_regime

PHASE_CATEGORIES: Final = ("economic_growth", "inflation")
"""What the phase, and so its beginning, is made from."""


def regime(panels: MarketPanels) -> RegimeRow | None:
    """Return `macro_regime(panels)`, in a sixth of its time.

    Sentiment reads every series, among them daily ones, but is wanted for the last session only;
    five years of phases need growth and prices alone.
    """
    if panels.macro is None:
        return None
    last = PricePanel(*(getattr(panels.sectors, f.name).iloc[-1:] for f in fields(PricePanel)))
    now = macro_regime(replace(panels, sectors=last))
    if now is None:
        return None
    rows = panels.macro.rows
    phases = Table("macro", rows[rows["category"].isin(PHASE_CATEGORIES)])
    path = macro_regime(replace(panels, macro=phases))
    return None if path is None else now.model_copy(update={"since": path.since})
