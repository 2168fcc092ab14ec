"""What a tear sheet draws beside the record: the return series, their names, the language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from core.records.request import Language

EQUAL_WEIGHT = "equal_weight"
"""The baseline every excess on the sheet is measured over."""


@dataclass(frozen=True, slots=True)
class TearsheetSeries:
    """Returns a bar, fractions, indexed by the same ascending dates.

    strategy: after costs, without NaN.
    baselines: bars x baselines, `equal_weight` among them; NaN before a baseline starts.
    bars_a_year: 252, 52, 12, ...
    market: the universe's or file's name, as the page's title says it.
    sectors: names of sectors; a sector that is not here is named by its id.
    holdout: the first day kept back from development, None where all was seen.

    Raises:
        ValueError: dates that differ, a NaN in the strategy, or no equal-weight baseline.
    """

    strategy: pd.Series
    baselines: pd.DataFrame
    bars_a_year: float
    market: str
    sectors: Mapping[str, str] = field(default_factory=dict)
    holdout: date | None = None
    language: Language = "en"

    def __post_init__(self) -> None:
        if not isinstance(self.strategy.index, pd.DatetimeIndex):
            raise ValueError("strategy: the index must be dates")
        if not self.strategy.index.equals(self.baselines.index):
            raise ValueError("baselines: must have the dates of the strategy")
        if len(self.strategy) == 0 or self.strategy.isna().any():
            raise ValueError("strategy: at least one bar, and none of them NaN")
        if EQUAL_WEIGHT not in self.baselines:
            raise ValueError(f"baselines: must hold {EQUAL_WEIGHT}")
        if np.isinf(self.baselines.to_numpy(np.float64)).any():
            raise ValueError("baselines: returns must be finite or NaN")

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The bars' dates."""
        return pd.DatetimeIndex(self.strategy.index)

    @property
    def equal_weight(self) -> pd.Series:
        """The equal-weight baseline."""
        return self.baselines[EQUAL_WEIGHT]
