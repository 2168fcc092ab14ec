"""Foreign flow of a sector in one cell, and whether it confirms a weekly leader."""

from app.render.blocks.cells import NO_BREAK
from app.render.material import Material
from app.render.view import Cell, Tone
from core.records.evidence import Evidence
from core.records.payloads import FlowResult, FlowRow, FlowState

FLOW_SESSIONS = 20
VERDICTS: dict[FlowState, tuple[str, str, Tone]] = {
    "buying": ("✓", "confirmed", "good"),
    "selling": ("✗", "contradicted", "bad"),
    "flat": ("=", "no_verdict", "soft"),
    "not_measurable": ("?", "unmeasurable", "warn"),
}
"""Mark, word and tone of what foreign flow says about a leader."""


def flow_cell(material: Material, sector: str) -> Cell:
    """Return net value, its share of trading, the streak and the mark of a weekly leader."""
    found = flow_of(material, sector)
    binder = material.binder
    if found is None:
        return _no_flow(material, sector)
    evidence, index, row = found
    path = ("rows", index)
    mark = verdict(material, sector)
    parts = [mark, Cell(NO_BREAK)] if mark else []
    parts.append(binder.at(evidence, *path, "net_bn"))
    if row.intensity_pct is not None:
        share = binder.at(evidence, *path, "intensity_pct", unit=True)
        parts += [Cell(f"{NO_BREAK}("), share, Cell(")")]
    if row.streak_sessions:
        streak = binder.at(evidence, *path, "streak_sessions", signed=True)
        parts += [Cell(f",{NO_BREAK}"), streak]
    return Cell(parts=tuple(parts))


def verdict(material: Material, sector: str) -> Cell | None:
    """Return the mark of a sector that leads on weekly bars; None for any other."""
    found, flow = material.place(sector), flow_of(material, sector)
    weekly = found[1].weekly if found else None
    if weekly is None or weekly.quadrant != "LEADING" or flow is None:
        return None
    mark, word, tone = VERDICTS[flow[2].state]
    return Cell(mark, source=f"{material.words.text(word)} · {flow[0].id}", tone=tone)


def flow_of(material: Material, sector: str) -> tuple[Evidence, int, FlowRow] | None:
    """Return the sector's foreign flow over the span nearest to twenty sessions."""
    found = [
        (evidence, index, row)
        for evidence, result in material.answers(FlowResult)
        for index, row in enumerate(result.rows)
        if row.sector == sector and row.symbol is None
    ]
    return min(found, key=lambda item: abs(item[2].sessions - FLOW_SESSIONS), default=None)


def _no_flow(material: Material, sector: str) -> Cell:
    for evidence, _ in material.answers(FlowResult):
        return material.binder.absent(evidence, sector, "net_bn")
    reason = material.gap_reason("foreign_flow")
    return material.binder.missing(reason, source=material.words.measure("net"))
