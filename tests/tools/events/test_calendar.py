"""Dated events on the demo market and on markets with calendars of their own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from core.errors import CallerError
from core.markets.sessions import is_session
from core.panel import MarketPanels, Table
from core.records.universe import EventPlan, Universe
from core.rotation.quadrants import rotations
from tests.tools.sources.conftest import packaged
from tools.context import ToolContext
from tools.events.calendar import events
from tools.events.exchange_days import (
    declared_half_days,
    exchange_days,
    unplanned_closures,
)
from tools.sources.demo import ensure_demo
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    home = tmp_path_factory.mktemp("home")
    universe, store = packaged("demo"), Store(home)
    ensure_demo(store, universe)
    return ToolContext(store, {"demo": universe}, ModelStore(home), "demo")


def test_a_change_of_quadrant_is_where_the_rotation_of_that_week_differs_from_the_week_before(
    context: ToolContext,
) -> None:
    panels = market_panels(context.store, context.universes["demo"])
    last = date(2024, 6, 28)
    result = events(context, kinds=("quadrant_change",), as_of=last, since=date(2024, 6, 1))
    changed = {(row.period, row.sectors[0]): row for row in result.rows}
    seen = 0
    for friday in (date(2024, 6, 7), date(2024, 6, 14), date(2024, 6, 21), last):
        now, before = (
            rotations(
                panels.sectors.closes,
                panels.benchmark.closes["demo_basket"],
                frequency="weekly",
                as_of=day,
            )
            for day in (friday, friday - timedelta(days=7))
        )
        for sector, rotation in now.items():
            was = before[sector]
            assert rotation is not None
            assert was is not None
            event = changed.get((friday, sector))
            assert (event is not None) == (rotation.quadrant != was.quadrant)
            if event is not None:
                seen += 1
                assert (event.quadrant_before, event.quadrant) == (was.quadrant, rotation.quadrant)
    assert seen == len(result.rows) > 0


def test_a_running_week_changes_nothing_yet(context: ToolContext) -> None:
    asked = {"kinds": ("quadrant_change", "early_warning"), "since": date(2024, 5, 1)}
    midweek = events(context, **asked, as_of=date(2024, 6, 26))  # type: ignore[arg-type]  # the same keywords twice
    friday = events(context, **asked, as_of=date(2024, 6, 21))  # type: ignore[arg-type]  # the same
    assert midweek.rows == friday.rows


def test_the_first_warning_of_a_run_is_told_as_the_heatmap_has_it(context: ToolContext) -> None:
    panels = market_panels(context.store, context.universes["demo"])
    result = events(
        context, kinds=("early_warning",), as_of=date(2024, 6, 28), since=date(2024, 1, 1)
    )
    assert result.rows
    for row in result.rows:
        here, before = (
            rotations(
                panels.sectors.closes,
                panels.benchmark.closes["demo_basket"],
                frequency="weekly",
                as_of=day,
            )[row.sectors[0]]
            for day in (row.period, row.period - timedelta(days=7))
        )
        assert here is not None
        assert before is not None
        assert here.early_warning == row.early_warning != before.early_warning


def test_the_past_is_the_same_whenever_its_future_is_asked_for(context: ToolContext) -> None:
    kinds = ("quadrant_change", "early_warning", "macro_release", "index_review")
    span = {"since": date(2023, 1, 1), "until": date(2023, 6, 30), "kinds": kinds}
    then = events(context, **span, as_of=date(2023, 6, 30))  # type: ignore[arg-type]  # the same keywords twice
    later = events(context, **span, as_of=date(2024, 6, 28))  # type: ignore[arg-type]  # the same
    assert then.rows == later.rows
    assert {row.kind for row in then.rows} >= {"quadrant_change", "macro_release"}


def test_only_the_calendar_and_the_universes_file_reach_ahead(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    plans = (
        EventPlan(kind="index_review", name_en="re<b>view", name_vi="cơ cấu", months=(3,),
                  rule="first_monday"),
        EventPlan(kind="index_inclusion", name_en="inclusion", name_vi="nâng hạng",
                  dates=(date(2024, 3, 20),)),
    )  # fmt: skip
    universe = tiny_panels.universe.model_copy(update={"events": plans})
    result = events(context_of(replace(tiny_panels, universe=universe)))
    assert (result.as_of, result.until) == (date(2024, 2, 23), date(2024, 3, 25))
    assert [(row.kind, row.period, row.name_en) for row in result.rows if row.ahead] == [
        ("index_review", date(2024, 3, 4), "re view"),
        ("index_inclusion", date(2024, 3, 20), "inclusion"),
    ]
    assert all(row.period <= result.as_of for row in result.rows if not row.ahead)


def with_rates(panels: MarketPanels, levels: list[float]) -> MarketPanels:
    ends = pd.date_range("2023-09-30", periods=len(levels), freq="ME").as_unit("us")
    rows = pd.DataFrame(
        {
            "series": "FEDFUNDS",
            "period": ends,
            "known_at": ends + pd.Timedelta(days=1),
            "assumed": True,
            "value": levels,
            "unit": "%",
            "category": "rates",
        }
    )
    return replace(panels, macro=Table("macro", rows))


def test_a_policy_move_is_told_and_noise_of_an_average_is_not(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_rates(tiny_panels, [5.33, 5.35, 5.08, 5.08]))
    result = events(context, kinds=("policy_decision", "macro_release"))
    moves = [row for row in result.rows if row.kind == "policy_decision"]
    assert [(row.period, row.series) for row in moves] == [(date(2023, 11, 30), "fedfunds")]
    assert moves[0].previous_level == pytest.approx(5.35)
    assert moves[0].value_level == pytest.approx(5.08)
    assert moves[0].flags == ("assumed_known_at",)
    releases = [row.period for row in result.rows if row.kind == "macro_release"]
    assert releases == [date(2023, 12, 1), date(2024, 1, 1)]


def test_what_the_data_cannot_tell_is_missing_by_kind(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = events(context_of(tiny_panels))
    assert {cell.measure: cell.reason for cell in result.missing} == {
        "macro_release": "no_data",
        "policy_decision": "no_data",
        "holiday": "not_covered",
        "half_day": "not_covered",
        "reclassification": "not_covered",
    }
    asked = events(context_of(tiny_panels), kinds=("holiday",))
    assert [cell.measure for cell in asked.missing] == ["holiday"]


@pytest.mark.parametrize("universe", [packaged("us"), packaged("vn")], ids=lambda one: str(one.id))
def test_every_holiday_is_a_closed_day_and_every_half_day_a_session(universe: Universe) -> None:
    last = date(2026, 12, 31)
    found = list(exchange_days(universe, date(2012, 1, 1), last, as_of=last))
    holidays = [row.period for row in found if row.kind == "holiday"]
    halves = [row.period for row in found if row.kind == "half_day"]
    assert not any(is_session(universe, day) for day in holidays)
    assert all(is_session(universe, day) for day in halves)
    assert len(holidays) > 100
    assert tuple(halves) == declared_half_days()[universe.calendar.id].days


def test_half_days_of_new_york_are_those_its_rule_names() -> None:
    universe = packaged("us")
    expected = []
    for year in range(2012, 2027):
        november = pd.date_range(f"{year}-11-01", f"{year}-11-30", freq="W-THU")
        named = (date(year, 7, 3), november[3].date() + timedelta(days=1), date(year, 12, 24))
        open_days = [day for day in named if is_session(universe, day)]
        expected += [
            day
            for day in open_days
            if day.month == 11 or not is_session(universe, day + timedelta(days=1))
        ]
    assert list(declared_half_days()["nyse"].days) == expected


def test_reclassifications_name_their_sectors_and_are_dated() -> None:
    found = [
        row
        for row in exchange_days(
            packaged("us"), date(2018, 9, 1), date(2018, 9, 30), as_of=date(2018, 9, 24)
        )
        if row.kind == "reclassification"
    ]
    assert [(row.period, "communication_services" in row.sectors) for row in found] == [
        (date(2018, 9, 24), True)
    ]


@pytest.mark.parametrize(
    ("name", "kind", "day"),
    [
        ("us", "holiday", date(2012, 10, 29)),
        ("us", "holiday", date(2025, 1, 9)),
        ("vn", "holiday", date(2018, 1, 23)),
        ("us", "reclassification", date(2016, 9, 19)),
        ("us", "reclassification", date(2018, 9, 24)),
        ("us", "reclassification", date(2023, 3, 17)),
        ("world", "reclassification", date(2018, 9, 24)),
    ],
)
def test_what_nobody_planned_is_told_from_its_own_day_on(name: str, kind: str, day: date) -> None:
    first, last = day - timedelta(days=60), day + timedelta(days=60)

    def told(as_of: date) -> set[tuple[str, date]]:
        rows = exchange_days(packaged(name), first, last, as_of=as_of)
        return {(row.kind, row.period) for row in rows}

    assert (kind, day) not in told(day - timedelta(days=1))
    assert (kind, day) in told(day)


def test_planned_days_are_told_however_early() -> None:
    universe = packaged("us")
    span = date(2012, 10, 1), date(2012, 12, 31)
    early = list(exchange_days(universe, *span, as_of=date(2012, 9, 1)))
    late = list(exchange_days(universe, *span, as_of=date(2013, 1, 1)))
    surprises = unplanned_closures()["nyse"]
    assert early == [row for row in late if row.period not in surprises]
    assert date(2012, 12, 25) in {row.period for row in early}


def test_unplanned_closures_are_closed_days_of_their_calendar() -> None:
    years = packaged("us").calendar.years
    closed = {day for year in years for day in year.closed}
    assert unplanned_closures()["nyse"] <= closed


def test_reclassifications_ahead_are_missing_and_those_of_the_past_are_not(
    context: ToolContext,
) -> None:
    asked = {"kinds": ("reclassification",), "as_of": date(2024, 6, 28)}
    ahead = events(context, **asked)  # type: ignore[arg-type]  # the same keywords twice
    past = events(context, **asked, until=date(2024, 6, 28))  # type: ignore[arg-type]  # the same
    assert [cell.measure for cell in ahead.missing] == ["reclassification"]
    assert past.missing == ()


def test_a_level_before_is_the_very_number_stored(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_rates(tiny_panels, [0.1, 0.3, 1.1, 0.7]))
    rows = events(context, kinds=("policy_decision",)).rows
    assert rows
    assert {(row.previous_level, row.value_level) for row in rows} <= {
        (0.1, 0.3), (0.3, 1.1), (1.1, 0.7)
    }  # fmt: skip


def test_a_span_that_is_empty_too_long_or_too_full_is_refused(context: ToolContext) -> None:
    with pytest.raises(CallerError, match="at most ten years"):
        events(context, since=date(2024, 6, 1), until=date(2024, 5, 1))
    with pytest.raises(CallerError, match="at most ten years"):
        events(context, since=date(1990, 1, 1))
    with pytest.raises(CallerError, match="500 are the most"):
        events(context, since=date(2016, 1, 1))


def test_an_empty_store_is_a_gap_without_rows(context: ToolContext) -> None:
    vietnam = replace(context, universes={"vn": packaged("vn")}, default_universe="vn")
    result = events(vietnam)
    assert result.gap is not None
    assert (result.gap.reason, result.rows) == ("no_data", ())
