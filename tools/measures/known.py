"""Decides which of a row's vintages counts: the last one known."""

import pandas as pd


def last_known(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the last known version of each (keys, period), in that order.

    Args:
        rows: a table's rows, sorted by known_at, all known at the date asked about.
        keys: columns that name what the row is about.
    """
    latest = rows.drop_duplicates([*keys, "period"], keep="last")
    return latest.sort_values([*keys, "period"])
