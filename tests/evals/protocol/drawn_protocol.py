"""A drawn market the protocol can be played on."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from app.backtesting.data import Ground
from core.backtest.costs import flat_cost
from core.backtest.return_panel import ReturnPanel, Terms
from core.forecast.dataset import monthly_decision_set
from evals.protocol.grounds import Market
from evals.protocol.models import Said

NOW = datetime(2024, 6, 21, 18, tzinfo=UTC)
FIRST, END = date(2004, 1, 1), date(2007, 12, 31)
N_MONTHS = 120
SECTORS = list("abcde")


def drawn(*, name: str = "drawn", changed_after: date | None = None) -> Market:
    """Ten years of months from 2001 on; those after the day drawn anew."""
    dates = pd.date_range("2001-01-31", periods=N_MONTHS, freq="ME")
    cells = np.random.default_rng(7).normal(0.008, 0.05, (N_MONTHS, len(SECTORS)))
    if changed_after is not None:
        later = dates > pd.Timestamp(changed_after)
        cells[later] = np.random.default_rng(8).normal(0.0, 0.09, cells.shape)[later]
    panel = ReturnPanel(pd.DataFrame(cells, index=dates, columns=SECTORS))
    terms = Terms(flat_cost(10.0, len(SECTORS)))
    return Market(
        name=name,
        ground=Ground(name, name, panel, terms, {}, {}),
        decisions=monthly_decision_set(panel.returns),
        cost=0.001,
        rebalance="monthly",
        lag_bars=0,
    )


def by_days(market: Market) -> Market:
    """The market on daily bars, whose models decide weekly."""
    days = pd.bdate_range("2001-01-01", "2010-12-31")
    cells = np.random.default_rng(9).normal(0.0004, 0.01, (len(days), len(SECTORS)))
    panel = ReturnPanel(pd.DataFrame(cells, index=days, columns=SECTORS))
    terms = market.ground.terms
    return Market(
        name=market.name,
        ground=Ground(market.name, market.name, panel, terms, {}, {}),
        decisions=market.decisions,
        cost=market.cost,
        rebalance="weekly",
        lag_bars=1,
    )


def perfect(market: Market, model: str = "seer") -> Said:
    """A model that says what comes."""
    labels = market.decisions.labels["1M"]
    dates = market.decisions.dates[: len(labels.ends)]
    frame = pd.DataFrame(labels.excess, index=dates, columns=SECTORS)
    return Said(model, frame, "recipe")


def noise(market: Market, model: str = "dice", *, since: str = "2001-01-01") -> Said:
    """A model that knows nothing, from a day on."""
    dates = market.decisions.dates
    cells = np.random.default_rng(1).normal(size=(len(dates), len(SECTORS)))
    frame = pd.DataFrame(cells, index=dates, columns=SECTORS)
    return Said(model, frame[dates >= pd.Timestamp(since)].reindex(dates), "recipe")
