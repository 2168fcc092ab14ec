"""A small backtest made up for the pages: random returns, every part of the record filled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.render.tear.series import TearsheetSeries
from core.backtest.attribution import Held, effects
from core.backtest.factor_bets import factor_effects
from core.backtest.metrics import against, performance
from core.backtest.periods import decay, worst, years
from core.backtest.regimes import in_regimes, market_states
from core.records.backtest import BacktestResult, BacktestSpec, Caveat, Chance, Offset
from core.records.request import Language

BARS_A_YEAR = 252.0
SECTORS = ("energy", "banks", "retail")


@dataclass(frozen=True)
class Sample:
    result: BacktestResult
    series: TearsheetSeries


def sample(
    *,
    bars: int = 1400,
    language: Language = "en",
    caveats: tuple[Caveat, ...] = ("survivorship", "synthetic"),
    market: str = "Demo market",
    seed: int = 5,
) -> Sample:
    """Return a backtest of three sectors, one of them favoured by a drifting bet."""
    dates = pd.bdate_range("2013-03-14", periods=bars)
    rng = np.random.default_rng(seed)
    returns = _frame(rng.normal(0.0004, 0.01, (bars, 3)), dates)
    score = _frame(rng.normal(0.0, 0.1, (bars, 3)), dates)
    equal = returns * 0.0 + 1.0 / 3.0
    bets = score.sub(score.mean(axis=1), axis=0)
    costs = returns * 0.0 + 1e-5
    held = Held(equal + bets, equal, returns, None, costs)
    net = (held.weights * returns).sum(axis=1) - costs.sum(axis=1)
    base = returns.mean(axis=1)
    baselines = pd.DataFrame(
        {"equal_weight": base, "market": base * 0.9, "momentum:12": base * 1.1,
         "momentum:1": base - 1e-4, "volatility:3": base * 0.5}
    )  # fmt: skip
    rows = {str(name): series for name, series in baselines.items()}
    parts = {"momentum_12_1": 0.7 * score, "breadth_50d": 0.3 * score}
    result = BacktestResult(
        universe="demo",
        data_sha256="a" * 64,
        spec=BacktestSpec(signal="momentum:3", top=2, cost_bps=10.0, smoothing=0.5, band=0.01),
        performance=performance(
            net, "momentum:3", bars_a_year=BARS_A_YEAR, turnover=2.5, cost=0.0075
        ),
        baselines=tuple(performance(rows[n], n, bars_a_year=BARS_A_YEAR) for n in rows),
        against=tuple(against(net, rows[n], n, bars_a_year=BARS_A_YEAR) for n in rows),
        chance=Chance(
            psr=0.91, dsr=0.42, trials_count=37, luck_sharpe=0.55, pbo=0.31, pbo_splits_count=70,
            spa_p=0.12, least_bars_count=2520,
        ),
        worst=worst(net, base),
        years=years(net, base),
        regimes=in_regimes(net, base, market_states(base, bars_a_year=BARS_A_YEAR),
                           bars_a_year=BARS_A_YEAR),
        decay=decay({1: net, 5: base}, bars_a_year=BARS_A_YEAR),
        offsets=tuple(Offset(offset=k, cagr=0.08 + 0.005 * k, sharpe=0.5) for k in range(4)),
        break_even_bps=23.0,
        effects=effects(held, bars_a_year=BARS_A_YEAR),
        factor_effects=factor_effects(held, parts, bars_a_year=BARS_A_YEAR),
        caveats=caveats,
    )  # fmt: skip
    names = {"energy": "Energy", "banks": "Banks & insurers"}
    series = TearsheetSeries(
        strategy=net, baselines=baselines, bars_a_year=BARS_A_YEAR, market=market, sectors=names,
        language=language,
    )  # fmt: skip
    return Sample(result, series)


def _frame(
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]], dates: pd.DatetimeIndex
) -> pd.DataFrame:
    return pd.DataFrame(values, index=dates, columns=list(SECTORS))
