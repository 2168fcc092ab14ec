"""The predictive heatmap: what happened beside what is expected, its colour capped by skill."""

from dataclasses import dataclass, replace
from datetime import date

from app.render.binding import Binder
from app.render.reasons import hover
from app.render.view import Cell, Column, Table
from app.render.words import Words
from core.portfolio.scoring import FULL_TRUST_T
from core.records.decision import SectorScore
from core.records.evidence import Evidence
from core.records.sectors import HeatmapResult, HeatmapRow, Skill
from core.records.universe import Horizon

PAST = ("1w", "1m", "3m", "12m")
HORIZONS: tuple[Horizon, ...] = ("1W", "1M", "3M")
SHADES = 4
FULL_SHADE_FRACTION = 0.20
PALE = 0.25
CERTAIN_T = 4.0
CLEAR_FRACTION = 0.05
SEEN_FRACTION = 0.01
"""From this far off a half, a probability has at least the palest colour of its side."""
SQUARES = 10


@dataclass(frozen=True, slots=True)
class HeatmapSource:
    """The answer the map is made from, with its evidence."""

    evidence: Evidence
    result: HeatmapResult


def has_skill(skill: Skill | None) -> bool:
    """Whether a forecast's own record is distinguishable from chance."""
    return (
        skill is not None
        and skill.ic_t_index is not None
        and skill.ic_mean_index > 0
        and skill.ic_t_index >= FULL_TRUST_T
    )


def intensity(skill: Skill | None) -> float:
    """Return the share of full colour a column may use, from pale at chance to 1 at t = 4."""
    if skill is None or not has_skill(skill) or skill.ic_t_index is None:
        return PALE
    room = (skill.ic_t_index - FULL_TRUST_T) / (CERTAIN_T - FULL_TRUST_T)
    return PALE + (1 - PALE) * min(1.0, 0.35 + 0.65 * room)


def shade(outperform_fraction: float, skill: Skill | None) -> int:
    """Return the colour step of P(outperform) - 1/2, within what the skill allows."""
    away = (outperform_fraction - 0.5) / FULL_SHADE_FRACTION
    limited = max(-1.0, min(1.0, away)) * intensity(skill)
    step = round(limited * SHADES)
    if step == 0 and abs(outperform_fraction - 0.5) >= SEEN_FRACTION:
        return 1 if limited > 0 else -1
    return step


def heatmap_table(
    source: HeatmapSource, binder: Binder, words: Words, *,
    order: list[str], scores: dict[str, SectorScore], skills: dict[Horizon, Skill],
    decided: Horizon,
) -> Table:  # fmt: skip
    """Return the map as a table, sectors in this order; every cell has its number or a reason.

    The confidence square, and the reasons on hovering, are of the horizon decided for.
    """
    position = {row.sector: index for index, row in enumerate(source.result.rows)}
    rows = []
    for sector in order:
        if sector not in position:
            continue
        index = position[sector]
        past = [binder.at(source.evidence, "rows", index, f"excess_{p}_pct") for p in PAST]
        ahead = [
            _expected(source, binder, words, index=index, horizon=h, skill=skills.get(h),
                      score=scores.get(sector), decided=decided)
            for h in HORIZONS
        ]  # fmt: skip
        rows.append((Cell(words.entity(sector), tone="strong"), *past, *ahead))
    return Table("heatmap", _columns(source.result, skills, words), tuple(rows))


def _expected(
    source: HeatmapSource, binder: Binder, words: Words, *,
    index: int, horizon: Horizon, skill: Skill | None, score: SectorScore | None,
    decided: Horizon,
) -> Cell:  # fmt: skip
    row = source.result.rows[index]
    at = expectation_index(row, horizon)
    if at is None:
        return binder.absent(source.evidence, row.sector, f"expected_{horizon.lower()}")
    path = ("rows", index, "expected", at)
    chance = row.expected[at].outperform_fraction
    cell = binder.at(source.evidence, *path, "excess_pct")
    glyph = "▲" if chance >= 0.5 + CLEAR_FRACTION else "▼" if chance <= 0.5 - CLEAR_FRACTION else ""
    likely = binder.at(source.evidence, *path, "outperform_fraction", unit=True)
    told = [cell.source, f"{words.measure('expected_outperform')} {likely.plain}"]
    if score is not None:
        sure = words.measured(score.confidence, "fraction")
        told.append(f"{words.measure('confidence')} {sure}")
    if horizon == decided and row.reasons:
        told.append(hover(row, words))
    return replace(
        cell,
        text=f"{glyph} {cell.text}".strip(),
        source=" · ".join(filter(None, told)),
        shade=shade(chance, skill),
        square=None if score is None or horizon != decided else round(score.confidence * SQUARES),
    )


def expectation_index(row: HeatmapRow, horizon: Horizon) -> int | None:
    """Return the place of the horizon's expectation in the row, None when there is none."""
    return next((i for i, e in enumerate(row.expected) if e.horizon == horizon), None)


def settles(result: HeatmapResult, horizon: Horizon) -> date | None:
    """Return the date the horizon ends."""
    return next((e.settles for r in result.rows for e in r.expected if e.horizon == horizon), None)


def _columns(
    result: HeatmapResult, skills: dict[Horizon, Skill], words: Words
) -> tuple[Column, ...]:
    happened, expected = words.text("happened"), words.text("expected")
    skilled = any(has_skill(skill) for skill in skills.values())
    if not skilled:
        expected += f" – {words.text('no_skill_at_all')}"
    columns = [Column(words.label("column", "sector"), "left")]
    columns += [Column(words.label("span", p), group=happened) for p in PAST]
    for horizon in HORIZONS:
        label = words.label("span", horizon.lower())
        end = settles(result, horizon)
        if end is not None:
            label += f" → {words.short_day(end)}"
        if skilled and not has_skill(skills.get(horizon)):
            label += f"\n({words.text('no_skill')})"
        columns.append(Column(label, "center", group=expected))
    return tuple(columns)
