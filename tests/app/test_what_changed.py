"""Two consecutive weekly reports on real data, compared by the product and by hand."""

from datetime import date
from pathlib import Path

import pytest

from app.files.universes import load_universes
from core.history.changes import changes
from core.history.snapshot import snapshot
from core.records.history import Changes
from core.records.report import Report
from core.records.sectors import HeatmapResult
from tests.app.test_one_decision import reported

pytestmark = [pytest.mark.real_data, pytest.mark.prove]

WEEKS = {
    "us": (date(2024, 12, 20), date(2024, 12, 27)),
    "vn": (date(2024, 12, 20), date(2024, 12, 27)),
}
Named = dict[tuple[str, str], tuple[object, object]]


@pytest.fixture(scope="module", params=[pytest.param("us", marks=pytest.mark.prove), "vn"])
def week(request: pytest.FixtureRequest, real_home: Path) -> tuple[Report, Report, Changes]:
    """Two reports a week apart, and what changed from one to the other."""
    name = str(request.param)
    before, after = (reported(real_home, name, day, "1M") for day in WEEKS[name])
    first, second = snapshot(before, name), snapshot(after, name)
    assert first is not None
    assert second is not None
    return before, after, changes(first, second, load_universes()[name])


def by_hand(before: Report, after: Report) -> Named:
    """Return every rank, quadrant and weight that differs, read off the two reports."""
    tables = [values_of(report) for report in (before, after)]
    return {
        key: (tables[0].get(key), tables[1].get(key))
        for key in sorted({*tables[0], *tables[1]})
        if tables[0].get(key) != tables[1].get(key)
    }


def values_of(report: Report) -> dict[tuple[str, str], object]:
    document = report.model_dump(mode="json")
    found: dict[tuple[str, str], object] = {}
    for row in document["scorecards"][0]["sectors"]:
        found["rank", row["sector"]] = row["rank"]
    for row in document["allocations"][0]["lines"]:
        found["weight", row["sector"]] = row["target_weight"]
    heatmap = next(e.result for e in report.evidence if isinstance(e.result, HeatmapResult))
    for place in heatmap.rows:
        found["weekly_quadrant", place.sector] = place.weekly and place.weekly.quadrant
        found["daily_quadrant", place.sector] = place.daily and place.daily.quadrant
    return found


def named(found: Changes) -> Named:
    return {
        (row.kind, row.subject): (
            (row.before_rank, row.after_rank)
            if row.kind == "rank"
            else (row.before_weight, row.after_weight)
            if row.kind == "weight"
            else (row.before_quadrant, row.after_quadrant)
        )
        for row in found.rows
        if row.kind in {"rank", "weight", "weekly_quadrant", "daily_quadrant"}
    }


def test_every_changed_rank_quadrant_and_weight_is_named_and_nothing_else(
    week: tuple[Report, Report, Changes],
) -> None:
    before, after, found = week
    expected = by_hand(before, after)
    assert {kind for kind, _ in expected} >= {"rank", "weight", "daily_quadrant"}
    assert named(found) == expected


def test_every_change_has_its_causes_and_they_sum_to_it(
    week: tuple[Report, Report, Changes],
) -> None:
    _, _, found = week
    for row in found.rows:
        total = sum(share.amount for share in row.causes)
        if row.kind == "weight":
            assert row.before_weight is not None
            assert row.after_weight is not None
            assert total == pytest.approx(row.after_weight - row.before_weight, abs=1e-12)
        elif row.before_rank is not None and row.after_rank is not None:
            assert total == row.after_rank - row.before_rank
        assert row.cause in {share.cause for share in row.causes}


def test_a_week_of_prices_is_the_datas_and_the_growing_record_the_models(
    week: tuple[Report, Report, Changes],
) -> None:
    """No limit changed, this program wrote both, and each of them reproduces itself."""
    _, _, found = week
    causes = {share.cause for row in found.rows for share in row.causes}
    assert "data" in causes
    assert causes <= {"data", "model", "calendar"}
    quadrants = [row for row in found.rows if row.kind.endswith("quadrant")]
    assert {row.cause for row in quadrants} == {"data"}
