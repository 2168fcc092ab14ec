"""The blocks of the sheet in their order, each left out where the record has nothing for it."""

from app.render.tear.bars import by_factor, by_sector, yearly
from app.render.tear.lines import falls, rolling
from app.render.tear.luck import luck, over_equal_weight
from app.render.tear.series import EQUAL_WEIGHT, TearsheetSeries
from app.render.tear.strips import break_even_strip, decay_chart, offsets_strip
from app.render.tear.tables import beside, monthly, regimes, worst_stretches
from app.render.tear.words import TearWords
from app.render.view import Block, Cell, Item, Picture
from core.backtest.periods import years
from core.records.backtest import BacktestResult

BPS = 1e4
SIDES = 2.0
"""A one-way turnover is bought once and sold once."""

Row = tuple[Block, ...]
"""Blocks that stand side by side."""


def rows(result: BacktestResult, series: TearsheetSeries, words: TearWords) -> tuple[Row, ...]:
    """Return the blocks, row by row."""
    name = words.strategy(result.spec.signal)
    since = _pictured("falls", falls(series, name, words), words)
    halves = [
        _pictured("yearly", yearly(years(series.strategy, series.equal_weight), words), words),
        *((regimes(result.regimes, words),) if result.regimes else ()),
        *_attribution(result, words),
        _cost(result, words),
        *_robust(result, words),
        worst_stretches(result.worst, words),
    ]
    return (
        (since, *_rolling(series, name, words)),
        (beside(result, words),),
        (luck(result, words),),
        *(tuple(halves[place : place + 2]) for place in range(0, len(halves), 2)),
        (monthly(series, words),),
    )


def _pictured(
    key: str, picture: Picture, words: TearWords, *notes: str, items: tuple[Item, ...] = ()
) -> Block:
    title = words.label("title", key)
    return Block(key, title, items=items, pictures=(picture,), notes=notes)


def _rolling(series: TearsheetSeries, name: str, words: TearWords) -> Row:
    picture = rolling(series, name, words)
    return () if picture is None else (_pictured("rolling", picture, words),)


def _attribution(result: BacktestResult, words: TearWords) -> Row:
    if not result.effects:
        return ()
    total = sum(effect.allocation + effect.selection + effect.cost for effect in result.effects)
    note = words.text("effects_sum", total=words.percent(total, 2, signed=True))
    found = [_pictured("by_sector", by_sector(result.effects, words), words, note)]
    if result.factor_effects:
        whole = sum(effect.effect for effect in result.factor_effects)
        note = words.text("factors_sum", total=words.percent(whole, 2, signed=True))
        found.append(_pictured("by_factor", by_factor(result.factor_effects, words), words, note))
    return tuple(found)


def _cost(result: BacktestResult, words: TearWords) -> Block:
    """Return turnover, cost, and how much cost the excess bears."""
    made, even = result.performance, result.break_even_bps
    lead = over_equal_weight(result.against)
    said: dict[str, str | None] = {
        "turnover": None if made.turnover is None else words.percent(made.turnover, 0),
        "cost": None if made.cost is None else words.percent(made.cost, 2),
        "net": None if lead is None else words.percent(lead.excess, 2, signed=True),
        "break_even": None if even is None else words.text("bps", bps=words.number(even, 1)),
    }
    items = tuple(
        Item(words.label("item", key), Cell("–" if text is None else text))
        for key, text in said.items()
    )
    pictures: tuple[Picture, ...] = ()
    charged = _charged(result)
    if even is not None and even > 0.0 and charged is not None:
        pictures = (break_even_strip(charged, even, words),)
    title = words.label("title", "cost")
    return Block("cost", title, items=items, pictures=pictures, notes=(words.text("cost_note"),))


def _charged(result: BacktestResult) -> float | None:
    """Return the cost a side in basis points: as asked, else the mean that was paid."""
    made = result.performance
    if result.spec.cost_bps is not None:
        return result.spec.cost_bps
    if not made.turnover or made.cost is None:
        return None
    return BPS * made.cost / (SIDES * made.turnover)


def _robust(result: BacktestResult, words: TearWords) -> Row:
    """Return what other rebalance days and later fills would have brought."""
    base = next((row.cagr for row in result.baselines if row.strategy == EQUAL_WEIGHT), 0.0)
    pictures, notes = [], []
    if len(result.offsets) > 1:
        pictures.append(offsets_strip(result.offsets, base, words))
        rates = [offset.cagr for offset in result.offsets]
        spread = {"low": words.percent(min(rates)), "high": words.percent(max(rates))}
        count = words.number(len(rates), 0)
        notes.append(words.text("offsets_note", count=count, **spread))
    if len(result.decay) > 1:
        pictures.append(decay_chart(result.decay, base, words))
        notes.append(words.text("decay_note"))
    if not pictures:
        return ()
    title = words.label("title", "robust")
    return (Block("robust", title, pictures=tuple(pictures), notes=tuple(notes)),)
