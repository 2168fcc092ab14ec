"""Decides which macro series are shown first, and what is made of their values before they are.

The declared list is in `macro_series.toml`. Nothing here enters a factor.
"""

import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from core.records.record import Record
from tools.measures.common import slug
from tools.sources.lags import Per, declared_lags, inferred_per

Transform = Literal["level", "yoy", "mom", "change", "compounded"]

PERIODS_A_YEAR: Final[dict[Per, int]] = {"A": 1, "Q": 4, "M": 12, "W": 52, "D": 365}
UNIT_OF_CHANGE: Final = {"%": "pp"}
"""A difference of percents is in percentage points; other units stay."""


class KeySeries(Record):
    """One series as a desk reads it."""

    id: str
    transform: Transform = "level"

    @property
    def slug(self) -> str:
        """What the row is called: the series itself, or with its transform."""
        name = self.id if self.transform == "level" else f"{self.id}_{self.transform}"
        return slug(name)

    def unit(self, stored: str) -> str:
        """Return the unit of the transformed values of a series stored in `stored`."""
        if self.transform == "level":
            return stored
        return UNIT_OF_CHANGE.get(stored, stored) if self.transform == "change" else "%"


class MacroSeries(Record):
    """The whole of macro_series.toml."""

    stale_days: dict[Per, int]
    series: tuple[KeySeries, ...] = Field(description="in the order shown")


@lru_cache(maxsize=1)
def declared_series() -> MacroSeries:
    """Return the packaged list."""
    text = files("tools.measures").joinpath("macro_series.toml").read_text(encoding="utf-8")
    return MacroSeries.model_validate(tomllib.loads(text))


def reference_period(name: str, periods: pd.Series) -> Per:
    """Return a series' reference period, declared or told by the spacing of its dates."""
    fact = declared_lags().series.get(name)
    return fact.per if fact is not None else inferred_per(periods)


def transformed(history: pd.DataFrame, transform: Transform, per: Per) -> pd.DataFrame:
    """Return the rows a transform can be made for, `value` replaced by it.

    A row is known when all it is made of is known, assumed or revised when any of that is. An
    absent period makes absent whatever would need it.

    Args:
        history: one series, one row a period, ascending: period, known_at, value, assumed, revised.
        transform: what to make of it.
        per: its reference period.
    """
    if transform == "level":
        return history
    year = PERIODS_A_YEAR[per]
    back = {"yoy": year, "compounded": year - 1}.get(transform, 1)
    places = pd.PeriodIndex(history["period"], freq=per)
    rows = history.set_axis(places)[~places.duplicated(keep="last")]
    whole = pd.period_range(places[0], places[-1], freq=per)
    values = _MADE[transform](rows["value"].reindex(whole), back)
    known = rows["known_at"].dt.as_unit("us").astype("int64").astype(np.float64).reindex(whole)
    made = rows.assign(
        value=values.reindex(rows.index),
        known_at=_over(known, back, transform)
        .reindex(rows.index)
        .to_numpy(np.int64)
        .astype("datetime64[us]"),
        **{
            name: _over(rows[name].astype(np.float64).reindex(whole), back, transform)
            .reindex(rows.index)
            .to_numpy()
            > 0.0
            for name in ("assumed", "revised")
        },
    )
    return made[made["value"].notna()].reset_index(drop=True)


def _over(cells: "pd.Series[float]", back: int, transform: Transform) -> "pd.Series[float]":
    """Return the largest of the cells each value is made from."""
    if transform == "compounded":
        return cells.rolling(back + 1, min_periods=1).max()
    return pd.concat([cells, cells.shift(back)], axis=1).max(axis=1)


def _growth(values: "pd.Series[float]", back: int) -> "pd.Series[float]":
    base = values.shift(back)
    return 100.0 * (values / base.where(base > 0.0) - 1.0)


def _difference(values: "pd.Series[float]", back: int) -> "pd.Series[float]":
    return values - values.shift(back)


def _compounded(values: "pd.Series[float]", back: int) -> "pd.Series[float]":
    steps = 1.0 + values / 100.0
    return 100.0 * (steps.rolling(back + 1).apply(np.prod, raw=True) - 1.0)


_MADE: Final[dict[Transform, Callable[["pd.Series[float]", int], "pd.Series[float]"]]] = {
    "yoy": _growth,
    "mom": _growth,
    "change": _difference,
    "compounded": _compounded,
}
