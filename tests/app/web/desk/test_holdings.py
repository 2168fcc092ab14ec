from datetime import date
from pathlib import Path

import pytest

from app.files.holdings import load_holdings, stored_holdings
from tests.app.web.desk.conftest import Desk

HOLDINGS, READ = "/api/universes/demo/holdings", "/api/universes/demo/holdings/read"
HALF = {"sector": "technology", "weight": 0.5}


def files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if "sqlite" not in path.name}


def test_what_is_kept_is_dated_and_found_again(desk: Desk) -> None:
    before = files(desk.home)
    form = {"dated": "2024-12-13", "nav_bn": 3.0, "cash_weight": 0.5, "positions": [HALF]}
    told = desk.client.post(HOLDINGS, json=form).json()
    assert told["stored"]
    kept = load_holdings(desk.home, "demo", date(2024, 12, 13))
    assert kept is not None
    assert (kept.positions[0].weight, kept.nav_bn, kept.source) == (0.5, 3.0, "page")
    assert all(name.startswith("holdings") for name in files(desk.home) - before)
    assert not desk.client.post(HOLDINGS, json=form).json()["stored"]
    assert len(stored_holdings(desk.home, "demo")) == 1
    view = desk.client.get(HOLDINGS, params={"as_of": "2024-12-20"}).json()
    assert view["dates"] == ["2024-12-13"]
    weights = {row["sector"]: row["weight"] for row in view["portfolio"]["sectors"]}
    assert (weights["technology"], view["portfolio"]["cash_weight"]) == (0.5, 0.5)
    assert desk.client.get(HOLDINGS, params={"as_of": "2024-12-12"}).json()["holdings"] is None


def test_a_pasted_table_is_read_by_the_importers_rules_and_not_kept(desk: Desk) -> None:
    before = files(desk.home)
    text = 'ngành,tỷ trọng\ntechnology,"30,5%"\nenergy,20%\ntiền mặt,"49,5%"\n'
    told = desk.client.post(READ, json={"text": text, "dated": "2024-12-13"}).json()
    held = told["view"]["holdings"]
    assert [(row["sector"], row["weight"]) for row in held["positions"]] == [
        ("technology", pytest.approx(0.305)), ("energy", pytest.approx(0.2)),
    ]  # fmt: skip
    assert held["cash_weight"] == pytest.approx(0.495)
    assert [row["field"] for row in told["mapping"]] == ["sector", "weight"]
    assert files(desk.home) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sector,weight\ntechnology,abc\n", "row 2"),
        ("sector,weight\nnowhere,10%\n", "no sector"),
        ("sector,weight\ntechnology,80%\nenergy,80%\n", "may not exceed"),
        ("\x00\x01", ""),
        ("=cmd|' /C calc'!A0,weight\ntechnology,1\n", ""),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(
    desk: Desk, text: str, said: str
) -> None:
    answer = desk.client.post(READ, json={"text": text})
    assert answer.status_code in {400, 503}
    assert said in answer.json()["error"]
    assert str(desk.home) not in answer.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"positions": []}, "nothing is held"),
        ({"positions": [HALF, HALF]}, "stands twice"),
        ({"positions": [{"sector": "nowhere", "weight": 0.1}]}, "no sector"),
        ({"positions": [HALF], "cash_weight": 0.6}, "may not exceed"),
        ({"positions": [HALF], "cash_weight": 0.5, "cash_bn": 1.0}, "two ways"),
        ({"positions": [HALF], "dated": "2199-01-01"}, "yet to come"),
    ],
)
def test_holdings_that_do_not_add_up_are_not_kept(
    desk: Desk, form: dict[str, object], said: str
) -> None:
    before = len(stored_holdings(desk.home, "demo"))
    answer = desk.client.post(HOLDINGS, json=form)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert len(stored_holdings(desk.home, "demo")) == before


def test_a_symbol_without_a_price_is_named(desk: Desk) -> None:
    form = {"dated": "2024-12-06", "positions": [{"symbol": "ZZZ", "quantity": 10.0}]}
    view = desk.client.post(HOLDINGS, json=form).json()["view"]
    assert view["unknown"] == ["ZZZ"]
    assert view["portfolio"] is None
    assert view["problem"]


def test_a_table_beyond_the_limit_is_refused_by_its_shape(desk: Desk) -> None:
    answer = desk.client.post(READ, json={"text": "a" * 200_001})
    assert answer.status_code == 422
