"""How much of it luck explains: the lamp's verdict, and one plain sentence for each figure."""

from collections.abc import Sequence
from typing import Literal

from app.render.tear.series import EQUAL_WEIGHT
from app.render.tear.words import TearWords
from app.render.view import Block, Cell, Column, Table, Tone
from core.records.backtest import Against, BacktestResult, Chance, ChanceMeasure, Performance

Verdict = Literal["behind", "short", "one_trial", "luck", "skill"]

CERTAIN = 0.95
LIKELY_LUCK = 0.05
HALF = 0.5
INTERVAL_Z = 1.96
"""Half width of a 95 % interval in standard errors."""

TONES: dict[Verdict, Tone] = {
    "behind": "bad", "short": "warn", "one_trial": "warn", "luck": "warn", "skill": "good",
}  # fmt: skip


def verdict(result: BacktestResult) -> Verdict:
    """Return what the figures together allow to be said.

    `skill` needs a lead over equal weight, DSR of 95 % or more, and neither PBO nor SPA against it.
    """
    lead, chance = over_equal_weight(result.against), result.chance
    if lead is not None and lead.excess <= 0.0:
        return "behind"
    if chance.trials_count == 1:
        return "one_trial"
    if chance.dsr is None:
        return "short"
    doubts = (
        chance.dsr < CERTAIN,
        chance.pbo is not None and chance.pbo >= HALF,
        chance.spa_p is not None and chance.spa_p > LIKELY_LUCK,
    )
    return "luck" if any(doubts) else "skill"


def over_equal_weight(against: Sequence[Against]) -> Against | None:
    """Return the comparison with equal weight."""
    return next((row for row in against if row.reference == EQUAL_WEIGHT), None)


def luck(result: BacktestResult, words: TearWords) -> Block:
    """Return the figures of chance, a row and a sentence each."""
    columns = (
        Column(words.label("column", "figure"), "left"),
        Column(words.label("column", "value")),
        Column(words.label("column", "meaning"), "left"),
    )
    rows = (
        _sharpe(result.performance, words), _lead(result.against, words),
        _psr(result.chance, words), _dsr(result.chance, words), _pbo(result.chance, words),
        _spa(result.chance, words), _length(result.chance, result.performance, words),
    )  # fmt: skip
    table = Table("luck", columns, rows)
    return Block("luck", words.label("title", "luck"), tables=(table,))


def _row(words: TearWords, key: str, value: Cell, meaning: str) -> tuple[Cell, ...]:
    return Cell(words.label("figure", key), tone="strong"), value, Cell(meaning)


def _value(
    words: TearWords, chance: Chance, measure: ChanceMeasure, said: str | None, *, good: bool
) -> Cell:
    if said is not None:
        return Cell(said, tone="good" if good else "warn")
    why = next((row.why for row in chance.undefined if row.measure == measure), None)
    reason = words.text("not_defined") if why is None else words.label("undefined", why)
    return Cell("–", source=reason, tone="missing", reason=reason)


def _meaning(words: TearWords, key: str, value: Cell, **slots: str) -> str:
    """Return the figure's sentence, or why there is no figure."""
    return value.reason or words.text(key, **slots)


def _sharpe(made: Performance, words: TearWords) -> tuple[Cell, ...]:
    if made.sharpe is None:
        reason = words.text("not_defined")
        return _row(words, "sharpe", Cell("–", tone="missing", reason=reason), reason)
    said = words.number(made.sharpe, 2)
    years = words.years(made.bars_count / made.bars_a_year)
    if made.sharpe_se is None:
        return _row(words, "sharpe", Cell(said), words.text("sharpe_short", years=years))
    low, high = (
        words.number(made.sharpe + side * INTERVAL_Z * made.sharpe_se, 2) for side in (-1.0, 1.0)
    )
    meaning = words.text("sharpe_means", low=low, high=high, years=years)
    return _row(words, "sharpe", Cell(said), meaning)


def _lead(against: Sequence[Against], words: TearWords) -> tuple[Cell, ...]:
    found = over_equal_weight(against)
    if found is None or found.information_ratio is None:
        reason = words.text("not_defined")
        return _row(words, "lead", Cell("–", tone="missing", reason=reason), reason)
    said = words.number(found.information_ratio, 2)
    return _row(words, "lead", Cell(said), words.text("lead_means"))


def _psr(chance: Chance, words: TearWords) -> tuple[Cell, ...]:
    said = None if chance.psr is None else words.chance(chance.psr)
    good = chance.psr is not None and chance.psr >= CERTAIN
    value = _value(words, chance, "psr", said, good=good)
    return _row(words, "psr", value, _meaning(words, "psr_means", value))


def _dsr(chance: Chance, words: TearWords) -> tuple[Cell, ...]:
    said = None if chance.dsr is None else words.chance(chance.dsr)
    good = chance.dsr is not None and chance.dsr >= CERTAIN
    value = _value(words, chance, "dsr", said, good=good)
    best = "–" if chance.luck_sharpe is None else words.number(chance.luck_sharpe, 2)
    trials = words.number(chance.trials_count, 0)
    return _row(words, "dsr", value, _meaning(words, "dsr_means", value, trials=trials, luck=best))


def _pbo(chance: Chance, words: TearWords) -> tuple[Cell, ...]:
    said = None if chance.pbo is None else words.percent(chance.pbo, 0)
    value = _value(words, chance, "pbo", said, good=chance.pbo is not None and chance.pbo < HALF)
    splits = words.number(chance.pbo_splits_count, 0)
    return _row(words, "pbo", value, _meaning(words, "pbo_means", value, splits=splits))


def _spa(chance: Chance, words: TearWords) -> tuple[Cell, ...]:
    said = None if chance.spa_p is None else words.number(chance.spa_p, 3)
    good = chance.spa_p is not None and chance.spa_p <= LIKELY_LUCK
    value = _value(words, chance, "spa_p", said, good=good)
    return _row(words, "spa_p", value, _meaning(words, "spa_means", value))


def _length(chance: Chance, made: Performance, words: TearWords) -> tuple[Cell, ...]:
    needed = chance.least_bars_count
    said = None if needed is None else words.years(needed / made.bars_a_year)
    good = needed is not None and needed <= made.bars_count
    value = _value(words, chance, "least_bars_count", said, good=good)
    have = words.years(made.bars_count / made.bars_a_year)
    return _row(words, "least", value, _meaning(words, "least_means", value, have=have))
