"""What the scorer needs besides the factors: learned weights, covariance, benchmark weights."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Fraction, Record, Slug
from core.records.result import Family, ToolResult
from core.records.sectors import Skill
from core.records.universe import Horizon

WeightsSource = Literal["universe", "file", "basket", "equal_weight"]
"""Where benchmark weights come from: the universe's TOML, an imported file, the benchmark's own
basket, or equal over the sectors a weight may be chosen for."""


class FactorWeight(Record):
    """A learned weight of one factor's cross-sectional z-score."""

    factor: Slug
    family: Family
    weight: float


class CovarianceRow(Record):
    """One row of the annualised covariance of weekly sector returns, shrunk."""

    sector: Slug
    values: tuple[float, ...] = Field(description="in the order of the rows")


class PortfolioWeight(Record):
    """A benchmark weight of one sector."""

    sector: Slug
    weight: Fraction


class ScoringResult(ToolResult):
    """Answer of get_scoring_inputs: all the scorer needs besides the factors."""

    horizon: Horizon
    weights: tuple[FactorWeight, ...] = ()
    trained_until: date | None = Field(default=None, description="last label's end in the fit")
    covariance: tuple[CovarianceRow, ...] = ()
    benchmark_weights: tuple[PortfolioWeight, ...] = ()
    benchmark: Slug | None = Field(default=None, description="the benchmark the weights are of")
    benchmark_weights_source: WeightsSource = "equal_weight"
    benchmark_weights_as_of: date | None = Field(default=None, description="of a dated table")
    benchmark_weights_origin: str = Field(
        default="", max_length=120, pattern=r"^[\w .,:()/&%-]*$", description="who published them"
    )
    skill: tuple[Skill, ...] = ()
