"""What argues for a line, what against it, and what would reverse it; from contributions only."""

from app.render.material import Material
from app.render.view import Cell
from core.records.decision import AllocationLine, Contribution

ARGUMENTS = 2
SMALLEST_PRINTED = 0.005
"""Half of the last printed decimal of a contribution."""


def for_and_against(material: Material, line: AllocationLine) -> tuple[Cell, Cell]:
    """Return the strongest contributions on the line's side and on the other."""
    more = raises(line)
    return (
        _arguments(material, line.sector, raising=more),
        _arguments(material, line.sector, raising=not more),
    )


def raises(line: AllocationLine) -> bool:
    """Whether the line asks for more: than is held where that changes, else than the benchmark."""
    start = line.benchmark_weight if line.held_weight is None else line.held_weight
    if start == line.target_weight:
        start = line.benchmark_weight
    return line.target_weight > start


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
    said = words.text("faded_one") if count == 1 else words.text("faded", n=str(count))
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
    score = material.scores.get(sector)
    found = _strongest(score.contributions if score else (), raising=raising)
    if not found:
        return Cell(material.words.text("no_argument"), tone="soft")
    parts: list[Cell] = []
    for place, part in found:
        name = material.words.label("factor", part.factor)
        family = f"{part.factor} · {material.words.label('family', part.family)}"
        value = material.scored(sector, "contributions", place, "contribution")
        parts += [Cell("; ")] if parts else []
        parts += [Cell(f"{name}\N{NO-BREAK SPACE}", family), value]
    return Cell(parts=tuple(parts))


def _strongest(
    contributions: tuple[Contribution, ...], *, raising: bool
) -> list[tuple[int, Contribution]]:
    sided = [
        (abs(part.contribution), place, part)
        for place, part in enumerate(contributions)
        if part.contribution and (part.contribution > 0) == raising
    ]
    ranked = sorted(sided, key=lambda item: (-item[0], item[1]))[:ARGUMENTS]
    printed = [item for item in ranked if item[0] >= SMALLEST_PRINTED] or ranked[:1]
    return [(place, part) for _, place, part in printed]
