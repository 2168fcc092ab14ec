"""Runs a backtest for the command line and prints it: the strategy between its baselines."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.backtesting.backtests import Asked, Backtest, backtest, write
from app.cli.output import counted, say, say_json, say_table, telling
from app.settings import load_settings
from core.backtest.holding import Holding, holding
from core.records.backtest import Against, BacktestResult, Caveat, Performance

HEADINGS = (
    "strategy", "CAGR %", "vol %", "Sharpe", "max fall %", "turnover %", "cost %",
    "over it %", "t", "years won %",
)  # fmt: skip

HELD: Final[dict[Holding, str]] = {
    "given": "weights as given",
    "market": "bought and held",
    "quadrant": "those in the quadrant in equal parts",
    "top": "top {top}",
    "equal": "all in equal parts",
    "tilt": "tilted by rank",
}

CAVEATS: Final[dict[Caveat, str]] = {
    "same_close": "filled at the very close each decision was made on (--lag 1: one bar later)",
    "no_costs": "trading is free here; it is not",
    "short_sample": "under ten years: too short to tell skill from luck",
    "few_trials": "few trials are registered for these data: the DSR knows of no others",
    "synthetic": "SYNTHETIC data: nothing here is about a market",
    "survivorship": "built from today's members: an upper bound",
    "holdout_opened": "saw the years kept back from development (2019 on)",
    "unchecked": "nobody checked this file for look-ahead: run `sectorwise audit look-ahead FILE`",
    "idle_cash": "the weights leave money in cash, which earns nothing here",
}


def show_backtest(asked: Asked, *, out: Path | None, as_json: bool) -> None:
    """Run a backtest and print it.

    Raises:
        CallerError: what was asked does not fit the data.
        DataError: the data, the store or the registry cannot be used.
    """
    with telling() as tell:
        done = backtest(load_settings(), asked, now=datetime.now(UTC), tell=tell)
        written = () if out is None else write(done, out)
    result = done.study.result
    if as_json:
        say_json(_plain(result) | {"files": [str(path) for path in written]})
        return
    _show(done)
    for path in written:
        say(f"wrote {path}")


def _plain(result: BacktestResult) -> dict[str, object]:
    """Return the figures other programs read first, with the whole record under `result`."""
    own = result.performance
    return {
        "cagr": own.cagr,
        "volatility": own.volatility,
        "sharpe": own.sharpe,
        "max_drawdown": own.max_drawdown,
        "turnover": own.turnover,
        "first": own.first,
        "last": own.last,
        "bars_count": own.bars_count,
        "lag_bars": result.spec.lag_bars,
        "trials_count": result.chance.trials_count,
        "caveats": result.caveats,
        "result": result,
    }


def _show(done: Backtest) -> None:
    result = done.study.result
    own = result.performance
    beside = {row.reference: row for row in result.against}
    rows = [_row(own, None)]
    rows += [_row(row, beside.get(row.strategy)) for row in result.baselines if row != own]
    spec = result.spec
    held = HELD[holding(spec)].format(top=spec.top)
    say_table(
        f"{done.ground.title}: {spec.signal}, {held}, {spec.rebalance}, {own.first} to {own.last}",
        HEADINGS,
        rows,
    )
    say("over it: the strategy's compound rate less the row's, after costs; t by Newey and West")
    for line in (_luck(result), _trading(result)):
        say(line)
    for name in result.caveats:
        say(f"note: {CAVEATS[name]}")


def _row(row: Performance, beside: Against | None) -> tuple[object, ...]:
    return (
        row.strategy,
        _percent(row.cagr),
        _percent(row.volatility),
        _number(row.sharpe),
        _percent(row.max_drawdown),
        _percent(row.turnover),
        _percent(row.cost),
        None if beside is None else _percent(beside.excess, signed=True),
        None if beside is None else _number(beside.ratio_t),
        None if beside is None else _percent(beside.years_won_fraction),
    )


def _luck(result: BacktestResult) -> str:
    """Return what chance explains of the lead over equal weight, with the trials beside it."""
    luck = result.chance
    said = [f"PSR {_chance(luck.psr)}", f"DSR {_chance(luck.dsr)}"]
    best = f"PBO {_chance(luck.pbo)}, SPA p {_number(luck.spa_p, 3)}"
    trials = counted(luck.trials_count, "trial")
    need = "no number of bars" if luck.least_bars_count is None else f"{luck.least_bars_count} bars"
    return (
        f"against equal weight: {', '.join(said)}; the best of the strategies compared, not this "
        f"one alone: {best}; {trials} on {result.universe}; {need} "
        f"would settle it (here {result.performance.bars_count})"
    )


def _trading(result: BacktestResult) -> str:
    even = result.break_even_bps
    if even is None:
        ends = "none up to 1,000 bp" if result.performance.turnover else "none, nothing is traded"
    else:
        ends = f"{even:.0f} bp a side" if even > 0.0 else "never ahead of it, even at no cost"
    sharpes = [row.cagr for row in result.offsets]
    spread = (
        f"; by day of the period CAGR {100.0 * min(sharpes):.2f} to {100.0 * max(sharpes):.2f} %"
        if len(sharpes) > 1
        else ""
    )
    return f"break-even cost against equal weight: {ends}{spread}"


def _percent(fraction: float | None, *, signed: bool = False) -> str:
    if fraction is None:
        return "n/a"
    return f"{100.0 * fraction:+.2f}" if signed else f"{100.0 * fraction:.2f}"


def _chance(fraction: float | None) -> str:
    return "n/a" if fraction is None else f"{_percent(fraction)} %"


def _number(value: float | None, decimals: int = 2) -> str:
    return "n/a" if value is None else f"{value:.{decimals}f}"
