from datetime import date
from functools import cache
from math import fsum
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.cli.serving_pages import opened_house
from app.files.universes import load_universes
from app.render.charts.heatmap import shade
from app.render.words import Words
from app.settings import Settings
from app.web.application import web_application
from app.web.heat.grid import Found, expected_cell
from app.web.heat.records import FactorGrid, HeatGrid, ScoreWeek, ScoreWeeks, WeekScore
from app.web.heat.weeks import WEEKS, score_days, week_counts
from app.web.house import House
from core.records.sectors import Expectation
from tests.homes import FITTED_WITH
from tools.decisions.sector_scores import sector_scores
from tools.sectors.heatmap import sector_heatmap

ADDRESS = "/api/universes/demo/heatmap"


@cache
def house_of(home: Path, latest: date | None = None) -> House:
    settings = Settings(home=home, views=FITTED_WITH, universe="demo")
    return opened_house(settings, load_universes(), latest=latest)


@pytest.fixture
def house(demo_house: House) -> House:
    return demo_house


@pytest.fixture
def client(demo_client: TestClient) -> TestClient:
    return demo_client


def grid_of(client: TestClient, universe: str = "demo", **asked: str) -> HeatGrid:
    answer = client.get(f"/api/universes/{universe}/heatmap", params=asked)
    assert answer.status_code == 200, answer.text
    return HeatGrid.model_validate_json(answer.content)


def weeks_of(client: TestClient, skip: int, take: int, **asked: str) -> ScoreWeeks:
    answer = client.get(f"{ADDRESS}/weeks", params={"skip": skip, "take": take, **asked})
    return ScoreWeeks.model_validate_json(answer.content)


def test_the_grid_s_figures_are_the_tool_s_and_its_rows_best_score_first(
    house: House, client: TestClient
) -> None:
    grid = grid_of(client)
    result = sector_heatmap(house.tools, region="demo")
    told = {row.sector: row for row in result.rows}
    for row in grid.rows:
        own = told[row.sector]
        past = [getattr(own, f"excess_{cell.span}_pct") for cell in row.past]
        assert [cell.excess_pct for cell in row.past] == past
        ahead = [(one.excess_pct, one.low_pct, one.outperform_fraction) for one in own.expected]
        found = [(one.excess_pct, one.low_pct, one.outperform_fraction) for one in row.expected]
        assert found == ahead
    ranks = [row.rank for row in grid.rows]
    assert ranks == sorted(ranks, key=lambda rank: rank or len(ranks) + 1)
    scores = {row.sector: row for row in sector_scores(house.tools, region="demo").rows}
    assert all(row.score == scores[row.sector].score for row in grid.rows)
    assert all(row.confidence == scores[row.sector].confidence for row in grid.rows)


def test_a_shade_goes_no_further_than_its_column_s_measured_skill(client: TestClient) -> None:
    grid = grid_of(client)
    for place, column in enumerate(grid.horizons):
        for row in grid.rows:
            cell = row.expected[place]
            assert cell.outperform_fraction is not None
            assert cell.shade == shade(cell.outperform_fraction, column.record)
            assert abs(cell.shade) <= max(1, round(4 * column.intensity_fraction))
    assert {column.skilled for column in grid.horizons} == {True, False}


def test_reasons_speak_for_or_against_and_are_few(client: TestClient) -> None:
    rows = grid_of(client, lang="vi").rows
    assert any(row.reasons_for for row in rows)
    for row in rows:
        assert all(reason.contribution > 0 for reason in row.reasons_for)
        assert all(reason.contribution < 0 for reason in row.reasons_against)


def test_the_horizon_asked_for_decides_the_order(client: TestClient) -> None:
    week, quarter = grid_of(client, horizon="1W"), grid_of(client, horizon="3M")
    assert (week.horizon, quarter.horizon) == ("1W", "3M")
    assert [row.sector for row in week.rows] != [row.sector for row in quarter.rows]


@pytest.mark.parametrize(
    ("before", "moved"), [(0.40, 20.0), (0.70, -10.0), (0.57, None), (None, None)]
)
def test_an_arrow_is_a_change_of_five_points_since_the_last_report(
    house: House, before: float | None, moved: float | None
) -> None:
    result = sector_heatmap(house.tools, region="demo")
    row = result.rows[0]
    now = row.expected[0].model_copy(update={"outperform_fraction": 0.60})
    row = row.model_copy(update={"expected": (now,)})
    said: dict[tuple[str, str], Expectation] = {}
    if before is not None:
        then = now.model_copy(update={"outperform_fraction": before})
        said[row.sector, now.horizon] = then
    found = Found(
        result, Words("en", house.universes["demo"]), {}, {}, said, date(2024, 1, 5)  # type: ignore[arg-type]  # of a Literal
    )  # fmt: skip
    cell = expected_cell(found, row, now.horizon)
    assert cell.moved_pp == (None if moved is None else pytest.approx(moved))


