"""Decides the form in which published values leave their source: raw, unit and category undeclared.

What a series is, and when a value without a release date became known, is declared elsewhere.
"""

import numpy as np
import pandas as pd

from tools.storage.schema import SCHEMAS


def macro_frame(
    series: str, periods: pd.DatetimeIndex, values: pd.Index, known: pd.DatetimeIndex | None = None
) -> pd.DataFrame:
    """Return rows of the macro schema; rows without a number are left out.

    Args:
        series: the id they are stored as.
        periods: any day of each reference period.
        values: one a period, in the source's unit; NaN where it tells none.
        known: release dates; NaT, or None for all: not told, then `assumed` is True.
    """
    stamps = pd.DatetimeIndex([pd.NaT] * len(periods)) if known is None else known
    rows = pd.DataFrame(
        {
            "series": pd.Series([series] * len(periods), dtype="str"),
            "unit": pd.Series([np.nan] * len(periods), dtype="str"),
            "category": pd.Series([np.nan] * len(periods), dtype="str"),
            "period": periods.as_unit("us"),
            "known_at": stamps.as_unit("us"),
            "value": values.astype("float64"),
            "assumed": stamps.isna(),
        }
    )
    return rows.loc[rows["value"].notna(), list(SCHEMAS["macro"].columns)].reset_index(drop=True)
