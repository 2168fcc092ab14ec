"""Which side of the market leads: cyclical sectors or defensive ones."""

from app.render.blocks.parts import strong, told
from app.render.material import Material
from app.render.view import Cell
from core.records.rotation_statistics import MarketWarningResult


def balance_line(material: Material) -> Cell | None:
    """Return who leads since when, its change over three months and its place in its own past."""
    words = material.words
    for evidence, result in material.answers(MarketWarningResult):
        if not result.balance:
            continue
        at = (material, evidence, "balance", 0)
        place = told(*at, "style_percentile_pct").plain
        return Cell(
            parts=(
                Cell(words.text("balance_lead") + " ", tone="soft"),
                strong(told(*at, "style_lead")),
                Cell(f" {words.text('balance_leads')} {words.text('since')} "),
                told(*at, "style_since"),
                Cell(", "), told(*at, "style_change_3m_pct", unit=True, signed=True),
                Cell(f" {words.text('in_three_months')}, "),
                Cell(words.text("percentile_of_past", n=place),
                     told(*at, "style_percentile_pct").source),
            )
        )  # fmt: skip
    return None
