from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.alerting.records import Alert
from app.alerting.rules import LEAST_RUN, flow_turns, last_finished_week
from app.alerting.standing import CONCERNS, standing_alerts
from app.alerting.standpoint import Drift, Standpoint, standpoint
from app.data import tool_context
from app.files.holdings import store_holdings
from app.files.universes import load_universes
from app.settings import Settings
from app.snapshots import keep_snapshots
from core.errors import UnknownUniverseError
from core.panel import FlowPanel
from core.records.holdings import Holdings, Position
from core.rotation.quadrants import rotations
from tests.core.decisions import FRIDAY, GROWTH, MOMENTUM, TOY, factors_of, report_of, taken
from tests.homes import FITTED_WITH
from tools.context import ToolContext
from tools.scope import Scope

NOBODY = Standpoint()
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def context(demo_home: Path) -> ToolContext:
    return tool_context(Settings(home=demo_home, views=FITTED_WITH), load_universes())


def told_of(found: tuple[Alert, ...], kind: str) -> list[Alert]:
    return [alert for alert in found if alert.kind == kind]


def test_the_turns_are_those_of_the_last_finished_week(context: ToolContext) -> None:
    universe = context.universe("demo")
    for day in (date(2024, 6, 12), date(2023, 3, 3), date(2022, 9, 26)):
        panels = context.scope("demo", day).panels
        assert panels is not None
        week = last_finished_week(context, "demo", day)
        assert week is not None
        closes = panels.sectors.closes.loc[: pd.Timestamp(week)]
        level = panels.benchmark.closes.loc[: pd.Timestamp(week), universe.benchmark.id]
        now = rotations(closes, level, frequency="weekly", as_of=week, tail_bars=2)
        earlier = week - WEEK
        before = rotations(
            closes.loc[: pd.Timestamp(earlier)], level.loc[: pd.Timestamp(earlier)],
            frequency="weekly", as_of=earlier, tail_bars=2,
        )  # fmt: skip
        expected = {
            sector: (old.quadrant, new.quadrant)
            for sector, new in now.items()
            if new and (old := before[sector]) and new.quadrant != old.quadrant
        }
        found = told_of(standing_alerts(context, NOBODY, "demo", day), "quadrant_change")
        assert {row.sector: (row.quadrant_before, row.quadrant) for row in found} == expected
        assert {row.period for row in found} <= {week}


def test_own_sectors_come_first_and_keep_their_ids(context: ToolContext) -> None:
    day = date(2024, 6, 12)
    plain = [row for row in standing_alerts(context, NOBODY, "demo", day) if row.sector]
    assert plain
    sector = plain[-1].sector
    assert sector is not None
    own = standing_alerts(context, Standpoint(held=frozenset({sector})), "demo", day)
    assert (own[0].sector, own[0].concern) == (sector, "held")
    assert {row.id for row in own} >= {row.id for row in plain}
    places = [CONCERNS.index(row.concern) for row in own]
    assert places == sorted(places)
    favoured = standing_alerts(context, Standpoint(favoured=frozenset({sector})), "demo", day)
    assert {row.concern for row in favoured if row.sector == sector} == {"favoured"}


def test_a_thing_told_on_two_days_has_one_id(context: ToolContext) -> None:
    one, other = (
        {row.id: row for row in standing_alerts(context, NOBODY, "demo", day) if row.sector}
        for day in (date(2024, 6, 11), date(2024, 6, 12))
    )
    weekly = {key for key, row in one.items() if row.frequency == "weekly"}
    assert weekly
    assert weekly == {key for key, row in other.items() if row.frequency == "weekly"}
    assert len(one) == len(set(one))


def test_old_data_and_moved_tools_are_the_keepers_business(context: ToolContext) -> None:
    late = date(2025, 2, 3)
    stand = Standpoint(drifts=(Drift("vimo", 2, date(2025, 2, 1)),))
    found = standing_alerts(context, stand, "demo", late)
    stale = {row.dataset: row.age_days for row in told_of(found, "stale_data")}
    assert stale["prices"] == (late - date(2024, 12, 31)).days
    (moved,) = told_of(found, "tool_changed")
    assert (moved.server, moved.tools_count, moved.concern) == ("vimo", 2, "upkeep")
    assert not told_of(standing_alerts(context, stand, "demo", date(2024, 12, 31)), "tool_changed")
    assert not told_of(standing_alerts(context, NOBODY, "demo"), "stale_data")


def test_a_market_without_data_has_nothing_to_tell(context: ToolContext) -> None:
    assert standing_alerts(context, NOBODY, "us") == ()
    with pytest.raises(UnknownUniverseError):
        standing_alerts(context, NOBODY, "nowhere")


