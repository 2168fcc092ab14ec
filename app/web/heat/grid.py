"""Decides what a heatmap's cells hold: figures of the tools, shades capped by measured skill."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.journals.journal import Journal
from app.render.binding import why_missing
from app.render.blocks.verdict import verdict_text
from app.render.charts.heatmap import (
    CLEAR_FRACTION,
    PAST,
    expectation_index,
    has_skill,
    intensity,
    settles,
    shade,
)
from app.render.reasons import printed, sided
from app.render.words import Words
from app.web.asked import Asked, held_of, market_of, words_of
from app.web.heat.records import (
    ExpectedCell,
    HeatGrid,
    HeatHorizon,
    HeatRow,
    PastCell,
    ReasonSaid,
    Span,
)
from app.web.house import House
from app.web.pages.page import words as page_words
from app.web.worded import gapped, labelled
from core.errors import DataError
from core.records.decision import SectorScore
from core.records.history import CallsMade
from core.records.request import Language
from core.records.sectors import Expectation, HeatmapResult, HeatmapRow, Skill
from core.records.universe import Horizon
from tools.decisions.sector_scores import sector_scores
from tools.sectors.heatmap import sector_heatmap

FOR, AGAINST = 3, 2
"""Reasons shown on each side."""
PERCENT: Final = 100.0
PAGE, OWN = "heat", "heat_"
"""Page whose words label the picture, and how those of the picture begin."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a grid is made from; scores by sector, records by horizon.

    said: what the last report expected, by sector and horizon; `since` its date, None without one.
    """

    result: HeatmapResult
    words: Words
    scores: Mapping[str, SectorScore]
    skills: Mapping[Horizon, Skill]
    said: Mapping[tuple[str, Horizon], Expectation]
    since: date | None


def heat_grid(house: House, asked: Asked, horizon: Horizon) -> HeatGrid:
    """Return the predictive heatmap of a market at a date.

    Raises:
        UnknownUniverseError: there is no such universe.
        CallerError: no such benchmark, or a date yet to come.
    """
    universe = market_of(house, asked)
    found = found_of(house, asked, horizon)
    result, words = found.result, found.words
    return HeatGrid(
        universe=universe.id,
        as_of=result.as_of,
        known_at=result.known_at,
        synthetic=result.synthetic,
        benchmark=result.benchmark,
        benchmark_name=words.entity(result.benchmark),
        treatment=result.treatment,
        horizon=horizon,
        since=found.since,
        gap=gapped(result, words, held=held_of(house, universe)),
        spans=tuple(Span(id=name, label=words.label("span", name)) for name in PAST),
        horizons=tuple(heat_horizon(found, name) for name in universe.horizons),
        rows=tuple(heat_row(found, row) for row in _ordered(found)),
        words=_labels(asked.language),
    )


def found_of(house: House, asked: Asked, horizon: Horizon) -> Found:
    """Return the tools' answers a grid is made from."""
    universe = market_of(house, asked)
    result = sector_heatmap(
        house.tools, region=universe.id, horizon=horizon, as_of=asked.as_of,
        benchmark=asked.benchmark,
    )  # fmt: skip
    scores = sector_scores(
        house.tools, region=universe.id, horizon=horizon, as_of=result.as_of
    ).scores
    made = _last_calls(house, universe.id, result.as_of)
    return Found(
        result=result,
        words=words_of(universe, asked),
        scores={score.sector: score for score in scores},
        skills={skill.horizon: skill for skill in result.skill},
        said=_said(made),
        since=None if made is None else made.as_of,
    )


def heat_row(found: Found, row: HeatmapRow) -> HeatRow:
    """Return one sector's row."""
    score, words = found.scores.get(row.sector), found.words
    return HeatRow(
        sector=row.sector,
        ticker=row.ticker,
        name=words.entity(row.sector),
        rank=score.rank if score else None,
        score=score.score if score else None,
        confidence=score.confidence if score else None,
        weekly=row.weekly.quadrant if row.weekly else None,
        daily=row.daily.quadrant if row.daily else None,
        past=tuple(_past(found, row, name) for name in PAST),
        expected=tuple(expected_cell(found, row, name) for name in words.universe.horizons),
        reasons_for=_reasons(row, words, raising=True)[:FOR],
        reasons_against=_reasons(row, words, raising=False)[:AGAINST],
        flags=labelled("flag", row.flags, words),
    )


