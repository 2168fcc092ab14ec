from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.files.universes import load_universes
from core.errors import CallerError
from tools.context import ToolContext
from tools.sectors.forecast import sector_forecast
from tools.sectors.heatmap import sector_heatmap
from tools.storage.models import ModelStore
from tools.storage.store import Store


@pytest.fixture(scope="module")
def context(demo_home: Path) -> ToolContext:
    return ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")


def test_the_forecast_is_the_heatmaps_own(context: ToolContext) -> None:
    heat = {row.sector: row for row in sector_heatmap(context, horizon="3M").rows}
    result = sector_forecast(context, horizon="3M")
    assert {row.sector for row in result.rows} == set(heat)
    for row in result.rows:
        assert row.expected.horizon == "3M"
        assert row.expected in heat[row.sector].expected
        assert row.reasons == heat[row.sector].reasons
        assert ("no_skill" in row.flags) == ("no_skill" in heat[row.sector].flags)
    assert [skill.horizon for skill in result.skill] == ["3M"]


def test_sectors_come_by_expected_excess_and_keep_their_rank_alone(context: ToolContext) -> None:
    rows = sector_forecast(context).rows
    excess = [row.expected.excess_pct for row in rows]
    assert excess == sorted(excess, reverse=True)
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    last = rows[-1]
    assert sector_forecast(context, sector=last.sector).rows == (last,)


def test_it_says_until_when_the_model_had_learned(context: ToolContext) -> None:
    result = sector_forecast(context, as_of=date(2023, 6, 30))
    assert result.trained_until is not None
    assert result.trained_until < date(2023, 6, 30)


def test_a_date_before_the_first_fit_and_no_model_at_all_are_gaps(
    context: ToolContext, tmp_path: Path
) -> None:
    for asked in (
        sector_forecast(context, as_of=date(2019, 6, 28)),
        sector_forecast(replace(context, models=ModelStore(tmp_path))),
    ):
        assert asked.gap is not None
        assert (asked.gap.reason, asked.gap.dataset) == ("model_not_fitted", "model")


def test_an_unknown_sector_is_a_sentence(context: ToolContext) -> None:
    with pytest.raises(CallerError, match="use 'all' or one of technology"):
        sector_forecast(context, sector="shipping")
