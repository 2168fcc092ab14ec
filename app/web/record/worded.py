"""Decides in which words the record page is told what was found; a verdict is the report's own."""

from datetime import date
from typing import Final

from agents.claims.track import ENOUGH_CALLS
from app.render.blocks.record import RECORD
from app.render.blocks.track import FIGURES
from app.render.blocks.verdict import verdict_text
from app.render.words import Words
from app.web.record.answers import CardAnswer, ModelAnswer, ToldCall, ToldSkill, Weight
from app.web.worded import gapped, headings, missing_said
from core.gaps import gap_sentence
from core.records.forecasting import ForecastRecordResult, WeightRow
from core.records.history import ReportCard, SettledCall
from core.records.result import Dataset, NamedGap
from core.records.sectors import Skill
from core.records.universe import Horizon
from tools.sectors.cuts import CutRecord

SHOWN: Final = 14
"""Weights listed: the rest are smaller."""
VIEWS: Final = "views"


def card_answer(
    card: ReportCard | None, words: Words, *, as_of: date, horizon: Horizon
) -> CardAnswer:
    """Return the report card with what must be known before its figures."""
    counted = 0 if card is None else card.live_count or card.settled_count
    return CardAnswer(
        universe=words.universe.id,
        as_of=as_of,
        horizon=horizon,
        card=card,
        said=_said(card, words),
        too_few=0 < counted < ENOUGH_CALLS,
        enough_count=ENOUGH_CALLS,
        headings=headings(ReportCard, FIGURES, words),
        calls=tuple(_call(row, words) for row in (card.calls if card else ())),
        worst=_call(card.worst, words) if card and card.worst else None,
    )


def model_answer(
    told: tuple[ForecastRecordResult, ...],
    cuts: tuple[CutRecord, ...],
    words: Words,
    *,
    horizon: Horizon,
    held: frozenset[Dataset],
) -> ModelAnswer:
    """Return the forecast's record.

    Args:
        told: one a horizon of the universe, the asked one among them.
        cuts: of the asked horizon.
        words: of the language and the market.
        horizon: the asked one.
        held: the data sets the store has of the market.
    """
    asked = next(row for row in told if row.horizon == horizon)
    weights = [row for row in asked.weights if asked.rows and row.cut == asked.rows[-1].cut]
    ordered = sorted(weights, key=lambda row: (row.family != VIEWS, -abs(row.weight_pct)))
    return ModelAnswer(
        universe=asked.universe,
        as_of=asked.as_of,
        horizon=horizon,
        gap=gapped(asked, words, held=held),
        said=_unfitted(asked, words),
        note=words.text("record_note"),
        skills=tuple(_skill(row, words) for answer in told for row in answer.skill),
        headings=headings(Skill, RECORD, words),
        cuts=cuts,
        last=asked.rows[-1] if asked.rows else None,
        weights=tuple(_weight(row, words) for row in ordered[:SHOWN]),
        weights_count=len(ordered),
    )


def _said(card: ReportCard | None, words: Words) -> tuple[str, ...]:
    if card is None:
        return (words.text("no_card"),)
    if card.reports_count == 0:
        return (words.text("no_track"),)
    live = (
        words.text("not_live")
        if card.live_since is None
        else words.text("live_since", day=words.day(card.live_since))
    )
    if card.settled_count == 0:
        return words.text("none_settled", n=words.measured(card.open_count, "count")), live
    basis = words.text(f"judged_{card.basis}", n=words.measured(card.live_count, "count"))
    return live, basis


def _call(row: SettledCall, words: Words) -> ToldCall:
    return ToldCall(
        **row.model_dump(),
        sector_name=words.entity(row.sector),
        stance_name=words.label("stance", row.stance),
    )


def _skill(row: Skill, words: Words) -> ToldSkill:
    return ToldSkill(
        **row.model_dump(),
        horizon_name=words.label("span", row.horizon.lower()),
        verdict=verdict_text(row, words),
    )


def _weight(row: WeightRow, words: Words) -> Weight:
    return Weight(
        factor=row.factor,
        name=words.label("factor", row.factor),
        family_name=words.label("family", row.family),
        weight_pct=row.weight_pct,
    )


def _unfitted(told: ForecastRecordResult, words: Words) -> str:
    """Return why a universe with data has no record, with the command that makes one."""
    if told.rows or not missing_said(told.missing, words):
        return ""
    gap = NamedGap(reason=told.missing[0].reason, actor="operator", dataset="model")
    return gap_sentence(gap, words.universe, words.language)
