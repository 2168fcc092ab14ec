"""Tables of the sheet: beside the baselines, the worst of it, by state of the market, by month."""

import numpy as np

from app.render.tear.series import TearsheetSeries
from app.render.tear.words import TearWords
from app.render.view import Align, Block, Cell, Column, Table, Tone
from core.backtest.periods import months, years
from core.records.backtest import Against, BacktestResult, InRegime, Performance, Span

SHADES = 4
FULL_SHADE_SD = 2.0
"""Months so many deviations from zero have the full colour."""

SHOWN_YEARS = 25
MONTHS = 12
CLEAR_T = 2.0


def beside(result: BacktestResult, words: TearWords) -> Block:
    """Return the strategy and every baseline, and the strategy's excess over each."""
    figures = ("cagr", "volatility", "sharpe", "sortino", "max_drawdown", "turnover", "cost")
    ahead = ("excess", "ratio_t", "information_ratio", "tracking_error", "beta", "years_won")
    group = words.text("strategy_over")
    columns = (
        Column(words.label("column", "strategy"), "left"),
        *(Column(words.label("column", key)) for key in figures),
        *(Column(words.label("column", key), group=group) for key in ahead),
    )
    known = {row.reference: row for row in result.against}
    rows = [_performance(result.performance, None, words, own=True)]
    others = (row for row in result.baselines if row != result.performance)
    rows += [_performance(row, known.get(row.strategy), words) for row in others]
    table = Table("beside", columns, tuple(rows), notes=(words.text("beside_note"),))
    return Block("beside", words.label("title", "beside"), tables=(table,))


def worst_stretches(worst: tuple[Span, ...], words: TearWords) -> Block:
    """Return the deepest falls and the worst months, quarters and years."""
    columns = _columns(
        words, ("window", "left"), ("first", "left"), ("last", "left"), ("own", "right"),
        ("equal_weight", "right"), ("recovered", "left"),
    )  # fmt: skip
    rows = tuple(_stretch(span, words) for span in worst)
    table = Table("worst", columns, rows, notes=(words.text("worst_note"),))
    return Block("worst", words.label("title", "worst"), tables=(table,))


def regimes(found: tuple[InRegime, ...], words: TearWords) -> Block:
    """Return what each state of the market brought."""
    columns = _columns(
        words, ("regime", "left"), ("bars", "right"), ("mean", "right"), ("excess", "right"),
        ("ratio_t", "right"),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(words.label("regime", row.regime), tone="strong"),
            Cell(words.number(row.bars_count, 0)),
            Cell(words.points(row.mean, signed=True)),
            _points(row.excess, words),
            _t(row.t, words),
        )
        for row in found
    )
    table = Table("regimes", columns, rows, notes=(words.text("regimes_note"),))
    return Block("regimes", words.label("title", "regimes"), tables=(table,))


def monthly(series: TearsheetSeries, words: TearWords) -> Block:
    """Return the strategy's months, a row a year, coloured by size; the newest years."""
    table = months(series.strategy)
    spread = FULL_SHADE_SD * float(np.nanstd(table.to_numpy(np.float64))) or 1.0
    whole = {span.first.year: span for span in years(series.strategy, series.equal_weight)}
    shown = table.iloc[-SHOWN_YEARS:]
    columns = (
        Column(words.label("column", "year"), "left"),
        *(Column(words.label("month", str(month)), "center") for month in range(1, MONTHS + 1)),
        Column(words.label("column", "whole_year")),
        Column(words.label("column", "over_equal_weight")),
    )
    rows = tuple(
        (
            Cell(str(year)),
            *(_month(value, spread, words) for value in row),
            *_year(whole.get(year), words),
        )
        for year, row in zip(shown.index.to_list(), shown.to_numpy(np.float64), strict=True)
    )
    cut = words.text(
        "months_cut", shown=words.number(len(shown), 0), all=words.number(len(table), 0)
    )
    notes = (words.text("months_note"), *((cut,) if len(shown) < len(table) else ()))
    return Block(
        "months", words.label("title", "months"), tables=(Table("months", columns, rows, notes),)
    )


def _columns(words: TearWords, *keys: tuple[str, Align]) -> tuple[Column, ...]:
    return tuple(Column(words.label("column", key), align) for key, align in keys)


def _performance(
    made: Performance, lead: Against | None, words: TearWords, *, own: bool = False
) -> tuple[Cell, ...]:
    tone: Tone = "strong" if own else ""
    figures = (
        Cell(words.points(made.cagr), tone=tone), Cell(words.points(made.volatility), tone=tone),
        _number(made.sharpe, words, tone), _number(made.sortino, words, tone),
        Cell(words.points(made.max_drawdown), tone=tone),
        _points(made.turnover, words, decimals=0, signed=False, tone=tone),
        _points(made.cost, words, decimals=2, signed=False, tone=tone),
    )  # fmt: skip
    name = Cell(words.strategy(made.strategy), tone="strong" if own else "")
    if lead is None:
        return (name, *figures, *(Cell("") for _ in range(6)))
    won = lead.years_won_fraction
    return (
        name, *figures, Cell(words.points(lead.excess, signed=True)), _t(lead.ratio_t, words),
        _number(lead.information_ratio, words), Cell(words.points(lead.tracking_error)),
        _number(lead.beta, words), _points(won, words, decimals=0, signed=False),
    )  # fmt: skip


def _stretch(span: Span, words: TearWords) -> tuple[Cell, ...]:
    back = ""
    if span.window == "drawdown":
        back = words.text("not_yet") if span.recovered is None else words.day(span.recovered)
    return (
        Cell(words.label("window", span.window), tone="strong"),
        Cell(words.day(span.first)), Cell(words.day(span.last)),
        Cell(words.points(span.strategy)), _points(span.reference, words, signed=False), Cell(back),
    )  # fmt: skip


def _month(value: float, spread: float, words: TearWords) -> Cell:
    if np.isnan(value):
        return Cell("")
    step = round(SHADES * max(-1.0, min(1.0, value / spread)))
    return Cell(words.points(value), shade=step)


def _year(span: Span | None, words: TearWords) -> tuple[Cell, Cell]:
    if span is None:
        return Cell(""), Cell("")
    if span.reference is None:
        return Cell(words.points(span.strategy), tone="strong"), Cell("")
    lead = span.strategy - span.reference
    tone: Tone = "good" if lead > 0.0 else "bad"
    return (
        Cell(words.points(span.strategy), tone="strong"),
        Cell(words.points(lead, signed=True), tone=tone),
    )


def _points(
    value: float | None, words: TearWords, *, decimals: int = 1, signed: bool = True,
    tone: Tone = "",
) -> Cell:  # fmt: skip
    if value is None:
        return Cell("–", tone="soft")
    return Cell(words.points(value, decimals, signed=signed), tone=tone)


def _number(value: float | None, words: TearWords, tone: Tone = "") -> Cell:
    return Cell("–", tone="soft") if value is None else Cell(words.number(value, 2), tone=tone)


def _t(value: float | None, words: TearWords) -> Cell:
    if value is None:
        return Cell("–", tone="soft")
    tone: Tone = "good" if value >= CLEAR_T else "bad" if value <= -CLEAR_T else ""
    return Cell(words.number(value, 1, signed=True), tone=tone)
