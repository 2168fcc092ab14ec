from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest

from app.alerting.rules import last_finished_week
from app.data import tool_context
from app.files.holdings import store_holdings
from app.files.mandates import load_book
from app.settings import Settings
from app.snapshots import keep_snapshots
from app.watching.levels import beyond_intervals
from app.watching.rebalancing import proposal, rebalances
from app.watching.records import Rules
from app.watching.replaying import moment_of, replayed, sessions
from app.watching.sightings import Lookout, Sightings
from app.watching.slots import Grid
from core.errors import DateError
from core.records.holdings import Holdings, Position
from tests.app.render.sample_report import AS_OF
from tests.app.render.samples import full_report
from tests.app.watching.watched import EVERY, NEVER_QUIET, PACKAGED, UNIVERSES, grid
from tools.context import ToolContext

FRIDAY = date(2024, 6, 14)
DEMO = UNIVERSES["demo"]


def lookout(settings: Settings, context: ToolContext, rules: Rules = PACKAGED) -> Lookout:
    return Lookout(
        settings, context, DEMO, rules=rules, book=load_book(None),
        clock=lambda: datetime(2024, 6, 14, 20, tzinfo=UTC),
    )  # fmt: skip


def plain(found: Sightings) -> tuple[object, ...]:
    return found.as_of, found.alerts, found.levels, found.standpoint


def test_a_look_sees_nothing_past_its_session(settings: Settings, context: ToolContext) -> None:
    held_back = tool_context(settings, UNIVERSES, latest=FRIDAY)
    blind, seeing = (lookout(settings, one).look(FRIDAY) for one in (held_back, context))
    assert plain(blind) == plain(seeing)
    assert seeing.as_of == FRIDAY
    assert {level.period for level in seeing.levels} == {FRIDAY}
    assert seeing.standpoint.favoured


@pytest.mark.prove
def test_a_week_whose_last_closes_have_not_come_is_not_over(
    settings: Settings, context: ToolContext
) -> None:
    without_friday = tool_context(settings, UNIVERSES, latest=FRIDAY - timedelta(days=1))
    early = lookout(settings, without_friday).look(FRIDAY)
    assert early.as_of == FRIDAY - timedelta(days=1)
    week = last_finished_week(context, "demo", FRIDAY - timedelta(days=1))
    assert {level.period for level in early.levels} == {week}
    assert week is not None
    assert week < FRIDAY - timedelta(days=4)


def test_of_a_market_whose_prices_ended_long_ago_only_that_is_told(
    settings: Settings, context: ToolContext
) -> None:
    found = lookout(settings, context).look(date(2025, 3, 3))
    assert {row.kind for row in found.alerts} == {"stale_data"}
    assert found.levels == ()


def test_a_market_without_data_shows_nothing(settings: Settings, tmp_path: Path) -> None:
    empty = Settings(home=tmp_path)
    found = lookout(empty, tool_context(empty, UNIVERSES)).look(FRIDAY)
    assert (found.as_of, found.alerts, found.levels) == (None, (), ())


@pytest.mark.prove
def test_a_month_outside_its_interval_is_told_and_a_wider_one_is_not(context: ToolContext) -> None:
    strict, lax = (
        {row.sector for day in (FRIDAY, date(2024, 9, 13), date(2024, 3, 15))
         for row in beyond_intervals(context, context.scope("demo", day), threshold=threshold)}
        for threshold in (0.0, 50.0)
    )  # fmt: skip
    assert strict
    assert not lax


@pytest.mark.prove
def test_a_replay_tells_what_the_watch_would_have_told_day_by_day(
    settings: Settings, context: ToolContext
) -> None:
    days = list(sessions(grid("demo"), date(2024, 6, 3), FRIDAY))
    look = cache(lookout(settings, context, NEVER_QUIET).look)
    replay = partial(
        replayed, "demo", look, grid("demo"), since=days[0], until=days[-1], tell=lambda _: None
    )
    found = replay(NEVER_QUIET)
    assert found.sessions_count == len(days)
    assert found.pushes_count == sum(row.pushes_count for row in found.months)
    assert sum(row.pushed_count for row in found.rules) >= found.pushes_count > 0
    quiet = replay(NEVER_QUIET.model_copy(update={"pushes_a_day": 0}))
    assert quiet.pushes_count == 0
    told = {row.rule: row.pushed_count + row.digested_count for row in found.rules}
    assert {row.rule: row.digested_count for row in quiet.rules} == told


def test_a_replay_first_looks_at_the_session_before() -> None:
    asked: list[date] = []

    def look(day: date) -> Sightings:
        asked.append(day)
        return Sightings(day)

    replayed("demo", look, grid("demo"), PACKAGED, since=FRIDAY, until=FRIDAY, tell=lambda _: None)
    assert asked == [FRIDAY - timedelta(days=1), FRIDAY]


def test_a_replay_of_no_session_is_refused(settings: Settings, context: ToolContext) -> None:
    with pytest.raises(DateError, match="no session"):
        replayed(
            "demo", lookout(settings, context).look, grid("demo"), PACKAGED,
            since=date(2024, 6, 15), until=date(2024, 6, 16), tell=lambda _: None,
        )  # fmt: skip


def test_a_moment_of_a_replay_is_the_days_end() -> None:
    planned = Grid(DEMO, every=EVERY, quiet=PACKAGED.quiet, zone="Asia/Tokyo")
    moment = moment_of(planned, FRIDAY)
    assert (moment.at, moment.digest, moment.quiet) == (moment.at, moment.at, False)
    assert planned.quiet(moment.at)


def test_holdings_far_from_the_last_report_become_orders(
    demo_home: Path,
    context: ToolContext,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "store").symlink_to(demo_home / "store")
    only = (Position(sector=DEMO.sector_ids[0], weight=1.0),)
    held = Holdings(universe="demo", dated=AS_OF, source="book.csv", nav_bn=5.0, positions=only)
    store_holdings(tmp_path, held)
    run = tmp_path / "runs" / "1"
    run.mkdir(parents=True)
    keep_snapshots(run, full_report("demo", held=False))
    (run / "run.json").write_text("{}")
    found = lookout(Settings(home=tmp_path), context).look(AS_OF)
    (alert,) = [row for row in found.alerts if row.kind == "rebalance"]
    assert found.proposal is not None
    assert (alert.period, alert.orders_count) == (AS_OF, len(found.proposal.sheet.rows))
    assert {row.side for row in found.proposal.sheet.rows} == {"buy", "sell"}
    assert alert.turnover is not None
    assert alert.turnover > 0.5
    assert list(rebalances(found.proposal, threshold_pct=100.0)) == []
    assert found.standpoint.held == {DEMO.sector_ids[0]}
    scope = context.scope("demo", AS_OF)
    assert proposal(context, scope, None, held) is None
    last = found.standpoint.last
    assert last is not None
    fewer = last.allocation.model_copy(update={"lines": last.allocation.lines[1:]})
    assert proposal(context, scope, last.model_copy(update={"allocation": fewer}), held) is None
    strange = held.model_copy(update={"positions": (Position(sector="nowhere", weight=1.0),)})
    assert proposal(context, scope, last, strange) is None
    reasons = [row.getMessage() for row in caplog.records]
    assert reasons[0] == f"demo: no orders are proposed: the report of {AS_OF} is of other sectors"
    assert "holdings name nowhere" in reasons[1]
