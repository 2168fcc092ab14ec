"""What reports of past dates turned out to be worth: as a portfolio, as forecasts, as a model."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.backtest import Against, BacktestResult, Performance
from core.records.record import Fraction, Record, Slug
from core.records.report import Section
from core.records.sectors import ChanceBin
from core.records.universe import Horizon

Unplayed = Literal["few_bars"]
"""Why nothing was simulated: too few bars after the first report."""


class HorizonSettled(Record):
    """How what the reports say of one horizon turned out, over those whose horizon has ended.

    The t are Newey and West's with twice the lag of the overlap, None under 20 dates or ten
    outcomes end to end. Scores and
    stances are of the reports' own horizon alone, None of another. Percent are of excess over the
    equal-weighted mean of the universe's sectors.
    """

    horizon: Horizon
    reports_count: int = Field(ge=0)
    settled_count: int = Field(ge=0, description="reports whose horizon has ended")
    score_ic_index: float | None = Field(default=None, description="mean rank IC of the scores")
    score_ic_t_index: float | None = None
    score_ic_dates_count: int = Field(default=0, ge=0, description="that rank the sectors at all")
    forecast_ic_index: float | None = Field(default=None, description="of the expected excess")
    forecast_ic_t_index: float | None = None
    forecast_ic_dates_count: int = Field(default=0, ge=0, description="as of the scores")
    momentum_ic_index: float | None = Field(
        default=None, description="of 12-month momentum's ranks on the same dates"
    )
    calls_count: int = Field(default=0, ge=0, description="over- and underweights that settled")
    hit_fraction: Fraction | None = None
    hit_low_fraction: Fraction | None = Field(default=None, description="95 %, Wilson")
    hit_high_fraction: Fraction | None = None
    excess_mean_pct: float | None = Field(
        default=None, description="mean excess of overweights and of minus underweights"
    )
    excess_t_index: float | None = Field(default=None, description="of each date's mean")
    forecasts_count: int = Field(default=0, ge=0)
    covered_fraction: Fraction | None = Field(default=None, description="inside the 80 % interval")
    brier_index: float | None = Field(default=None, description="0.25 for always one half")
    bins: tuple[ChanceBin, ...] = Field(default=(), max_length=5)


class Repairs(Record):
    """Sentences of a model that were replaced, by reason."""

    kind: Literal["unbound", "false", "unknown_fact", "bad_slot", "language"]
    count: int = Field(ge=1)


class ModelJudged(Record):
    """What a language model added to the reports, and what it cost.

    Plans are held to the calls rules choose of the same evidence: `plan_precision_fraction` is the
    share of the model's calls that rules make too, `plan_recall_fraction` the share of the rules'
    that the model asked for.
    """

    model: str
    reports_count: int = Field(ge=1)
    plans_count: int = Field(ge=0, description="reports whose plan stands as the model's")
    calls_count: int = Field(ge=0, description="calls its plans added")
    ruled_count: int = Field(ge=0, description="calls rules choose in those reports")
    plan_precision_fraction: Fraction | None = None
    plan_recall_fraction: Fraction | None = None
    sentences_count: int = Field(ge=0, description="of sections a model may word")
    model_sentences_count: int = Field(ge=0, description="that are its own and stood")
    sentences_fraction: Fraction | None = None
    sections_fraction: Fraction | None = Field(
        default=None, description="of the sections a model may word, those with one of its own"
    )
    sections_worded: tuple[Section, ...] = ()
    repairs: tuple[Repairs, ...] = ()
    asked_count: int = Field(default=0, ge=0, description="answers of the model")
    tokens_read_count: int = Field(default=0, ge=0)
    tokens_written_count: int = Field(default=0, ge=0)
    usd: float | None = Field(default=None, description="None where nobody stated a price")
    seconds: float | None = Field(default=None, description="of the runs; None where none is kept")


class ChainSettled(Record):
    """Reports of one universe, horizon and mandate, by date: held, settled and judged."""

    universe: Slug
    horizon: Horizon
    mandate: str = Field(description="its id, or its file's name where the batch gave one")
    first: date = Field(description="of the reports")
    last: date
    reports_count: int = Field(ge=1)
    missing_count: int = Field(default=0, ge=0, description="reports asked for that are not there")
    undecided_count: int = Field(default=0, ge=0, description="reports without weights")
    settled_until: date = Field(description="the data's last session")
    backtest: BacktestResult | None = None
    benchmark: Performance | None = Field(
        default=None, description="the reports' own benchmark weights, held and traded alike"
    )
    active: Against | None = Field(default=None, description="the reports less that")
    unplayed: Unplayed | None = Field(default=None, description="why there is no backtest")
    horizons: tuple[HorizonSettled, ...] = ()
    model: ModelJudged | None = None


class Settlement(Record):
    """What became of a batch of reports of past dates."""

    chains: tuple[ChainSettled, ...]
