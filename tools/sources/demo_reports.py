"""Draws what the synthetic market publishes late: statements, macro releases, managers' filings."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.universe import Universe
from tools.sources.demo_market import PLANTED_LEADERS, DemoMarket
from tools.storage.schema import SCHEMAS

Vector = NDArray[np.float64]

STATEMENT_DAYS = (20, 40)
"""Days from a quarter's end to its report, drawn a report."""
FILING_DAYS = 45
MANAGERS = ("Alpha Partners (demo)", "Beta Capital (demo)", "Gamma Fund (demo)")

MACRO = (
    # series, frequency, days late, unit, category, mean, loading by regime, noise
    ("GDP_GROWTH", "QE", 30, "%", "economic_growth", 2.2, (1.0, -0.6, -3.0, 1.4), 0.3),
    ("PMI", "ME", 3, "index", "economic_growth", 51.0, (3.0, -1.5, -5.0, 2.5), 0.8),
    ("CPI_YOY", "ME", 14, "%", "inflation", 2.6, (0.3, 0.8, -0.5, -0.4), 0.15),
    ("UNEMPLOYMENT_RATE", "ME", 7, "%", "employment", 4.5, (-0.6, 0.0, 1.2, 0.4), 0.1),
    ("POLICY_RATE", "ME", 1, "%", "rates", 2.5, (0.4, 0.8, -0.9, -0.7), 0.05),
    ("CREDIT_SPREAD", "ME", 1, "%", "credit", 3.2, (-0.7, 0.2, 1.8, 0.2), 0.15),
    ("CONSUMER_CONFIDENCE", "ME", 0, "index", "consumer_sentiment", 98.0, (6, -3, -10, 3), 2.0),
)  # fmt: skip
DAILY = (
    ("BOND_YIELD_10Y", 1, "%", "rates", 2.8, 0.05),
    ("OIL_PRICE", 1, "USD", "inflation", 70.0, 0.02),
)
SMOOTHING_SESSIONS = 60
"""The economy follows the market's regime with this memory."""


def statement_rows(market: DemoMarket, random: np.random.Generator) -> pd.DataFrame:
    """Return fundamentals rows: quarters, and years as their sums; growth follows the drift."""
    ends = pd.date_range(market.sessions[0], market.sessions[-1], freq="QE").as_unit("us")
    place = market.sessions.searchsorted(ends, side="right") - 1
    drift = pd.DataFrame(market.drifts).rolling(63, min_periods=1).mean().to_numpy()
    frames = []
    for stock, symbol in enumerate(market.symbols):
        growth = 0.012 + 14.0 * drift[place, market.sector_of[stock]]
        noise = random.normal(0.0, 0.02, len(ends))
        first_cap = market.closes[0, stock] * market.shares[0, stock]
        revenue = first_cap * random.uniform(0.12, 0.22) * np.exp(np.cumsum(growth + noise))
        margin = random.uniform(0.05, 0.16) + 6.0 * drift[place, market.sector_of[stock]]
        profit = revenue * np.clip(margin + random.normal(0.0, 0.008, len(ends)), 0.005, 0.4)
        late = random.integers(*STATEMENT_DAYS, len(ends))
        known = ends + pd.to_timedelta(late, unit="D")
        shares = market.shares[place, stock]
        lines = _lines(revenue, profit, market.closes[place, stock] * shares, shares)
        frames.append(_statement(symbol, "Q", ends, known, lines))
        yearly = {name: _yearly(lines[name]) for name in ("revenue", "gross_profit",
                  "operating_income", "net_profit", "cfo")}  # fmt: skip
        frames.append(_statement(symbol, "A", ends[3::4], known[3::4], yearly))
    rows = pd.concat(frames, ignore_index=True)
    return rows[rows["value"].notna()][[*SCHEMAS["fundamentals"].columns]]


