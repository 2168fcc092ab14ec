from datetime import date
from pathlib import Path

import pytest

from app.data import tool_context
from app.files.universes import load_universes
from app.settings import Settings
from tests.homes import FITTED_WITH
from tools.context import ToolContext
from tools.sectors.cuts import cut_records


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> ToolContext:
    return tool_context(Settings(home=demo_home, views=FITTED_WITH), load_universes())


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2023, 9, 29)])
def test_the_cuts_hold_every_settled_decision_once(demo: ToolContext, day: date) -> None:
    model = demo.model(demo.universe("demo"))
    assert model is not None
    rows = cut_records(demo, region="demo", horizon="1M", as_of=day)
    skill = model.skill("1M", day)
    assert skill is not None
    assert sum(row.dates_count for row in rows) == skill.dates_count
    assert [row.cut for row in rows] == sorted({row.cut for row in rows})
    for row in rows:
        mine = [
            one
            for one in model.outcomes
            if one.horizon == "1M"
            and one.ended <= day
            and (fold := model.fold("1M", one.decided)) is not None
            and fold.cut == row.cut
        ]
        assert row.dates_count == len(mine)
        assert row.ic_mean_index == pytest.approx(sum(one.ic for one in mine) / len(mine))
        assert row.until == max(one.decided for one in mine) >= row.cut


def test_without_a_fit_or_a_settled_decision_there_is_no_cut(demo: ToolContext) -> None:
    assert cut_records(demo, region="us") == ()
    assert cut_records(demo, region="demo", as_of=date(2021, 1, 29)) == ()
