"""Decides what the allocation page is given of a report: weights, contributions, its parts.

No figure is made here: weights, scores and contributions are the records', the parts are those
every form of the report has.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import Field

from app.render.blocks.changed import all_changes, changed
from app.render.blocks.limits import limits
from app.render.blocks.orders import orders
from app.render.blocks.risk import risk
from app.render.blocks.sectors import beyond
from app.render.blocks.strip import strip
from app.render.blocks.weights import weights
from app.render.blocks.why import why
from app.render.charts.palette import FAMILIES, OTHER, VIEWS, sector_colour
from app.render.material import Material, material
from app.render.view import Block, Item
from app.web.reports.kept import ReportRow
from app.web.reports.shown import EvidenceOrigin, origins
from app.web.worded import Gapped
from core.records.decision import AllocationLine, Contribution, SectorScore, Stance
from core.records.record import Fraction, Record, Slug
from core.records.report import Report
from core.records.universe import Universe

VIEW: Final = "views"


class Part(Record):
    """One factor's part of a score, in points of score; None without a value, and why."""

    factor: Slug
    name: str
    family: str = Field(description="in words")
    colour: str
    weight: float
    z: float | None
    contribution: float | None
    reason: str | None = None


class WeightedSector(Record):
    """One sector from held to target beside its benchmark weight, fractions."""

    sector: Slug
    name: str
    short: str
    colour: str
    benchmark_weight: Fraction
    held_weight: Fraction | None
    target_weight: Fraction
    stance: Stance
    stance_name: str
    rank: int | None = None
    score: float | None = None
    confidence: Fraction | None = None
    parts: tuple[Part, ...] = ()


class Beyond(Record):
    """A weight that is no sector's: cash, or what lies outside the universe."""

    name: str
    held_weight: Fraction | None
    target_weight: Fraction


class Key(Record):
    """A colour and what it stands for."""

    name: str
    colour: str


class AllocationView(Record):
    """One market's decision as its page shows it; without a report `row` is None."""

    row: ReportRow | None = None
    gap: Gapped | None = Field(default=None, description="why no report can be made")
    as_of: date | None = None
    horizon: str = ""
    held: bool = False
    none: str = Field(default="", description="why the report decides nothing")
    strip: tuple[Item, ...] = ()
    sectors: tuple[WeightedSector, ...] = Field(default=(), description="best score first")
    beyond: tuple[Beyond, ...] = ()
    keys: tuple[Key, ...] = Field(default=(), description="of the parts' colours")
    said: Block | None = None
    trades: Block | None = None
    weights: Block | None = None
    limits: Block | None = None
    risk: Block | None = None
    why: Block | None = None
    changed: Block | None = None
    changes: Block | None = None
    origins: tuple[EvidenceOrigin, ...] = ()


def allocation_view(
    report: Report, universe: Universe, row: ReportRow, universes: Mapping[str, Universe]
) -> AllocationView:
    """Return a market's decision in the report's language."""
    one = material(report, universe)
    head = AllocationView(
        row=row, as_of=one.as_of, horizon=one.words.label("span", report.request.horizon.lower()),
        strip=strip(one),
    )  # fmt: skip
    if one.allocation is None:
        return head.model_copy(update={"none": one.words.text("no_allocation")})
    said = Block("said", "", one.lines("answer", "headline"))
    reasons = why(one)
    blocks = {
        "said": said,
        "trades": orders(one),
        "weights": weights(one),
        "limits": limits(one),
        "risk": risk(one),
        "why": Block(reasons.id, reasons.title, items=reasons.items, notes=reasons.notes),
        "changed": changed(one),
        "changes": all_changes(one),
    }
    colours = _colours(one)
    return head.model_copy(
        update={
            "held": any(line.held_weight is not None for line in one.allocation.lines),
            "sectors": _sectors(one, colours),
            "beyond": _beyond(one),
            "keys": _keys(one, colours),
            "origins": origins(report, universes),
            **{name: block for name, block in blocks.items() if not block.empty},
        }
    )


def _sectors(one: Material, colours: Mapping[str, str]) -> tuple[WeightedSector, ...]:
    lines = {line.sector: line for line in (one.allocation.lines if one.allocation else ())}
    return tuple(
        _sector(one, lines[name], one.scores.get(name), colours)
        for name in one.order
        if name in lines
    )


def _sector(
    one: Material, line: AllocationLine, score: SectorScore | None, colours: Mapping[str, str]
) -> WeightedSector:
    words, ids = one.words, one.universe.sector_ids
    return WeightedSector(
        sector=line.sector,
        name=words.entity(line.sector),
        short=words.short(line.sector),
        colour=sector_colour(ids.index(line.sector)),
        benchmark_weight=line.benchmark_weight,
        held_weight=line.held_weight,
        target_weight=line.target_weight,
        stance=line.stance,
        stance_name=words.label("stance", line.stance),
        rank=score.rank if score else None,
        score=score.score if score else None,
        confidence=score.confidence if score else None,
        parts=tuple(_part(one, row, colours) for row in (score.contributions if score else ())),
    )


def _part(one: Material, row: Contribution, colours: Mapping[str, str]) -> Part:
    words = one.words
    return Part(
        factor=row.factor,
        name=words.label("factor", row.factor),
        family=words.label("family", row.family),
        colour=colours[_piece(row)],
        weight=row.weight,
        z=row.z,
        contribution=row.contribution,
        reason=words.label("reason", row.reason) if row.reason else None,
    )


def _piece(row: Contribution) -> str:
    """Return what a part is coloured as: a fitted view stands for itself, a factor for its kind."""
    return row.factor if row.family == VIEW else row.family


def _colours(one: Material) -> dict[str, str]:
    """Return each piece's colour, fitted views by their size, as the report's own picture does."""
    sizes: dict[str, float] = {}
    for score in one.scores.values():
        for row in score.contributions:
            piece = _piece(row)
            sizes[piece] = max(sizes.get(piece, 0.0), abs(row.contribution or 0.0))
    views = sorted(set(sizes) - set(FAMILIES), key=lambda piece: (-sizes[piece], piece))
    told = dict.fromkeys(views, OTHER) | dict(zip(views, VIEWS, strict=False))
    return told | {name: colour for name, colour in FAMILIES.items() if name in sizes}


def _keys(one: Material, colours: Mapping[str, str]) -> tuple[Key, ...]:
    drawn = {
        _piece(row)
        for score in one.scores.values()
        for row in score.contributions
        if row.contribution
    }
    kinds = [(piece, "family" if piece in FAMILIES else "factor") for piece in colours]
    return tuple(
        Key(name=one.words.label(kind, piece), colour=colours[piece])
        for piece, kind in kinds
        if piece in drawn
    )


def _beyond(one: Material) -> tuple[Beyond, ...]:
    return tuple(
        Beyond(
            name=one.words.label("beyond", key),
            held_weight=getattr(one.allocation, before),
            target_weight=getattr(one.allocation, after),
        )
        for key, before, after in beyond(one)
    )