def flowing(context: ToolContext, signs: list[float], *, net: float = 1.0) -> Scope:
    """Return the market with every stock's net of the last sessions, buying before them."""
    scope = context.scope("demo", None)
    assert scope.panels is not None
    assert scope.panels.flows is not None
    flat = scope.panels.flows.buys * 0.0 + 1.0
    sign = np.ones(len(flat))
    sign[-len(signs) :] = signs
    moved = flat.mul(net * sign, axis=0)
    flows = FlowPanel(5.0 * flat + moved, 5.0 * flat, 20.0 * flat, 0.0 * flat, np.nan * flat)
    return replace(scope, panels=replace(scope.panels, flows=flows))


def test_a_turn_of_foreigners_after_a_week_one_way_is_told(context: ToolContext) -> None:
    scope = flowing(context, [*[1.0] * LEAST_RUN, -1.0, -1.0])
    found = list(flow_turns(scope))
    assert {row.sector for row in found} == set(scope.universe.sector_ids)
    row = found[0]
    assert row.run_sessions == -2
    assert row.run_before_sessions is not None
    assert row.run_before_sessions >= LEAST_RUN
    assert row.intensity_pct == pytest.approx(-5.0)
    assert row.net_bn is not None
    assert row.net_bn < 0.0


@pytest.mark.parametrize(
    "signs",
    [
        [-1.0, *[1.0] * (LEAST_RUN - 1), -1.0],
        [*[1.0] * 10, *[-1.0] * 6],
        [1.0] * 10,
        [*[1.0] * 10, 0.0],
    ],
)
def test_a_short_run_an_old_turn_and_no_turn_are_not_told(
    context: ToolContext, signs: list[float]
) -> None:
    assert list(flow_turns(flowing(context, signs))) == []


def test_a_turn_of_little_money_or_behind_a_full_room_is_not_told(context: ToolContext) -> None:
    turn = [*[1.0] * LEAST_RUN, -1.0]
    assert list(flow_turns(flowing(context, turn, net=0.1))) == []
    scope = flowing(context, turn)
    assert scope.panels is not None
    assert scope.panels.flows is not None
    full = replace(scope.panels.flows, room_full=scope.panels.flows.buys * 0.0 + 1.0)
    hidden = replace(scope, panels=replace(scope.panels, flows=full))
    assert list(flow_turns(hidden)) == []


def keep(home: Path, run: str, day: date, *, turned: bool = False) -> None:
    folder = home / "runs" / run
    folder.mkdir(parents=True)
    factors = factors_of(momentum_12m=MOMENTUM[::-1], growth=GROWTH[::-1]) if turned else None
    keep_snapshots(folder, report_of(taken(day, factors=factors)))
    (folder / "run.json").write_text("{}")


def test_the_standpoint_is_of_its_date(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    keep(tmp_path, "1", FRIDAY)
    keep(tmp_path, "2", FRIDAY + WEEK, turned=True)
    held = Holdings(
        universe="toy", dated=FRIDAY + WEEK, source="book.csv",
        positions=(Position(sector="a", weight=0.5), Position(symbol="B", weight=0.0)),
    )  # fmt: skip
    store_holdings(tmp_path, held)
    now = standpoint(settings, TOY, None, as_of=FRIDAY + WEEK)
    assert now.last is not None
    assert now.before is not None
    assert (now.before.as_of, now.last.as_of) == (FRIDAY, FRIDAY + WEEK)
    assert now.held == {"a"}
    then = standpoint(settings, TOY, None, as_of=FRIDAY)
    assert then.last is not None
    assert (then.last.as_of, then.before, then.held) == (FRIDAY, None, frozenset())
    over = {row.sector for row in then.last.allocation.lines if row.stance == "overweight"}
    assert then.favoured == over


def test_a_stance_that_differs_from_the_report_before_is_told(
    tmp_path: Path, context: ToolContext
) -> None:
    keep(tmp_path, "1", FRIDAY)
    keep(tmp_path, "2", FRIDAY + WEEK, turned=True)
    toys = tool_context(Settings(home=tmp_path, universe="toy"), {"toy": TOY})
    stand = standpoint(Settings(home=tmp_path), TOY, None, as_of=FRIDAY + WEEK)
    assert stand.last is not None
    assert stand.before is not None
    before, last = (
        {row.sector: row.stance for row in report.allocation.lines}
        for report in (stand.before, stand.last)
    )
    expected = {
        sector: (before[sector], last[sector]) for sector in last if before[sector] != last[sector]
    }
    found = standing_alerts(toys, stand, "toy", FRIDAY + WEEK)
    assert {row.sector: (row.stance_before, row.stance) for row in found} == expected
    later = replace(stand, last=stand.last.model_copy(update={"as_of": FRIDAY - timedelta(days=1)}))
    assert told_of(standing_alerts(toys, later, "toy", FRIDAY + WEEK), "stance_change") == []
    assert expected
