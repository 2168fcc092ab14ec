"""What a quadrant is said to mean beside what followed it in this market."""

from app.render.blocks.parts import Made, part_table, told
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, Tone
from core.records.evidence import Evidence
from core.records.rotation_statistics import ReadingRow, RotationStatisticsResult
from core.records.universe import Horizon

FALLBACK: Horizon = "1M"
TWO_DECIMALS = "index"
"""A mean excess is too small for the one decimal percentages have."""
TONES: dict[str, Tone] = {"agrees": "good", "disagrees": "bad"}


def counted(material: Material) -> tuple[Evidence, RotationStatisticsResult] | None:
    """Return the statistics the page shows: weekly ones, else the first there are."""
    found = [pair for pair in material.answers(RotationStatisticsResult) if pair[1].rows]
    weekly = [pair for pair in found if pair[1].frequency == "weekly"]
    return next(iter([*weekly, *found]), None)


def textbook_line(material: Material) -> Cell | None:
    """Return the line under the rotation map: each quadrant's saying, history and verdict.

    At the request's horizon, else a month; None without statistics.
    """
    pair = counted(material)
    if pair is None:
        return None
    evidence, result = pair
    horizons = {row.horizon for row in result.readings}
    wanted = material.report.request.horizon
    horizon = wanted if wanted in horizons else FALLBACK
    parts = [Cell(_lead(material, result, horizon) + " ", tone="soft")]
    shown = [place for place, row in enumerate(result.readings) if row.horizon == horizon]
    for number, place in enumerate(shown):
        parts += [Cell("; " if number else ""), *_reading(material, evidence, place)]
    return Cell(parts=(*parts, Cell(".")))


def textbook_table(
    material: Material, evidence: Evidence, result: RotationStatisticsResult
) -> Table:
    """Return every quadrant with its saying and, at each horizon, mean, t and verdict."""
    words, rows = material.words, result.readings
    horizons = list(dict.fromkeys(row.horizon for row in rows))
    first = [place for place, row in enumerate(rows) if row.horizon == horizons[0]]

    def at(horizon: Horizon) -> Made:
        of_quadrant = {row.quadrant: n for n, row in enumerate(rows) if row.horizon == horizon}
        return lambda place: _history(material, evidence, of_quadrant[rows[place].quadrant])

    def name(place: int) -> Cell:
        quadrant = words.label("quadrant", rows[place].quadrant)
        return Cell(quadrant.capitalize(), tone="strong")

    columns: tuple[tuple[Column, Made], ...] = (
        (Column(words.column("quadrant", "quadrant"), "left"), name),
        (Column(words.column("textbook", "textbook"), "left"),
         lambda place: told(material, evidence, "readings", place, "textbook")),
        *((Column(f"{words.column(f'history_{h.lower()}', h)}, %", "left"), at(h))
          for h in horizons),
    )  # fmt: skip
    return part_table(material, evidence, "readings", first, columns)


def textbook(material: Material) -> Block:
    """Return the line as a part of its own, empty without statistics."""
    line = textbook_line(material)
    title = material.words.label("title", "textbook")
    return Block("textbook", title, lines=() if line is None else (line,))


def _lead(material: Material, result: RotationStatisticsResult, horizon: Horizon) -> str:
    words = material.words
    return words.text(
        "textbook_lead",
        span=words.label("span", horizon.lower()),
        benchmark=words.entity(result.benchmark),
        frequency=words.label("frequency", result.frequency).lower(),
    )


def _reading(material: Material, evidence: Evidence, place: int) -> list[Cell]:
    row = _row(evidence, place)
    saying = told(material, evidence, "readings", place, "textbook")
    name = material.words.label("quadrant", row.quadrant)
    return [
        Cell(f"{name} ", tone="strong"), saying, Cell(": "),
        *_figures(material, evidence, place, counted_too=True),
    ]  # fmt: skip


def _history(material: Material, evidence: Evidence, place: int) -> Cell:
    return Cell(parts=tuple(_figures(material, evidence, place, counted_too=False)))


def _figures(
    material: Material, evidence: Evidence, place: int, *, counted_too: bool
) -> list[Cell]:
    """Return mean, t and number of observations, and the verdict in its colour."""
    row = _row(evidence, place)
    at = (material, evidence, "readings", place)
    mean = told(*at, "excess_mean_pct", signed=True, as_unit=TWO_DECIMALS)
    t, count = told(*at, "excess_t_index", signed=True), told(*at, "observations_count")
    if mean.tone == "missing":
        return [mean]
    brackets = [Cell("% (t " if counted_too else " (t "), t]
    if counted_too:
        brackets += [Cell(", n "), count]
    verdict = told(material, evidence, "readings", place, "verdict")
    toned = Cell(verdict.text, verdict.source, verdict.fact, tone=TONES.get(row.verdict, "soft"))
    return [mean, *brackets, Cell(") "), toned]


def _row(evidence: Evidence, place: int) -> ReadingRow:
    rows: tuple[ReadingRow, ...] = getattr(evidence.result, "readings", ())
    return rows[place]
