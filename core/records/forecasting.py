"""What a fitted forecast says of itself: its record, its folds, and its weights over time."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from core.records.record import Fraction, Record, Slug
from core.records.result import Family, ToolResult
from core.records.sectors import Skill
from core.records.universe import Horizon


class FoldRow(Record):
    """One cut of the walk-forward: what may be used from that day on."""

    keys: ClassVar[tuple[str, ...]] = ("cut",)

    cut: date
    trained_until: date = Field(description="last label's end in the fit")
    labels_count: int = Field(ge=1)
    slope_x: float = Field(description="expected percent a unit of score, by the settled record")
    smoothing_fraction: Fraction = Field(description="share of a view's last value in the next")
    views_share_fraction: Fraction = Field(description="of the absolute weight")


class WeightRow(Record):
    """A learned weight at one cut, percent of excess a sd; the sign is the data's."""

    keys: ClassVar[tuple[str, ...]] = ("factor", "cut")

    factor: Slug
    family: Family
    cut: date
    weight_pct: float


class ViewRow(Record):
    """One view's last fit."""

    factor: Slug
    learner: Slug
    cut: date
    rows_count: int = Field(ge=1)
    claimed_index: Fraction = Field(description="the correlation it claims on what it learned from")


class ForecastRecordResult(ToolResult):
    """Answer of get_forecast_record."""

    horizon: Horizon
    skill: tuple[Skill, ...] = Field(default=(), max_length=1)
    rows: tuple[FoldRow, ...] = Field(default=(), description="ascending; the last one speaks now")
    weights: tuple[WeightRow, ...] = Field(
        default=(), description="every weight of the last cut, and the views' of all cuts"
    )
    views: tuple[ViewRow, ...] = ()
