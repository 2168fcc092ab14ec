from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.panel import MarketPanels, Table
from core.signals.macro import macro_regime
from tools.measures.regime import regime


@pytest.fixture(scope="module")
def released(tiny_panels: MarketPanels) -> MarketPanels:
    """Three categories of monthly releases that turn up and down."""
    periods = pd.date_range("2019-01-31", periods=61, freq="ME").as_unit("us")
    waves = {"economic_growth": 5.0, "inflation": 9.0, "rates": 14.0}
    frames = [
        pd.DataFrame(
            {
                "series": f"s_{category}",
                "period": periods,
                "known_at": periods + pd.Timedelta(days=9),
                "assumed": False,
                "value": np.sin(np.arange(61) / months),
                "unit": "%",
                "category": category,
            }
        )
        for category, months in waves.items()
    ]
    rows = pd.concat(frames).sort_values(["known_at", "series"], ignore_index=True)
    return replace(tiny_panels, macro=Table("macro", rows))


@pytest.mark.parametrize("day", pd.date_range("2023-03-01", "2024-02-23", freq="20D").date)
def test_it_is_the_catalogues_on_every_date(released: MarketPanels, day: date) -> None:
    known = released.until(day)
    found = regime(known)
    assert found is not None
    assert found == macro_regime(known)


def test_without_both_readings_there_is_none(
    tiny_panels: MarketPanels, released: MarketPanels
) -> None:
    assert released.macro is not None
    rows = released.macro.rows
    growth = rows[rows["category"] == "economic_growth"]
    assert regime(tiny_panels) is None
    assert regime(replace(released, macro=Table("macro", growth))) is None
