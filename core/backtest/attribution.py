"""Decides where an excess came from: sector by sector, exactly; refuses to call any of it skill."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.backtest import Effect

UNINVESTED = "uninvested"
"""Name of what is in no sector; it earns nothing."""

FULL_TOLERANCE = 1e-9
"""Weights whose sum is this near to 1 leave nothing uninvested."""

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Held:
    """What a strategy and its reference held, and earned, over the same bars.

    All frames are bars x sectors, aligned. `weights` and `reference` are fractions of each one's
    own wealth at a bar's start, as drifted; what is missing to 1 is uninvested. `returns` are
    fractions a bar; `reference_returns` those of the reference where it holds something else inside
    a sector, None where a sector is one series. `costs` are what trading cost, as fractions of the
    strategy's wealth at the bar's start, None without. A NaN return is allowed where the weight
    is zero.

    Raises:
        ValueError: frames that do not align, a NaN weight or cost, or a weight without a return.
    """

    weights: pd.DataFrame
    reference: pd.DataFrame
    returns: pd.DataFrame
    reference_returns: pd.DataFrame | None = None
    costs: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        known = {"weights": self.weights, "reference": self.reference}
        if self.costs is not None:
            known["costs"] = self.costs
        for name, frame in (*known.items(), ("returns", self.returns), ("base", self.base)):
            if not self.fits(frame):
                raise ValueError(f"{name}: must have the bars and sectors of the weights")
        for name, frame in known.items():
            if frame.isna().to_numpy().any():
                raise ValueError(f"{name}: must not be NaN; a sector not held has weight 0")
        _check_returns("returns", self.weights, self.returns)
        _check_returns("reference returns", self.reference, self.base)

    @property
    def base(self) -> pd.DataFrame:
        """The returns of the reference's own sectors."""
        return self.returns if self.reference_returns is None else self.reference_returns

    @property
    def uninvested(self) -> bool:
        """Whether either ever leaves wealth outside the sectors."""
        sums = np.stack([self.weights.sum(axis=1), self.reference.sum(axis=1)])
        return bool((np.abs(sums - 1.0) > FULL_TOLERANCE).any())

    def fits(self, frame: pd.DataFrame) -> bool:
        """Tell whether a frame has the bars and sectors of the weights."""
        own = self.weights
        return frame.index.equals(own.index) and frame.columns.equals(own.columns)


@dataclass(frozen=True, slots=True)
class BarEffects:
    """Effects a bar, bars x sectors, the uninvested part last; they sum to the bar's excess.

    `bets` are active weights, `leads` the reference's sector returns less its own return, 0 where
    a sector has none. `strategy` (after cost) and `reference` are returns a bar.
    """

    sectors: tuple[str, ...]
    bets: Matrix
    leads: Matrix
    selection: Matrix
    cost: Matrix
    strategy: Vector
    reference: Vector

    @property
    def allocation(self) -> Matrix:
        """What each active weight earned."""
        return self.bets * self.leads


def effects(held: Held, *, bars_a_year: float | None = None) -> tuple[Effect, ...]:
    """Return each sector's linked effects, in the order of columns; they sum to the excess.

    Args:
        held: weights, returns and costs a bar.
        bars_a_year: effects of the difference of the compound rates a year; None: of the
            difference of the total returns.

    Returns:
        Allocation, of it the part that the mean active weight earned (`static`; the rest is
        timing), selection with interaction, and cost (negative), of every sector; the uninvested
        part last, where there is any.

    Raises:
        ValueError: a bar lost everything, so nothing compounds.
    """
    bars = bar_effects(held)
    link = linking(bars.strategy, bars.reference, bars_a_year=bars_a_year)
    allocation, selection, cost = (
        link @ part for part in (bars.allocation, bars.selection, bars.cost)
    )
    static = bars.bets.mean(axis=0) * (link @ bars.leads)
    return tuple(
        Effect(
            sector=sector,
            allocation=float(allocation[place]),
            selection=float(selection[place]),
            cost=float(cost[place]),
            static=float(static[place]),
        )
        for place, sector in enumerate(bars.sectors)
    )


def bar_effects(held: Held) -> BarEffects:
    """Return the effects of every bar (Brinson and Fachler, 1985).

    Allocation is (w - v)(b_s - b), selection with interaction w (r_s - b_s), for weights w and v
    of strategy and reference, returns r_s and b_s inside the sector, and the reference's return b.
    """
    weights, reference = held.weights.to_numpy(np.float64), held.reference.to_numpy(np.float64)
    returns, base = _earned(held.returns), _earned(held.base)
    whole = (reference * base).sum(axis=1)
    leads = np.where(held.base.isna().to_numpy(), 0.0, base - whole[:, None])
    cost = np.zeros_like(weights) if held.costs is None else -held.costs.to_numpy(np.float64)
    strategy = (weights * returns).sum(axis=1) + cost.sum(axis=1)
    bets, selection = weights - reference, weights * (returns - base)
    names = [str(name) for name in held.weights.columns]
    if held.uninvested:
        names.append(UNINVESTED)
        bets = np.column_stack([bets, -bets.sum(axis=1)])
        leads = np.column_stack([leads, -whole])
        selection, cost = (np.pad(part, ((0, 0), (0, 1))) for part in (selection, cost))
    return BarEffects(tuple(names), bets, leads, selection, cost, strategy, whole)


def linking(strategy: Vector, reference: Vector, *, bars_a_year: float | None) -> Vector:
    """Return the factor of each bar under which excesses a bar add up to the whole (Carino, 1999).

    A bar's factor is its logarithmic excess over its arithmetic one, over the same of the whole:
    no residual, and no dependence on the order of bars.

    Args:
        strategy: returns a bar, fractions above -1.
        reference: the same of the reference.
        bars_a_year: the whole is the difference of compound rates a year; None: of total returns.

    Raises:
        ValueError: a return at or below -1, or no bars.
    """
    if len(strategy) == 0 or min(strategy.min(), reference.min()) <= -1.0:
        raise ValueError("returns: linking needs at least one bar, and every return above -1")
    spans = 1.0 if bars_a_year is None else len(strategy) / bars_a_year
    base = np.log1p(reference).sum() / spans
    ratio = np.log1p(strategy).sum() / spans - base
    whole = np.exp(base) * (np.expm1(ratio) / ratio if ratio else 1.0)
    linked: Vector = _log_slope(strategy, reference) * whole / spans
    return linked


def _log_slope(strategy: Vector, reference: Vector) -> Vector:
    """Return the difference of the logs of 1 + either return over that of the returns."""
    ratio = (strategy - reference) / (1.0 + reference)
    same = ratio == 0.0
    slope = np.where(same, 1.0, np.log1p(ratio) / np.where(same, 1.0, ratio))
    scaled: Vector = slope / (1.0 + reference)
    return scaled


def _earned(returns: pd.DataFrame) -> Matrix:
    """Return the returns with nothing earned where nothing is listed."""
    values = returns.to_numpy(np.float64)
    return np.where(np.isnan(values), 0.0, values)


def _check_returns(name: str, weights: pd.DataFrame, returns: pd.DataFrame) -> None:
    loose = (weights.to_numpy(np.float64) != 0.0) & returns.isna().to_numpy()
    if loose.any():
        bar, sector = (int(place[0]) for place in np.nonzero(loose))
        raise ValueError(
            f"{name}: {weights.columns[sector]} is held on {weights.index[bar]} without a return"
        )
