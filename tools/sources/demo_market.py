"""Draws the synthetic market's daily paths: regimes, sectors, stocks, their trades and foreigners'.

Nothing in it is estimated from a real market. Sizes are chosen so that what is planted can be found
by honest methods and is not obvious: a sector's own drift is a fifth of its daily noise.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.markets.sessions import is_session
from core.records.universe import Universe

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

FIRST, LAST = "2019-01-01", "2024-12-31"

PLANTED_LEADERS = ("technology", "industrials")
"""Sectors that outperform with growing pace over the last PLANTED_SESSIONS, foreigners buying."""
PLANTED_SESSIONS = 126
PLANTED_DRIFT = 0.004
"""Daily excess a planted sector has reached on the last session; it grows from zero."""
PLANTED_NOISE = 0.5
"""Share of the usual sector noise that is left of a planted sector's then."""

LEAD_SESSIONS = 10
LEAD_LAG = {"real_estate": "financials", "energy": "materials", "utilities": "energy"}
"""Follower to leader: a share of the leader's moves of the ten sessions before is taken over. The
planted sectors have no followers, so that the planted answer is theirs alone."""
LEAD_SHARE = 0.15

REGIME_DRIFT = np.array([0.0007, 0.0001, -0.0008, 0.0011])
REGIME_VOLATILITY = np.array([0.007, 0.009, 0.015, 0.010])
REGIME_SESSIONS = np.array([170, 80, 55, 70])
"""Expansion, slowdown, contraction, recovery: market drift and volatility a day, mean length."""
STYLE_DRIFT = {
    "cyclical": np.array([0.0002, -0.0003, -0.0005, 0.0004]),
    "defensive": np.array([-0.0002, 0.0003, 0.0006, -0.0004]),
    "neutral": np.zeros(4),
}

PERSISTENCE = 0.985
"""Daily memory of a sector's drift: a half-life of 46 sessions."""
DRIFT_SD, SECTOR_SD, STOCK_SD = 0.0008, 0.004, 0.009
FLOW_AHEAD_SESSIONS = 15
"""Foreigners act on the drift the sector will have this many sessions later."""
FLOW_SHARE = 45.0
"""Net foreign share of trading for a drift of one a day: 0.1 % a day draws 4.5 %."""
MOOD_SD, MOOD_MEMORY = 0.05, 0.95
ROOM_CAP_PCT = 49.0
N_FULL_ROOM = 2


@dataclass(frozen=True, slots=True)
class DemoMarket:
    """Paths by session (rows); stocks are columns, `sector_of` their sector's number."""

    sessions: pd.DatetimeIndex
    symbols: tuple[str, ...]
    sector_of: NDArray[np.int64]
    regimes: NDArray[np.int64]
    drifts: Matrix
    total_returns: Matrix
    closes: Matrix
    dividends: Matrix
    splits: Matrix
    volumes: Matrix
    values_bn: Matrix
    put_throughs_bn: Matrix
    foreign_buys_bn: Matrix
    foreign_sells_bn: Matrix
    own_pct: Matrix
    desk_nets_bn: Matrix
    shares: Matrix


