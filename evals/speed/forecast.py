"""Measures fitting a forecast and refreshing a heatmap, for 200 and for 2,000 stocks of ten years.

Each size runs in a process of its own, so that its peak memory is its own.
"""

import statistics
import sys
from datetime import date
from functools import partial
from importlib.resources import files

import numpy as np
import pandas as pd

from core.forecast.live import Memory, Speaker
from core.forecast.model import expectations
from core.forecast.walkforward import fit
from core.markets.basket import sector_baskets
from core.markets.universe import parse_universe
from core.panel import TABLE_COLUMNS, FlowPanel, MarketPanels, PricePanel, Table
from core.rotation.quadrants import rotations
from core.signals.catalogue import factor_values
from evals.speed.sizes import by_size, peak_mb, timed

SESSIONS = 2_520
REFRESHES = 5


def measure() -> dict[str, float]:
    """Return seconds and megabytes by size, and how they grow from the first to the last."""
    return by_size("evals.speed.forecast", ("fit_s", "fit_peak_mb", "refresh_s", "first_refresh_s"))


def stocks_market(n_stocks: int, *, seed: int = 7) -> MarketPanels:
    """Return a market of the demo universe's sectors with so many stocks, all series drawn."""
    text = files("core.universes").joinpath("demo.toml").read_text(encoding="utf-8")
    universe = parse_universe(text)
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2014-01-01", periods=SESSIONS).as_unit("us")
    symbols = [f"S{number:04d}" for number in range(n_stocks)]
    sectors = [universe.sector_ids[n % len(universe.sector_ids)] for n in range(n_stocks)]
    shape = (SESSIONS, n_stocks)

    def frame(cells: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(cells, index=index, columns=symbols)

    closes = 50.0 * np.exp(np.cumsum(rng.normal(0.0002, 0.02, shape), axis=0))
    values = rng.lognormal(1.0, 0.8, shape)
    stocks = PricePanel(frame(closes), frame(values * 1e3), frame(values), frame(np.zeros(shape)))
    members = Table(
        "members",
        pd.DataFrame({"symbol": symbols, "sector": sectors, "start": index[0], "end": pd.NaT})[
            list(TABLE_COLUMNS["members"])
        ].astype({"end": "datetime64[us]"}),
    )
    bought, sold = values * rng.uniform(0.0, 0.2, shape), values * rng.uniform(0.0, 0.2, shape)
    flows = FlowPanel(
        frame(bought), frame(sold), frame(values), frame(np.zeros(shape)), frame(bought * np.nan)
    )
    baskets = sector_baskets(stocks, members, universe)
    return MarketPanels(
        universe, baskets.sectors, baskets.benchmark, stocks=stocks, members=members, flows=flows
    )


def one(n_stocks: int) -> None:
    """Fit and refresh one size, and print what it took."""
    panels = stocks_market(n_stocks)
    before = peak_mb()
    seconds, model = timed(lambda: fit(panels))
    print("fit_s", seconds)
    print("fit_peak_mb", peak_mb())
    print("panels_mb", before)

    memory = Memory()

    def refreshed(as_of: date) -> object:
        known = panels.until(as_of)
        factors = factor_values(known, as_of=as_of)
        speaker = Speaker.at(model, known, as_of=as_of, memory=memory)
        said = (*factors, *speaker.values())
        speaker.reasons("1M")
        closes, level = known.sectors.closes, known.benchmark.closes.iloc[:, 0]
        for frequency in ("weekly", "daily"):
            rotations(closes, level, frequency=frequency, as_of=as_of, tail_bars=52)
        return expectations(model, said, universe=known.universe, as_of=as_of)

    days = [day.date() for day in panels.sectors.closes.index[-REFRESHES - 1 :]]
    print("first_refresh_s", timed(partial(refreshed, days[0]))[0])
    took = [timed(partial(refreshed, day))[0] for day in days[1:]]
    print("refresh_s", statistics.median(took))


if __name__ == "__main__":
    one(int(sys.argv[1]))
