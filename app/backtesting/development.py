"""Decides what is known of the trials made while the models were chosen, before any registry."""

import csv
from importlib.resources import files

SOURCE = "development_trials.csv"


def development_trials(study: str, *, bars_a_year: float) -> tuple[float, ...]:
    """Return the Sharpe ratio a bar of each trial's excess on this study; none on any other.

    Args:
        study: french30 or a universe the models were chosen on.
        bars_a_year: of the study's bars; the file has ratios a year.
    """
    text = files("app").joinpath(SOURCE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(float(row["ratio"]) / bars_a_year**0.5 for row in rows if row["market"] == study)