def demo_market(universe: Universe, random: np.random.Generator) -> DemoMarket:
    """Return one market of the universe's sectors, four to six stocks each."""
    sessions = pd.bdate_range(FIRST, LAST).as_unit("us")
    traded = [is_session(universe, stamp.date()) for stamp in sessions]
    sessions = sessions[np.array(traded)]
    counts = [4 + place % 3 for place in range(len(universe.sectors))]
    symbols = tuple(
        f"{sector.ticker}{k + 1}"
        for sector, count in zip(universe.sectors, counts, strict=True)
        for k in range(count)
    )
    sector_of = np.repeat(np.arange(len(counts)), counts)
    regimes = _regimes(len(sessions), random)
    drifts = _drifts(universe, regimes, random)
    returns = _returns(universe, regimes, drifts, sector_of, random)
    prices = _prices(sessions, returns, random)
    trades = _trades(returns, drifts[:, sector_of], prices, sector_of, random)
    return DemoMarket(
        sessions, symbols, sector_of, regimes, drifts, returns,
        prices.closes, prices.dividends, prices.splits, *trades, prices.shares,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Prices:
    closes: Matrix
    dividends: Matrix
    splits: Matrix
    shares: Matrix


def _regimes(n_sessions: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return the regime of each session: the four in turn, each of random length."""
    path: list[int] = []
    regime = 0
    while len(path) < n_sessions:
        length = int(random.gamma(6.0, REGIME_SESSIONS[regime] / 6.0))
        path += [regime] * max(length, 20)
        regime = (regime + 1) % 4
    return np.array(path[:n_sessions])


def _drifts(universe: Universe, regimes: NDArray[np.int64], random: np.random.Generator) -> Matrix:
    """Return each sector's expected daily excess: slow, by regime and style, leaders at the end."""
    n_sessions, n_sectors = len(regimes), len(universe.sectors)
    shocks = random.normal(0.0, DRIFT_SD * np.sqrt(1 - PERSISTENCE**2), (n_sessions, n_sectors))
    drifts = np.zeros((n_sessions, n_sectors))
    level = random.normal(0.0, DRIFT_SD, n_sectors)
    for day in range(n_sessions):
        level = PERSISTENCE * level + shocks[day]
        drifts[day] = level
    for place, sector in enumerate(universe.sectors):
        drifts[:, place] += STYLE_DRIFT[sector.style][regimes]
    ramp = np.linspace(0.0, 1.0, PLANTED_SESSIONS)
    planted = [place for place, name in enumerate(universe.sector_ids) if name in PLANTED_LEADERS]
    others = [place for place in range(n_sectors) if place not in planted]
    drifts[-PLANTED_SESSIONS:, planted] = PLANTED_DRIFT * ramp[:, None]
    drifts[-PLANTED_SESSIONS:, others] *= 0.5
    return drifts


def _returns(
    universe: Universe,
    regimes: NDArray[np.int64],
    drifts: Matrix,
    sector_of: NDArray[np.int64],
    random: np.random.Generator,
) -> Matrix:
    """Return total returns by stock: market, sector, what followers take over, own noise."""
    n_sessions = len(drifts)
    market = REGIME_DRIFT[regimes] + REGIME_VOLATILITY[regimes] * random.standard_t(5, n_sessions)
    noise = random.normal(0.0, SECTOR_SD, drifts.shape)
    places = {name: place for place, name in enumerate(universe.sector_ids)}
    planted = [places[name] for name in PLANTED_LEADERS if name in places]
    noise[-PLANTED_SESSIONS:, planted] *= PLANTED_NOISE
    excess = drifts + noise
    for follower, leader in LEAD_LAG.items():
        if follower in places and leader in places:
            own = excess[:, places[leader]]
            sums = np.convolve(own, np.ones(LEAD_SESSIONS))[:n_sessions]
            excess[LEAD_SESSIONS:, places[follower]] += (
                LEAD_SHARE * sums[:-LEAD_SESSIONS] / LEAD_SESSIONS
            )
    betas = random.uniform(0.7, 1.3, len(sector_of))
    own_noise = random.normal(0.0, STOCK_SD, (n_sessions, len(sector_of)))
    returns = market[:, None] * betas + excess[:, sector_of] + own_noise
    return np.clip(returns, -0.25, 0.25)


def _prices(sessions: pd.DatetimeIndex, returns: Matrix, random: np.random.Generator) -> _Prices:
    """Return published closes: quarterly dividends and a rare split taken out on their days."""
    n_sessions, n_stocks = returns.shape
    dividends, splits = np.zeros(returns.shape), np.zeros(returns.shape)
    payers = random.random(n_stocks) < 0.7
    yields = np.where(payers, random.uniform(0.0, 0.01, n_stocks), 0.0)
    for stock in range(n_stocks):
        first = int(random.integers(20, 60))
        dividends[first::63, stock] = yields[stock]
    for stock in random.choice(n_stocks, size=3, replace=False):
        splits[int(random.integers(200, n_sessions - 200)), stock] = 2.0
    ratios = np.where(splits > 0.0, splits, 1.0)
    closes = np.zeros(returns.shape)
    level = random.uniform(20.0, 120.0, n_stocks)
    shares = random.uniform(8.0, 40.0, n_stocks) / level * np.ones(returns.shape)
    for day in range(n_sessions):
        total = level * (1.0 + (returns[day] if day else 0.0))
        paid = total * dividends[day]
        level = (total - paid) / ratios[day]
        closes[day] = level
        dividends[day] = paid / ratios[day]
    shares = shares * np.cumprod(ratios, axis=0)
    closes = np.round(closes, 4)
    return _Prices(closes, np.round(dividends, 4), splits, shares)


def _trades(
    returns: Matrix,
    drifts: Matrix,
    prices: _Prices,
    sector_of: NDArray[np.int64],
    random: np.random.Generator,
) -> tuple[Matrix, Matrix, Matrix, Matrix, Matrix, Matrix, Matrix]:
    """Return volumes, values, put-throughs, foreign buys and sells, ownership, desks' nets."""
    n_sessions, n_stocks = returns.shape
    caps_bn = prices.closes * prices.shares
    pace = random.uniform(0.002, 0.005, n_stocks)
    busy = np.exp(random.normal(0.0, 0.3, returns.shape)) * (1.0 + 18.0 * np.abs(returns))
    spikes = random.random(returns.shape) < 0.012
    values = caps_bn * pace * busy * np.where(spikes, random.uniform(2.5, 5.0, returns.shape), 1.0)
    volumes = np.round(values * 1e9 / prices.closes)
    values = volumes * prices.closes / 1e9
    block = random.random(returns.shape) < 0.05 + 20.0 * np.clip(drifts, 0.0, 0.002)
    blocks = np.where(block, values * random.uniform(0.3, 1.5, returns.shape), 0.0)
    ahead = np.vstack(
        [drifts[FLOW_AHEAD_SESSIONS:], np.repeat(drifts[-1:], FLOW_AHEAD_SESSIONS, 0)]
    )
    mood = _moods(n_sessions, len(np.unique(sector_of)), random)[:, sector_of]
    wanted = ahead * FLOW_SHARE + mood + random.normal(0.0, 0.1, returns.shape)
    intensity = np.clip(wanted, -0.25, 0.25)
    traded = values + blocks
    own = _ownership(intensity * traded / caps_bn, random)
    full = own >= ROOM_CAP_PCT - 1e-9
    intensity = np.where(full, 0.0, intensity)
    part = np.clip(random.uniform(0.12, 0.35, n_stocks) + np.abs(intensity), 0.0, 0.9)
    buys, sells = traded * (part + intensity) / 2.0, traded * (part - intensity) / 2.0
    desks = traded * random.normal(0.0, 0.01, returns.shape) - 0.1 * (buys - sells)
    return volumes, values, blocks, buys, np.clip(sells, 0.0, None), np.round(own, 2), desks


def _moods(n_sessions: int, n_sectors: int, random: np.random.Generator) -> Matrix:
    """Return what foreigners do for reasons of their own, by sector: slow, unrelated to returns."""
    shocks = random.normal(0.0, MOOD_SD * np.sqrt(1 - MOOD_MEMORY**2), (n_sessions, n_sectors))
    moods = np.zeros((n_sessions, n_sectors))
    for day in range(1, n_sessions):
        moods[day] = MOOD_MEMORY * moods[day - 1] + shocks[day]
    return moods


def _ownership(changes: Matrix, random: np.random.Generator) -> Matrix:
    """Return foreign ownership in percent between 1 and the cap; some stocks start at the cap."""
    n_sessions, n_stocks = changes.shape
    level = random.uniform(8.0, 38.0, n_stocks)
    full = random.choice(n_stocks, size=N_FULL_ROOM, replace=False)
    own = np.zeros(changes.shape)
    for day in range(n_sessions):
        level = np.clip(level + 100.0 * changes[day], 1.0, ROOM_CAP_PCT)
        level[full] = ROOM_CAP_PCT
        own[day] = level
    return own
