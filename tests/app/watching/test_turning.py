from datetime import date

import numpy as np
import pandas as pd
import pytest

from app.alerting.rules import last_finished_week
from app.alerting.standing import alerts_of
from app.alerting.standpoint import Standpoint
from app.watching.turning import firm_turns, sides
from tools.context import ToolContext

DAYS = (date(2024, 6, 12), date(2023, 3, 3), date(2022, 9, 26), date(2024, 12, 31))


@pytest.mark.parametrize("day", DAYS)
def test_without_a_band_the_turns_are_those_of_the_events(context: ToolContext, day: date) -> None:
    week = last_finished_week(context, "demo", day)
    assert week is not None
    panels = context.scope("demo", week).panels
    assert panels is not None
    firm = list(firm_turns(panels, as_of=week, look="weekly", band=0.0))
    told = alerts_of(context, Standpoint(), "demo", week, frozenset({"quadrant_change"}))
    assert {row.id: row for row in firm} == {row.id: row for row in told}


def test_an_axis_counts_as_where_it_was_until_it_is_beyond_the_band() -> None:
    path = [np.nan, 99.9, 100.1, 100.2, 99.9, 99.8, 99.7, 100.1, 100.3]
    found = sides(pd.DataFrame({"a": path}), 0.2)[:, 0]
    assert np.isnan(found[0])
    assert list(found[1:]) == [-1, 1, 1, 1, 1, -1, -1, 1]


def test_a_wider_band_never_turns_more_often(context: ToolContext) -> None:
    panels = context.scope("demo", None).panels
    assert panels is not None
    closes = panels.sectors.closes
    axis = 100.0 * closes / closes.rolling(30).mean()
    turns = [
        int((np.diff(np.nan_to_num(sides(axis, band)), axis=0) != 0).sum())
        for band in (0.0, 0.2, 1.0, 3.0)
    ]
    assert turns == sorted(turns, reverse=True)
    assert turns[0] > turns[-1]
