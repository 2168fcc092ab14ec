from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from core.market_state.warning import LIT_HIGH_PCT, LIT_LOW_PCT

CUT = "2023-05-31"
MACRO = "/api/universes/demo/macro"


def test_a_release_stands_with_its_words_dates_and_units(demo_client: TestClient) -> None:
    told = demo_client.get(MACRO, params={"lang": "vi"}).json()
    row = next(row for row in told["rows"] if row["series"] == "cpi_yoy")
    assert (row["name"], row["group_name"], row["unit_name"]) == (
        "CPI so với cùng kỳ",
        "Lạm phát",
        "%",
    )
    assert row["released"] <= told["as_of"]
    assert row["change_level"] == pytest.approx(row["value_level"] - row["previous_level"])
    assert row["decimals"] == 2, "at one, a change of 0.04 is a rise from 3.4 to 3.5 by 0.0"
    assert told["forecasts_stored"] is False
    assert {one["series"] for one in told["series"]} >= {row["series"] for row in told["rows"]}


@pytest.mark.parametrize("what", ["", "/regimes", "/series/cpi_yoy", "/markets", "/strain"])
def test_nothing_later_than_the_date_is_told(demo_client: TestClient, what: str) -> None:
    told = demo_client.get(MACRO + what, params={"as_of": CUT}).text
    days = {day for year in ("2023", "2024") for day in _days(told, year)}
    settled = {day for day in days if day > CUT}
    assert settled == set()


def test_a_series_history_ends_with_the_number_of_the_dashboard(demo_client: TestClient) -> None:
    at = {"as_of": CUT}
    rows = {row["series"]: row for row in demo_client.get(MACRO, params=at).json()["rows"]}
    for name, row in rows.items():
        path = demo_client.get(f"{MACRO}/series/{name}", params=at).json()["path"]
        assert path["values_level"][-1] == pytest.approx(row["value_level"])
        assert (path["periods"][-1], path["releases"][-1]) == (row["period"], row["released"])


def test_the_readings_end_on_the_side_of_the_regime_now(demo_client: TestClient) -> None:
    told = demo_client.get(f"{MACRO}/regimes").json()
    now, path = told["now"], told["path"]
    assert path["sessions"][-1] == told["as_of"]
    assert path["growth_z"][-1] == pytest.approx(now["growth_z"], abs=1e-4)
    assert path["inflation_z"][-1] == pytest.approx(now["inflation_z"], abs=1e-4)
    assert told["spells"][-1]["running"]
    assert told["spells"][-1]["regime"] == now["regime"]


def test_the_calendar_tells_a_month_back_and_what_is_planned_ahead(demo_client: TestClient) -> None:
    told = demo_client.get(f"{MACRO}/calendar", params={"as_of": CUT}).json()
    day = date.fromisoformat(told["as_of"])
    assert date.fromisoformat(told["since"]) == day - timedelta(days=31)
    assert all(row["ahead"] == (row["period"] > CUT) for row in told["rows"])
    assert {row["kind"] for row in told["rows"] if not row["ahead"]} >= {"macro_release"}
    assert all(row["kind"] != "macro_release" for row in told["rows"] if row["ahead"])


def test_the_signs_lit_are_those_the_state_counts(demo_client: TestClient) -> None:
    told = demo_client.get(f"{MACRO}/strain", params={"as_of": CUT}).json()
    signs = {sign["id"]: sign for sign in told["signs"]}
    assert list(signs) == ["correlation", "dispersion", "breadth"]
    assert sum(sign["lit"] for sign in signs.values()) == told["state"]["signs_count"]
    zones = {name: (sign["lit_from_pct"], sign["lit_to_pct"]) for name, sign in signs.items()}
    high = (LIT_HIGH_PCT, 100.0)
    assert zones == {"correlation": high, "dispersion": high, "breadth": (0.0, LIT_LOW_PCT)}


def test_a_market_without_data_is_told_as_a_sentence(demo_client: TestClient) -> None:
    for what in ("", "/regimes", "/strain", "/markets", "/calendar"):
        answer = demo_client.get(f"/api/universes/us/macro{what}")
        assert answer.status_code == 200
        gap = answer.json()["gap"]
        assert "sectorwise import --universe us" in gap["text"]
        assert gap["actor"] == "user"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/universes/nowhere/macro", 404),
        (f"{MACRO}/series/nothing", 404),
        (f"{MACRO}/series/cpi_yoy?since=2999-01-01", 400),
        (f"{MACRO}?as_of=yesterday", 422),
    ],
)
def test_a_wrong_question_is_told_in_one_sentence(
    demo_client: TestClient, path: str, status: int
) -> None:
    answer = demo_client.get(path)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]


def _days(text: str, year: str) -> set[str]:
    parts = text.split(f'"{year}-')[1:]
    return {f"{year}-{part[:5]}" for part in parts}