def test_factors_add_up_to_the_score(client: TestClient) -> None:
    grid = FactorGrid.model_validate_json(client.get(f"{ADDRESS}/factors").content)
    lines = [line for family in grid.families for line in family.factors]
    for place, sector in enumerate(grid.sectors):
        parts = [line.cells[place].contribution or 0.0 for line in lines]
        assert all(line.cells[place].sector == sector.sector for line in lines)
        assert sum(parts) == pytest.approx(sector.score, abs=1e-8)
        sums = [family.contributions[place] or 0.0 for family in grid.families]
        assert fsum(sums) == pytest.approx(sector.score, abs=1e-8)
    assert grid.families[0].family == "views"
    assert grid.weights == "Factor weights: learned."


def test_each_week_s_scores_are_those_of_a_house_that_knew_no_later_day(
    demo_home: Path, client: TestClient
) -> None:
    first = weeks_of(client, 0, 2)
    assert len(first.days) == WEEKS
    assert first.counts == (), "half of the weeks are no count"
    assert list(first.days) == sorted(first.days, reverse=True)
    middle = weeks_of(client, 11, 1).weeks[0]
    oldest = weeks_of(client, WEEKS - 2, 1).weeks[0]
    for week in (middle, oldest):
        early = house_of(demo_home, week.as_of)
        known = sector_scores(early.tools, region="demo")
        assert known.as_of == week.as_of
        assert [(row.sector, row.score, row.rank) for row in week.rows] == [
            (row.sector, row.score, row.rank) for row in known.rows
        ]


def test_a_sector_s_weeks_are_counted_without_those_that_say_nothing() -> None:
    told = [(0.4, 1), (0.1, 3), (None, None), (-0.2, 8), (0.0, 4), (-0.1, 5), (0.3, 2)]
    weeks = [
        ScoreWeek(
            as_of=date(2024, 6, 1 + place),
            weights_source="learned",
            rows=(WeekScore(sector="energy", rank=rank, score=score, reason=None),),
        )
        for place, (score, rank) in enumerate(told)
    ]
    (counts,) = week_counts(weeks)
    assert (counts.flips_count, counts.top_count) == (2, 3)


def test_weeks_end_with_the_date_asked_and_before_it_with_their_last_sessions(
    house: House, client: TestClient
) -> None:
    scope = house.tools.scope("demo", date(2024, 6, 12))
    assert scope.panels is not None
    days = score_days(scope.panels)
    assert days == weeks_of(client, 0, 1, as_of="2024-06-12").days
    weeks = [day.isocalendar()[:2] for day in days]
    assert len(set(weeks)) == len(days) == WEEKS
    assert days[0] == scope.as_of


def test_a_second_look_computes_nothing_again(house: House, client: TestClient) -> None:
    assert weeks_of(client, 0, 3) == weeks_of(client, 0, 3)
    asked = client.get(f"{ADDRESS}/weeks", params={"skip": 0, "take": 9})
    assert asked.status_code == 422


@pytest.mark.parametrize("part", ["", "/factors", "/weeks"])
def test_a_market_without_data_is_a_sentence_with_who_must_act(
    client: TestClient, part: str
) -> None:
    answer = client.get(f"/api/universes/europe/heatmap{part}", params={"lang": "vi"}).json()
    assert "sectorwise import --universe europe" in answer["gap"]["text"]
    assert answer["gap"]["actor"] == "user"


@pytest.mark.parametrize(
    ("path", "status"),
    [("moon/heatmap", 404), ("demo/heatmap?benchmark=moon", 400), ("demo/heatmap?horizon=2Y", 422)],
)
def test_what_cannot_be_asked_is_one_sentence(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/api/universes/{path}")
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]


@pytest.mark.prove
@pytest.mark.real_data
def test_vietnam_names_nineteen_sectors_and_says_why_two_have_no_forecast(
    real_home: Path,
) -> None:
    client = TestClient(web_application(house_of(real_home)), base_url="http://127.0.0.1")
    grid = grid_of(client, "vn", lang="vi")
    assert len(grid.rows) == 19
    assert "Ngân hàng" in {row.name for row in grid.rows}
    missing = grid.rows[-2:]
    assert {row.sector for row in missing} == {"media", "telecommunications"}
    assert {cell.reason for row in missing for cell in row.expected} == {"chưa có dữ liệu"}
    assert all(cell.excess_pct is None for row in missing for cell in row.past)
    assert all(cell.excess_pct is None for row in missing for cell in row.expected)
