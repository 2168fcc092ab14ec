"""Which sheets a report has and in which order; every universe's rows in the same sheets."""

from collections.abc import Mapping
from dataclasses import replace

from app.render.material import Material, material
from app.render.sheets import decision, found
from app.render.sheets.sheet import Field, Sheet, stacked
from core.records.report import Report
from core.records.universe import Universe

MAKERS = (
    decision.summary, decision.actions, decision.sectors, found.orders, decision.forecast,
    decision.reasons, decision.factors, found.flows, found.fundamentals, found.macro,
    found.changes, found.calls, found.missing, found.sources,
)  # fmt: skip


def sheets(report: Report, universes: Mapping[str, Universe]) -> tuple[Sheet, ...]:
    """Return the sheets that have rows, in order."""
    parts = [material(report, universes[name]) for name in report.request.universes]
    made = (stacked([(m.universe.id, maker(m)) for m in parts], _key(parts)) for maker in MAKERS)
    label = parts[0].words.label
    return tuple(
        replace(sheet, title=label("sheet", sheet.name)) for sheet in made if sheet is not None
    )


def sectors_sheet(report: Report, universes: Mapping[str, Universe]) -> Sheet:
    """Return the table of all sectors alone."""
    parts = [material(report, universes[name]) for name in report.request.universes]
    made = stacked([(m.universe.id, decision.sectors(m)) for m in parts], _key(parts))
    return made or Sheet("sectors", (), ())


def _key(parts: list[Material]) -> Field:
    return Field("universe", parts[0].words.label("column", "universe"))
