from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.cli.serving_pages import opened_house
from app.files.universes import load_universes
from app.settings import Settings
from app.web.application import web_application
from app.web.house import House
from app.web.sector.records import (
    Screened,
    SectorAccounts,
    SectorFlows,
    SectorMembers,
    SectorRotation,
    SectorScoreParts,
    SectorSummary,
)
from tests.homes import FITTED_WITH
from tools.companies.screening import Screen, screened_stocks
from tools.flows.foreign_flow import foreign_flow
from tools.sectors.overview import sector_overview

PARTS = ("", "/score", "/rotation", "/members", "/screen", "/accounts", "/flows")


@cache
def house_of(home: Path) -> House:
    return opened_house(Settings(home=home, views=FITTED_WITH, universe="demo"), load_universes())


@pytest.fixture
def house(demo_house: House) -> House:
    return demo_house


@pytest.fixture
def client(demo_client: TestClient) -> TestClient:
    return demo_client


def told(client: TestClient, path: str, **asked: str) -> bytes:
    answer = client.get(f"/api/universes/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_the_summary_tells_place_score_and_what_argues_against(client: TestClient) -> None:
    summary = SectorSummary.model_validate_json(told(client, "demo/sectors/energy", lang="vi"))
    assert summary.name == "Năng lượng"
    assert summary.weekly is not None
    assert summary.weekly.quadrant.label in {"Dẫn dắt", "Suy yếu", "Tụt hậu", "Cải thiện"}
    assert summary.row is not None
    assert summary.row.rank is not None
    assert len(summary.row.expected) == len(summary.horizons) == 3
    against = [part.contribution for part in summary.arguments_against]
    assert against
    assert against == sorted(against)
    assert all(part < 0.0 for part in against)


def test_the_score_is_the_sum_of_its_parts_the_largest_first(client: TestClient) -> None:
    score = SectorScoreParts.model_validate_json(told(client, "demo/sectors/energy/score"))
    parts = [part.contribution or 0.0 for part in score.parts]
    assert sum(parts) == pytest.approx(score.score, abs=1e-8)
    assert parts == sorted(parts, key=lambda part: -abs(part))
    smaller = [part.contribution for part in score.parts if part.contribution is not None][12:]
    assert score.smaller is not None
    assert score.smaller.factors_count == len(smaller)
    assert score.smaller.contribution == pytest.approx(sum(smaller))


def test_members_are_the_overview_s_with_their_prices(house: House, client: TestClient) -> None:
    found = SectorMembers.model_validate_json(told(client, "demo/sectors/energy/members"))
    overview = sector_overview(house.tools, region="demo", sector="energy")
    assert [(row.symbol, row.weight_pct) for row in found.members.rows] == [
        (row.symbol, row.weight_pct) for row in overview.rows
    ]
    assert all(row.close_level is not None for row in found.members.rows)
    assert found.breadth.rows[0].sector == "energy"
    weight = next(one for one in found.members.columns if one.field == "weight_pct")
    assert (weight.label, weight.unit, weight.decimals) == ("Weight, %", "%", 1)


def test_a_screen_is_the_tool_s_own(house: House, client: TestClient) -> None:
    asked = {"pe_x_max": "20", "return_12m_pct_min": "-50", "sort_by": "pe_x", "limit": "3"}
    found = Screened.model_validate_json(told(client, "demo/sectors/energy/screen", **asked))
    everyone = Screened.model_validate_json(told(client, "demo/sectors/energy/screen"))
    assert found.screened_count == everyone.screened_count
    assert found.passed_count < everyone.passed_count
    assert all((row.pe_x or 99.0) <= 20.0 for row in found.stocks.rows)
    tool = screened_stocks(house.tools, Screen(), sector="energy", region="demo")
    assert [row.symbol for row in everyone.stocks.rows] == [row.symbol for row in tool.rows]


def test_bounds_that_leave_nothing_are_refused_in_one_sentence(client: TestClient) -> None:
    answer = client.get("/api/universes/demo/sectors/energy/screen?pe_x_min=9&pe_x_max=3")
    assert answer.status_code == 400
    assert "pe_x" in answer.json()["error"]


def test_flows_stand_over_three_spans_and_name_who_was_bought(
    house: House, client: TestClient
) -> None:
    flows = SectorFlows.model_validate_json(told(client, "demo/sectors/energy/flows"))
    assert [row.sessions for row in flows.foreign.rows] == [5, 20, 60]
    tool = foreign_flow(house.tools, sector="energy", region="demo")
    assert flows.foreign.rows[1] == tool.rows[0]
    assert flows.foreign.labels[tool.rows[0].state]
    assert all(row.symbol for row in flows.stocks.rows)
    assert {row.kind for row in flows.whales.rows} >= {"volume_spike"}


def test_the_rotation_s_stays_follow_each_other_latest_first(client: TestClient) -> None:
    rotation = SectorRotation.model_validate_json(told(client, "demo/sectors/energy/rotation"))
    stays = rotation.stays.rows
    assert [stay.entered for stay in stays] == sorted(
        (stay.entered for stay in stays), reverse=True
    )
    assert stays[0].left == rotation.path[-1].period
    assert sum(stay.bars_count for stay in stays) == len(rotation.path)
    assert all(move.moves_count > 0 for move in rotation.moves.rows)


def test_accounts_show_fundamentals_and_five_years_of_valuation(client: TestClient) -> None:
    accounts = SectorAccounts.model_validate_json(told(client, "demo/sectors/energy/accounts"))
    assert accounts.fundamentals.rows[0].sector == "energy"
    row = accounts.valuation.rows[0]
    assert row.pe_low_x is not None
    assert row.pe_high_x is not None
    assert row.pe_low_x <= row.pe_high_x
    latest = {row.symbol: row.period for row in accounts.statements.rows}
    assert all(row.period == latest[row.symbol] for row in accounts.statements.rows)
    assert all(accounts.statements.labels[row.line] for row in accounts.statements.rows)


@pytest.mark.parametrize("part", PARTS)
def test_an_earlier_date_shows_nothing_later(client: TestClient, part: str) -> None:
    text = told(client, f"demo/sectors/energy{part}", as_of="2023-03-31").decode()
    settled_later = {"2023-04-07", "2023-04-30", "2023-06-30"}
    days = {text[i : i + 10] for i in range(len(text)) if text.startswith(("2023-", "2024-"), i)}
    assert {day for day in days if day > "2023-03-31"} <= settled_later


@pytest.mark.parametrize("part", PARTS)
def test_of_a_date_before_any_market_it_is_said_that_nothing_was_known(
    client: TestClient, part: str
) -> None:
    """Three years before it are no date."""
    text = told(client, f"demo/sectors/energy{part}", as_of="0001-01-02").decode()
    assert "The date lies before the prices of Demo market" in text


@pytest.mark.parametrize("part", PARTS)
def test_an_unknown_sector_is_not_found_and_the_known_are_named(
    client: TestClient, part: str
) -> None:
    answer = client.get(f"/api/universes/demo/sectors/moon{part}")
    assert answer.status_code == 404
    assert "technology" in answer.json()["error"]


@pytest.mark.parametrize("part", PARTS)
def test_a_market_without_data_says_who_must_act(client: TestClient, part: str) -> None:
    text = told(client, f"europe/sectors/technology{part}", lang="vi").decode()
    assert "sectorwise import --universe europe" in text


@pytest.mark.prove
@pytest.mark.real_data
def test_vietnamese_banks_have_no_statements_and_full_rooms_are_flagged(real_home: Path) -> None:
    client = TestClient(web_application(house_of(real_home)), base_url="http://127.0.0.1")
    accounts = SectorAccounts.model_validate_json(told(client, "vn/sectors/banks/accounts"))
    assert accounts.statements.gap is not None
    assert accounts.statements.gap.actor == "provider"
    assert "--fundamentals" in accounts.statements.gap.text
    members = SectorMembers.model_validate_json(told(client, "vn/sectors/banks/members"))
    flags = {row.symbol: row.flags for row in members.members.rows}
    assert "room_full" in flags["ACB"]
    flows = SectorFlows.model_validate_json(told(client, "vn/sectors/banks/flows", lang="vi"))
    assert flows.proprietary.rows
    assert flows.fund.gap is not None
