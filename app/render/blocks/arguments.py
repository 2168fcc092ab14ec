"""What argues for a line, what against it, and what would reverse it; from contributions only.

A fitted view argues by the features it rests on where it can tell them.
"""

from dataclasses import dataclass

from agents.claims.decision import tells
from app.render.blocks.reasons import reason_parts
from app.render.material import Material
from app.render.reasons import sided
from app.render.view import Cell
from core.portfolio.precedence import active_weight
from core.records.decision import AllocationLine, Contribution

ARGUMENTS = 2
SMALLEST_PRINTED = 0.005
"""Half of the last printed decimal of a contribution."""


@dataclass(frozen=True, slots=True)
class _Argument:
    """A contribution of the scorecard, or a reason of its views; `size` in points of score."""

    size: float
    place: int
    factor: Contribution | None = None


def for_and_against(material: Material, line: AllocationLine) -> tuple[Cell, Cell]:
    """Return the strongest contributions on the line's side and on the other."""
    more = raises(line)
    return (
        _arguments(material, line.sector, raising=more),
        _arguments(material, line.sector, raising=not more),
    )


def raises(line: AllocationLine) -> bool:
    """Whether the line asks for more than the benchmark; at its weight, for more than is held."""
    away = active_weight(line)
    if away == 0.0 and line.held_weight is not None:
        away = line.target_weight - line.held_weight
    return away > 0.0


def reversal(material: Material, line: AllocationLine) -> Cell:
    """Return how many of the strongest arguments must fade for the score to change sign."""
    words, score = material.words, material.scores.get(line.sector)
    if score is None or score.score is None:
        return Cell(words.text("no_argument"), tone="soft")
    more = raises(line)
    now = material.scored(line.sector, "score")
    if (score.score > 0) != more:
        key = "already_below" if more else "already_above"
        return Cell(parts=(Cell(words.text(key) + " ("), now, Cell(")")))
    count = fading(score.contributions, raising=more)
    if count is None:
        return Cell(words.text("no_reversal"), tone="soft")
    key = "reverses_below" if more else "reverses_above"
    source = f"{words.label('formula', 'count')} · {now.source}"
    backing = sum(
        (part.contribution or 0.0) * (1 if more else -1) > 0 for part in score.contributions
    )
    many = words.text("faded", n=str(count), all=str(backing))
    said = words.text("faded_one") if count == 1 else many
    faded = Cell(said, source=source)
    return Cell(parts=(Cell(words.text(key) + " ", now.source), now, Cell(": "), faded))


def fading(contributions: tuple[Contribution, ...], *, raising: bool) -> int | None:
    """Return the fewest supporting contributions whose loss changes the sum's sign."""
    sign = 1.0 if raising else -1.0
    parts = [sign * c.contribution for c in contributions if c.contribution is not None]
    left = sum(parts)
    for count, part in enumerate(sorted((p for p in parts if p > 0), reverse=True), start=1):
        left -= part
        if left <= 0:
            return count
    return None


def _arguments(material: Material, sector: str, *, raising: bool) -> Cell:
    found = _strongest(material, sector, raising=raising)
    if not found:
        return Cell(material.words.text("no_argument"), tone="soft")
    parts: list[Cell] = []
    for argument in found:
        parts += [Cell("; ")] if parts else []
        parts += _named(material, sector, argument)
    return Cell(parts=tuple(parts))


def _named(material: Material, sector: str, argument: _Argument) -> tuple[Cell, ...]:
    """Return an argument's name and its number."""
    part, words, heatmap = argument.factor, material.words, material.heatmap
    placed = material.heatmap_row(sector)
    if part is not None:
        name = words.label("factor", part.factor)
        family = f"{part.factor} · {words.label('family', part.family)}"
        value = material.scored(sector, "contributions", argument.place, "contribution")
        return Cell(f"{name}\N{NO-BREAK SPACE}", family), value
    if placed is None or heatmap is None:
        return ()
    return reason_parts(material, heatmap.evidence, *placed, argument.place)


def _strongest(material: Material, sector: str, *, raising: bool) -> list[_Argument]:
    """Return the largest arguments of a side; features stand in for the views that tell them."""
    placed, score = material.heatmap_row(sector), material.scores.get(sector)
    reasons = placed[1].reasons if placed else ()
    found = [
        _Argument(abs(part.contribution), place, part)
        for place, part in enumerate(score.contributions if score else ())
        if part.contribution
        and (part.contribution > 0) == raising
        and not (reasons and tells(part))
    ]
    if placed is not None and score is not None:
        told = sided(placed[1], raising=raising)
        found += [_Argument(abs(reason.contribution_pct), place) for place, reason in told]
    ranked = sorted(found, key=lambda a: (-a.size, a.factor is None, a.place))[:ARGUMENTS]
    return [argument for argument in ranked if argument.size >= SMALLEST_PRINTED] or ranked[:1]
