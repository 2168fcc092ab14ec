"""The top of the sheet: what was simulated, what must be said of it first, and the bottom line."""

from collections.abc import Sequence

from app.render.tear.luck import TONES, over_equal_weight, verdict
from app.render.tear.series import EQUAL_WEIGHT, TearsheetSeries
from app.render.tear.words import TearWords
from app.render.view import Block, Cell, Item
from core.backtest.holding import holding
from core.records.backtest import Against, BacktestResult, BacktestSpec

LEADS = ("momentum:12", "momentum:1")
"""Baselines the bottom line compares with beside equal weight."""


def strip(result: BacktestResult, series: TearsheetSeries, words: TearWords) -> tuple[Item, ...]:
    """Return the strip's entries."""
    made, spec = result.performance, result.spec
    period = words.text(
        "period", first=words.day(made.first), last=words.day(made.last),
        bars=words.number(made.bars_count, 0),
    )  # fmt: skip
    lead = over_equal_weight(result.against)
    entries = {
        "market": Cell(series.market),
        "strategy": Cell(words.strategy(spec.signal)),
        "period": Cell(period),
        "excess": Cell("–") if lead is None else Cell(_excess(lead, words)),
        "trading": Cell(trading(spec, words)),
        "skill": _lamp(result, words),
    }
    return tuple(Item(words.label("strip", key), cell) for key, cell in entries.items())


def trading(spec: BacktestSpec, words: TearWords) -> str:
    """Return how it trades: what is held, how often, from when, at what cost."""
    held = words.label("held", holding(spec)).format(top=words.number(spec.top or 0, 0))
    said = [held, words.label("rebalance", spec.rebalance), _filled(spec.lag_bars, words)]
    cost = spec.cost_bps
    said.append(
        words.text("own_costs") if cost is None else words.text("cost", bps=words.number(cost, 1))
    )
    if spec.smoothing:
        said.append(words.text("smoothing", weight=words.percent(spec.smoothing, 0)))
    if spec.band:
        said.append(words.text("band_held", band=words.percent(spec.band, 1)))
    return "; ".join(said)


def _filled(lag_bars: int, words: TearWords) -> str:
    if lag_bars == 0:
        return words.text("same_close")
    if lag_bars == 1:
        return words.text("lag_one")
    return words.text("lag", bars=words.number(lag_bars, 0))


def caveats(result: BacktestResult, words: TearWords) -> tuple[str, ...]:
    """Return one sentence for each caveat; synthetic data have a bar of their own."""
    trials = words.number(result.chance.trials_count, 0)
    return tuple(
        words.text(f"caveat_{caveat}", trials=trials)
        for caveat in result.caveats
        if caveat != "synthetic"
    )


def bottom_line(result: BacktestResult, words: TearWords) -> Block:
    """Return the few sentences a reader who stops here should have read."""
    said = [
        _earned(result, words),
        words.text(f"verdict_{verdict(result)}", **_luck(result, words)),
    ]
    others = [_beside(row, words) for row in _leads(result.against)]
    if others:
        said.append(words.text("beside", others="; ".join(others)))
    said += _cost(result, words)
    return Block(
        "headline", words.label("title", "headline"), tuple(Cell(sentence) for sentence in said)
    )


def _earned(result: BacktestResult, words: TearWords) -> str:
    made = result.performance
    said = words.text(
        "earned", cagr=words.percent(made.cagr), volatility=words.percent(made.volatility),
        drawdown=words.percent(-made.max_drawdown, 0),
    )  # fmt: skip
    lead = over_equal_weight(result.against)
    base = next((row for row in result.baselines if row.strategy == EQUAL_WEIGHT), None)
    if lead is None or base is None:
        return said
    more = words.text(
        "than_equal_weight", cagr=words.percent(base.cagr), excess=_excess(lead, words)
    )
    won = lead.years_won_fraction
    ahead = "" if won is None else " " + words.text("years_won", won=words.percent(won, 0))
    return f"{said} {more}{ahead}"


def _excess(lead: Against, words: TearWords) -> str:
    excess = words.percent(lead.excess, signed=True)
    if lead.ratio_t is None:
        return words.text("excess_alone", excess=excess)
    return words.text("excess_t", excess=excess, t=words.number(lead.ratio_t, 1, signed=True))


def _beside(row: Against, words: TearWords) -> str:
    return f"{words.strategy(row.reference)} {_excess(row, words)}"


def _leads(against: Sequence[Against]) -> list[Against]:
    known = {row.reference: row for row in against}
    return [known[name] for name in LEADS if name in known]


def _cost(result: BacktestResult, words: TearWords) -> list[str]:
    made, even = result.performance, result.break_even_bps
    if made.turnover is None:
        return []
    said = [words.text("turns_over", turnover=words.percent(made.turnover, 0))]
    if made.cost is not None:
        said.append(words.text("costs", cost=words.percent(made.cost, 2)))
    lead = over_equal_weight(result.against)
    if even is not None and lead is not None:
        key = "gone_at" if even > 0.0 else "gone_before"
        said.append(words.text(key, bps=words.number(even, 1)))
    return [" ".join(said)]


def _luck(result: BacktestResult, words: TearWords) -> dict[str, str]:
    dsr = result.chance.dsr
    return {
        "trials": words.number(result.chance.trials_count, 0),
        "dsr": "–" if dsr is None else words.chance(dsr),
    }


def _lamp(result: BacktestResult, words: TearWords) -> Cell:
    found = verdict(result)
    figures = words.text("lamp_figures", **_luck(result, words))
    return Cell(f"{words.label('verdict', found)} ({figures})", tone=TONES[found])