def macro_rows(market: DemoMarket, random: np.random.Generator) -> pd.DataFrame:
    """Return macro rows whose values follow the regimes, each known some days after its period."""
    frames = []
    states = pd.DataFrame(
        {k: (market.regimes == k).astype(float) for k in range(4)}, index=market.sessions
    )
    smooth = states.ewm(halflife=SMOOTHING_SESSIONS).mean()
    for series, frequency, days, unit, category, mean, loads, noise in MACRO:
        level = mean + (smooth * np.array(loads, dtype=float)).sum(axis=1)
        values = level.resample(frequency).last()
        values = values[values.index <= market.sessions[-1]]
        values += random.normal(0.0, noise, len(values))
        frames.append(_released(series, values, days, unit, category))
    for series, days, unit, category, start, step in DAILY:
        moves = random.normal(0.0, step, len(market.sessions))
        path = start + np.cumsum(moves) if unit == "%" else start * np.exp(np.cumsum(moves))
        pulled = np.clip(path, 0.3 * start, 3.0 * start)
        frames.append(_released(series, pd.Series(pulled, market.sessions), days, unit, category))
    return pd.concat(frames, ignore_index=True)[[*SCHEMAS["macro"].columns]]


def position_rows(
    market: DemoMarket, universe: Universe, random: np.random.Generator
) -> pd.DataFrame:
    """Return managers' quarter-end holdings; at the end they add to the planted leaders."""
    ends = pd.date_range(market.sessions[0], market.sessions[-1], freq="QE").as_unit("us")
    place = market.sessions.searchsorted(ends, side="right") - 1
    planted = np.array([name in PLANTED_LEADERS for name in universe.sector_ids])
    frames = []
    for manager in MANAGERS:
        held = random.choice(len(market.symbols), size=24, replace=False)
        for stock in np.sort(held):
            steps = random.normal(0.0, 0.06, len(ends))
            if planted[market.sector_of[stock]]:
                steps[-3:] += 0.25
            shares = np.round(1e6 * random.uniform(0.5, 4.0) * np.exp(np.cumsum(steps)))
            frames.append(
                pd.DataFrame(
                    {
                        "manager": manager,
                        "symbol": market.symbols[stock],
                        "period": ends,
                        "known_at": ends + pd.Timedelta(days=FILING_DAYS),
                        "shares": shares,
                        "value_bn": shares * market.closes[place, stock] / 1e9,
                        "assumed": False,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)[[*SCHEMAS["positions"].columns]]


def _lines(revenue: Vector, profit: Vector, cap: Vector, shares: Vector) -> dict[str, Vector]:
    equity = 3.0 * revenue.mean() + np.cumsum(0.5 * profit)
    year = np.concatenate([[np.nan] * 3, np.convolve(profit, np.ones(4), mode="valid")])
    return {
        "revenue": revenue,
        "gross_profit": 0.35 * revenue,
        "operating_income": 1.3 * profit,
        "net_profit": profit,
        "cfo": 1.1 * profit,
        "total_assets": 2.2 * equity,
        "total_equity": equity,
        "market_cap": cap,
        "shares": shares * 1e9,
        "eps": profit / shares,
        "pe": cap / year,
        "roe": year / equity,
    }


def _yearly(values: Vector) -> Vector:
    whole = len(values) // 4 * 4
    sums: Vector = values[:whole].reshape(-1, 4).sum(axis=1)
    return sums


def _statement(
    symbol: str,
    kind: str,
    ends: pd.DatetimeIndex,
    known: pd.DatetimeIndex,
    lines: dict[str, Vector],
) -> pd.DataFrame:
    count = len(ends)
    return pd.DataFrame(
        {
            "symbol": symbol,
            "kind": kind,
            "line": np.repeat(list(lines), count),
            "period": np.tile(ends.to_numpy(), len(lines)),
            "known_at": np.tile(known.to_numpy(), len(lines)),
            "value": np.round(np.concatenate([*lines.values()]), 6),
            "assumed": False,
        }
    )


def _released(series: str, values: pd.Series, days: int, unit: str, category: str) -> pd.DataFrame:
    periods = pd.DatetimeIndex(values.index).normalize().as_unit("us")
    return pd.DataFrame(
        {
            "series": series,
            "unit": unit,
            "category": category,
            "period": periods,
            "known_at": periods + pd.Timedelta(days=days),
            "value": np.round(values.to_numpy(), 3),
            "assumed": False,
        }
    )
