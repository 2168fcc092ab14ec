"""Decides when a macro value or statement became known where its source does not say.

The declared facts are in `lags.toml`; a row dated by them is always marked as assumed.
"""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import pandas as pd
from pydantic import Field

from core.records.record import Record

Per = Literal["D", "W", "M", "Q", "A"]
Category = Literal[
    "economic_growth", "inflation", "employment", "rates", "credit", "consumer_sentiment"
]  # fmt: skip
Unit = Literal["%", "index", "thousands", "bn", "pp", "USD", "x"]

STATEMENT_LAG_DAYS = {"Q": 45, "A": 90}
"""Legal deadlines: 10-Q 40-45 days, Vietnamese consolidated quarters 45; 10-K and annual 90."""

FILING_LAG_DAYS = 46
"""Form 13F is due 45 days after the quarter; one day later it is read."""


class SeriesFact(Record):
    """What is declared of one series."""

    per: Per
    lag: int = Field(ge=0, description="days after the end of the reference period")
    unit: Unit
    category: Category
    scale: float = 1.0


class ItemFact(Record):
    """How an item of a table without series ids is named."""

    table: str
    item: str
    series: str
    group: str | None = None
    ytd: str | None = None


class Lags(Record):
    """The whole of lags.toml."""

    default_lag: dict[Per, int] = Field(description="for series that only a file gives a category")
    alternative: dict[str, int] = Field(
        default_factory=dict, description="days after its date, by words of a series' name"
    )
    series: dict[str, SeriesFact]
    aliases: dict[str, str]
    items: tuple[ItemFact, ...]


@lru_cache(maxsize=1)
def declared_lags() -> Lags:
    """Return the packaged table."""
    text = files("tools.sources").joinpath("lags.toml").read_text(encoding="utf-8")
    return Lags.model_validate(tomllib.loads(text))


def alternative_lag(series: str, periods: pd.Series) -> int:
    """Return the days after which a value of alternative data is taken as known, cautiously.

    The first declared word that the name holds whole counts, else the spacing of its dates; where
    all dates are the first of a month they may stand for what follows, and the later of both does.
    """
    lags = declared_lags()
    parts = f"_{'_'.join(re.split(r'[^a-z0-9]+', series.lower()))}_"
    named = [days for word, days in lags.alternative.items() if f"_{word}_" in parts]
    spaced = lags.default_lag[inferred_per(periods)]
    if not named:
        return spaced
    return max(named[0], spaced) if bool((periods.dt.day == 1).all()) else named[0]


def inferred_per(periods: pd.Series) -> Per:
    """Return the reference period the spacing of a series' dates suggests."""
    days = periods.drop_duplicates().sort_values().diff().dt.days.median()
    bounds: tuple[tuple[float, Per], ...] = ((4, "D"), (20, "W"), (60, "M"), (200, "Q"))
    return next((per for bound, per in bounds if days < bound), "A")


def reference_ends(periods: pd.Series, per: Per) -> pd.Series:
    """Return the ends of months or quarters given by any of their days; other dates stay."""
    if per not in ("M", "Q"):
        return periods
    ends: pd.Series = periods.dt.to_period(per).dt.end_time.dt.normalize()
    return ends.astype("datetime64[us]")
