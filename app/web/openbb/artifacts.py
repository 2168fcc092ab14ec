"""Decides what beside words an answer brings to the workspace: scores, weights and sources."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from app.render.material import Material, material
from app.render.sheets.decision import sectors
from app.render.sheets.sheet import Sheet, Value
from app.render.words import Words
from app.web.openbb.wire import Artifact, BarChart, Cell, Citation, Citations, SourceInfo
from app.web.pages.page import words
from core.records.evidence import Evidence
from core.records.report import Report
from core.records.universe import Universe

SPACE: Final = UUID("6f1f4c1e-6f3c-5d52-9a2e-6a1f2f2b7c11")
"""Of the ids of what our answers bring; an answer told again brings the same."""
SCORES: Final = (
    "name", "rank", "score", "confidence", "weekly_quadrant", "excess_1m_pct", "excess_pct",
    "stance", "benchmark_weight", "target_weight",
)  # fmt: skip
WEIGHTS: Final = ("name", "benchmark_weight", "target_weight")


def artifacts(report: Report, universes: Mapping[str, Universe], run: str) -> Iterator[Artifact]:
    """Yield a table of scores and a chart of weights for every market that has them."""
    for name in report.request.universes:
        made = material(report, universes[name])
        if made.card is None:
            continue
        sheet = sectors(made)
        yield Artifact(
            type="table",
            **_named(made, "scores", made.words.label("title", "sectors"), run),
            content=_rows(sheet, SCORES),
        )
        if made.allocation is not None:
            yield _weights(made, sheet, run)


def citations(report: Report, universes: Mapping[str, Universe], run: str) -> Citations:
    """Return the answers of tools that the report rests on."""
    language = report.request.language
    return Citations(
        citations=tuple(
            _citation(item, Words(language, universes[item.result.universe]), run)
            for item in report.evidence
        )
    )


def _weights(made: Material, sheet: Sheet, run: str) -> Artifact:
    headings = {field.name: field.heading for field in sheet.fields}
    name, *weights = (headings[key] for key in WEIGHTS)
    return Artifact(
        type="chart",
        **_named(made, "weights", made.words.label("title", "weights"), run),
        content=_rows(sheet, WEIGHTS),
        chart_params=BarChart(xKey=name, yKey=tuple(weights)),
    )


def _named(made: Material, key: str, title: str, run: str) -> dict[str, str]:
    """Return an artifact's name, description and id."""
    market = made.words.entity(made.universe.id)
    said = words("clients", made.words.language)["artifact"].format(market=market, title=title)
    told = f"{said}, {made.words.day(made.as_of)}"
    return {"name": said, "description": told, "uuid": str(uuid5(SPACE, f"{run} {key} {market}"))}


def _rows(sheet: Sheet, names: tuple[str, ...]) -> tuple[dict[str, Cell], ...]:
    chosen = [
        (number, field.heading)
        for name in names
        for number, field in enumerate(sheet.fields)
        if field.name == name
    ]
    return tuple({head: _cell(row[at]) for at, head in chosen} for row in sheet.rows)


def _cell(value: Value) -> Cell:
    return value.isoformat() if isinstance(value, date) else value


def _citation(item: Evidence, said: Words, run: str) -> Citation:
    market = said.entity(item.result.universe)
    source = SourceInfo(
        name=said.label("tool", item.tool),
        description=market,
        metadata={"input_args": item.arguments.model_dump(mode="json", exclude_none=True)},
    )
    detail: dict[str, Cell] = {
        said.label("strip", "universe"): market,
        said.label("strip", "as_of"): item.result.as_of.isoformat(),
        "sha256": item.sha256,
    }
    return Citation(id=str(uuid5(SPACE, f"{run} {item.id}")), source_info=source, details=(detail,))
