"""What a backtest was asked, what it earned, and how much of that chance explains.

Rates are fractions: 0.05 is five percent. `a year` figures use the series' own bars a year.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Fraction, Record, Slug

Rebalance = Literal["daily", "weekly", "monthly", "quarterly"]
Window = Literal["drawdown", "month", "quarter", "year"]
Caveat = Literal[
    "survivorship",
    "short_sample",
    "synthetic",
    "same_close",
    "few_trials",
    "holdout_opened",
    "no_costs",
    "unchecked",
    "idle_cash",
]


ChanceMeasure = Literal["psr", "dsr", "pbo", "spa_p", "least_bars_count"]
WhyUndefined = Literal[
    "few_bars", "no_risk", "one_trial", "no_reference", "equals_reference", "not_positive"
]


class BacktestSpec(Record):
    """What is simulated; equal specs on equal data give equal bytes."""

    signal: str = Field(max_length=120, pattern=r"^[a-z0-9_]+(:[a-z0-9_.,+-]+)?$")
    top: int | None = Field(default=None, ge=1, description="sectors held in equal parts")
    rebalance: Rebalance = "monthly"
    cost_bps: float | None = Field(
        default=None, ge=0.0, description="a side; None: the market's own, by ticker"
    )
    lag_bars: int = Field(default=1, ge=0, description="bars from decision to fill")
    smoothing: Fraction = Field(default=0.0, description="weight of the last targets in the next")
    band: Fraction = Field(default=0.0, description="a weight nearer to its target stays")
    offsets: Literal["all", "first"] = "all"
    start: date | None = None
    end: date | None = None


class Performance(Record):
    """One return series; None where too few bars, or no risk, define a figure."""

    strategy: str = Field(max_length=120)
    first: date
    last: date
    bars_count: int = Field(ge=1)
    bars_a_year: float
    cagr: float
    volatility: float = Field(description="sample sd of the bars, a year")
    sharpe: float | None = Field(description="mean over sd, a year, over the rate without risk")
    sharpe_se: float | None = Field(description="Lo (2002) with higher moments")
    sortino: float | None
    calmar: float | None
    max_drawdown: float = Field(le=0.0)
    skewness: float | None
    kurtosis: float | None = Field(description="3 for a normal")
    positive_fraction: Fraction = Field(description="bars above zero")
    value_at_risk: float = Field(description="5th percentile of the bars")
    expected_shortfall: float = Field(description="mean of the bars at or below it")
    turnover: float | None = Field(default=None, ge=0.0, description="one-way, a year")
    cost: float | None = Field(default=None, ge=0.0, description="paid, a year")


class Against(Record):
    """A strategy less a reference over the same bars."""

    reference: str = Field(max_length=120)
    excess: float = Field(description="difference of the compound rates, a year")
    tracking_error: float
    information_ratio: float | None
    ratio_t: float | None = Field(description="mean excess over its Newey-West error")
    beta: float | None
    years_won_fraction: Fraction | None


class Undefined(Record):
    """Why a figure of chance is None."""

    measure: ChanceMeasure
    why: WhyUndefined


class Chance(Record):
    """How much of a Sharpe ratio selection and luck explain."""

    psr: Fraction | None = Field(description="P(true Sharpe > 0)")
    dsr: Fraction | None = Field(description="P(true Sharpe > the best of so many lucky trials)")
    trials_count: int = Field(ge=1, description="every trial ever run on these data, this included")
    luck_sharpe: float | None = Field(description="expected best of them without skill, a year")
    pbo: Fraction | None = Field(description="probability that the best in sample is below median")
    pbo_splits_count: int = Field(default=0, ge=0)
    spa_p: Fraction | None = Field(description="Hansen's SPA, consistent p, against the reference")
    least_bars_count: int | None = Field(description="bars PSR needs for 95 %; None: never")
    undefined: tuple[Undefined, ...] = Field(default=(), description="why each None is one")


class Span(Record):
    """A stretch of bars and what it brought."""

    window: Window
    first: date
    last: date
    strategy: float
    reference: float | None
    recovered: date | None = Field(
        default=None, description="bar a drawdown was made good; None: not yet, or another window"
    )


class InRegime(Record):
    """Bars of one state of the market."""

    regime: Slug
    bars_count: int = Field(ge=1)
    mean: float = Field(description="a year")
    excess: float | None = Field(description="over the reference, a year")
    t: float | None


class Lagged(Record):
    """The same strategy filled so many bars later."""

    lag_bars: int
    cagr: float
    sharpe: float | None


class Offset(Record):
    """The same strategy decided on another day of the period."""

    offset: int
    cagr: float
    sharpe: float | None


class Effect(Record):
    """Brinson and Fachler's effects of one sector, linked over periods; they sum to the excess."""

    sector: Slug
    allocation: float
    selection: float
    cost: float
    static: float | None = Field(
        default=None,
        description="of the allocation, what the mean active weight earned; the rest is timing",
    )


class FactorEffect(Record):
    """The part of the allocation effect that one factor's bets earned."""

    factor: Slug
    effect: float


class BacktestResult(Record):
    """A backtest with its baselines beside it."""

    universe: Slug
    data_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    spec: BacktestSpec
    performance: Performance
    baselines: tuple[Performance, ...]
    against: tuple[Against, ...] = Field(description="equal weight first")
    chance: Chance
    worst: tuple[Span, ...]
    years: tuple[Span, ...]
    regimes: tuple[InRegime, ...] = ()
    decay: tuple[Lagged, ...] = ()
    offsets: tuple[Offset, ...] = ()
    break_even_bps: float | None = Field(
        description="cost a side at which the excess over equal weight is gone; None without trades"
    )
    effects: tuple[Effect, ...] = ()
    factor_effects: tuple[FactorEffect, ...] = ()
    caveats: tuple[Caveat, ...] = ()


class Trial(Record):
    """One strategy tried on one data set; the registry keeps all of them, good or bad."""

    study: Slug = Field(description="data set the trials compete on, e.g. us, french30")
    strategy: str = Field(max_length=120)
    spec_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    data_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    first: date
    last: date
    bars_count: int = Field(ge=1)
    sharpe_bar: float | None = Field(description="mean over sd a bar, net of cost")
