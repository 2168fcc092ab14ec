from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.data import tool_context
from app.files.universes import load_universes
from app.settings import Settings
from core.errors import CallerError, UnknownIdError
from core.panel import MarketPanels, Table
from tests.homes import FITTED_WITH
from tools.context import ToolContext
from tools.macro.paths import series_choices, series_path, state_path
from tools.macro.regimes import regime_now_and_before

ContextOf = Callable[[MarketPanels], ToolContext]
MONTHS = pd.date_range("2023-01-31", "2024-01-31", freq="ME").as_unit("us")


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> ToolContext:
    return tool_context(Settings(home=demo_home, views=FITTED_WITH), load_universes())


def released(panels: MarketPanels) -> MarketPanels:
    """Return panels with a monthly rate, its June revised by ten in August."""
    rows = pd.DataFrame(
        {
            "series": "UNRATE",
            "period": MONTHS,
            "known_at": MONTHS + pd.Timedelta(days=5),
            "assumed": False,
            "value": np.arange(len(MONTHS)) / 10.0,
            "unit": "%",
            "category": "employment",
        }
    )
    june = rows[rows["period"] == pd.Timestamp("2023-06-30")]
    revised = june.assign(value=june["value"] + 10.0, known_at=pd.Timestamp("2023-08-20"))
    table = pd.concat([rows, revised]).sort_values(["known_at", "period", "series"])
    return replace(panels, macro=Table("macro", table.reset_index(drop=True)))


def test_a_revision_counts_from_the_day_it_was_known(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(released(tiny_panels))
    june = date(2023, 6, 30)
    for day, value in ((date(2023, 8, 18), 0.5), (date(2023, 8, 21), 10.5)):
        path = series_path(context, "unrate", as_of=day)
        assert path.values_level[path.periods.index(june)] == pytest.approx(value)
        assert max(path.releases) <= day
        assert path.unit == "%"


def test_the_span_cuts_the_periods(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    context = context_of(released(tiny_panels))
    path = series_path(context, "unrate", since=date(2023, 10, 31))
    assert path.periods[0] == date(2023, 10, 31)
    assert (
        len({len(path.periods), len(path.releases), len(path.assumed), len(path.values_level)}) == 1
    )
    with pytest.raises(CallerError, match="2999"):
        series_path(context, "unrate", since=date(2999, 1, 1))
    with pytest.raises(UnknownIdError, match="nothing"):
        series_path(context, "nothing")


def test_without_releases_there_is_a_gap_and_no_choice(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    assert series_choices(context) == ()
    for path in (series_path(context, "unrate"), state_path(context)):
        assert path.gap is not None
        assert (path.gap.reason, path.gap.dataset) == ("no_data", "macro")


def test_every_choice_has_a_history_and_is_named_once(demo: ToolContext) -> None:
    choices = series_choices(demo, region="demo")
    names = [choice.series for choice in choices]
    assert len(names) == len(set(names)) > 5
    assert all(series_path(demo, name, region="demo").periods for name in names)


def test_the_past_of_the_states_never_sees_the_future(demo: ToolContext) -> None:
    whole = state_path(demo, region="demo", since=date(2022, 1, 3))
    cut = state_path(demo, region="demo", since=date(2022, 1, 3), as_of=date(2023, 6, 16))
    assert cut.sessions[-1] == date(2023, 6, 16)
    count = len(cut.sessions)
    assert whole.sessions[:count] == cut.sessions
    assert whole.growth_z[:count] == cut.growth_z
    assert whole.inflation_z[:count] == cut.inflation_z
    assert whole.sentiment_z[:count] == cut.sentiment_z


def test_each_week_lies_in_the_stretch_its_readings_say(demo: ToolContext) -> None:
    start = date(2022, 1, 3)
    path = state_path(demo, region="demo", since=start)
    spells = regime_now_and_before(demo, region="demo", since=start).history
    names = {
        (True, True): "expansion", (True, False): "recovery",
        (False, True): "slowdown", (False, False): "contraction",
    }  # fmt: skip
    for day, growth, inflation in zip(path.sessions, path.growth_z, path.inflation_z, strict=True):
        if growth is None or inflation is None or 0.0 in (growth, inflation):
            continue
        (spell,) = [row for row in spells if row.entered <= day <= row.left]
        assert spell.regime == names[growth > 0.0, inflation > 0.0]