def expected_cell(found: Found, row: HeatmapRow, horizon: Horizon) -> ExpectedCell:
    """Return the cell of one sector and horizon; without a forecast, why there is none."""
    at = expectation_index(row, horizon)
    if at is None:
        return ExpectedCell(
            horizon=horizon, excess_pct=None, low_pct=None, high_pct=None,
            outperform_fraction=None, lean=0, shade=0, moved_pp=None,
            reason=_why(found, row.sector, f"expected_{horizon.lower()}"),
        )  # fmt: skip
    one = row.expected[at]
    away = one.outperform_fraction - 0.5
    return ExpectedCell(
        horizon=horizon,
        excess_pct=one.excess_pct,
        low_pct=one.low_pct,
        high_pct=one.high_pct,
        outperform_fraction=one.outperform_fraction,
        lean=0 if abs(away) < CLEAR_FRACTION else 1 if away > 0 else -1,
        shade=shade(one.outperform_fraction, found.skills.get(horizon)),
        moved_pp=_moved_pp(one, found.said.get((row.sector, horizon))),
        reason=None,
    )


def _labels(language: Language) -> dict[str, str]:
    """Return the picture's own labels: other pages show it too."""
    every = page_words(PAGE, language)
    return {key: text for key, text in every.items() if key.startswith(OWN)}


def _moved_pp(now: Expectation, before: Expectation | None) -> float | None:
    """Return the probability's change where it is one to look at."""
    if before is None:
        return None
    change = now.outperform_fraction - before.outperform_fraction
    return PERCENT * change if abs(change) >= CLEAR_FRACTION else None


def heat_horizon(found: Found, horizon: Horizon) -> HeatHorizon:
    """Return the column of a horizon, with the record that caps its colour."""
    skill, words = found.skills.get(horizon), found.words
    return HeatHorizon(
        horizon=horizon,
        label=words.label("span", horizon.lower()),
        settles=settles(found.result, horizon),
        record=skill,
        verdict=None if skill is None else verdict_text(skill, words),
        skilled=has_skill(skill),
        intensity_fraction=intensity(skill),
    )


def _past(found: Found, row: HeatmapRow, span: str) -> PastCell:
    measure = f"excess_{span}_pct"
    value: float | None = getattr(row, measure)
    reason = None if value is not None else _why(found, row.sector, measure)
    return PastCell(span=span, excess_pct=value, reason=reason)


def _why(found: Found, sector: str, measure: str) -> str:
    reason = why_missing(found.result, sector, measure)
    return found.words.label("reason", reason or "not_stated")


def _reasons(row: HeatmapRow, words: Words, *, raising: bool) -> tuple[ReasonSaid, ...]:
    return tuple(
        ReasonSaid(
            feature=reason.feature,
            label=words.label("factor", reason.feature),
            contribution=reason.contribution_pct,
        )
        for _, reason in printed(sided(row, raising=raising))
    )


def _ordered(found: Found) -> list[HeatmapRow]:
    """Return the rows best score first, those without one last, in the universe's order."""
    last = len(found.result.rows) + 1

    def place(row: HeatmapRow) -> int:
        score = found.scores.get(row.sector)
        return last if score is None or score.rank is None else score.rank

    return sorted(found.result.rows, key=place)


def _last_calls(house: House, universe: str, as_of: date) -> CallsMade | None:
    """Return what the last report before the date said, None where the log cannot tell."""
    try:
        journal = Journal(house.settings.database)
        try:
            logged = [row for row in journal.calls(universe) if row.made.as_of < as_of]
        finally:
            journal.close()
    except DataError:
        return None
    return max(logged, key=lambda row: (row.made.as_of, row.seq)).made if logged else None


def _said(made: CallsMade | None) -> dict[tuple[str, Horizon], Expectation]:
    calls = () if made is None else made.calls
    return {(call.sector, one.horizon): one for call in calls for one in call.expected}
