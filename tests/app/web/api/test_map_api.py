import csv
import io
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from fastapi.testclient import TestClient

from app.cli.serving_pages import opened_house
from app.files.holdings import store_holdings
from app.files.universes import load_universes
from app.settings import Settings
from app.web.application import web_application
from app.web.house import House
from app.web.maps.frames import FRAMES, TAIL_BARS
from core.markets.benchmark import Measured, measured
from core.records.holdings import Holdings, Position
from core.records.sectors import Rotation
from core.records.universe import Universe
from core.rotation.quadrants import QUADRANTS, rotations
from tests.homes import FITTED_WITH

WARNED = {1: "momentum_crossing_up", -1: "momentum_crossing_down", 0: None}
MOST_BYTES = 400_000
MOST_SECTORS = 20


def house_of(
    home: Path,
    *,
    latest: date | None = None,
    changed: Callable[[Universe], Universe] = lambda universe: universe,
) -> House:
    settings = Settings(home=home, views=FITTED_WITH, universe="demo")
    universes = {name: changed(one) for name, one in load_universes().items()}
    return opened_house(settings, universes, latest=latest)


@pytest.fixture
def house(demo_house: House) -> House:
    return demo_house


@pytest.fixture
def client(demo_client: TestClient) -> TestClient:
    return demo_client


def told(client: TestClient, path: str, **asked: str | int) -> dict[str, object]:
    answer = client.get(f"/api/universes/{path}", params={str(k): v for k, v in asked.items()})
    assert answer.status_code == 200, answer.text
    return cast("dict[str, object]", answer.json())


def rotations_on(house: House, day: date, frequency: str) -> dict[str, Rotation | None]:
    """Return what the tools' own panels of that day tell."""
    scope = house.tools.scope("demo", day)
    assert scope.panels is not None
    against = measured(scope.panels, scope.universe.benchmark)
    assert isinstance(against, Measured)
    return rotations(
        against.sectors, against.level, frequency=frequency,  # type: ignore[arg-type]  # of a Literal
        as_of=day, universe=scope.universe,
    )  # fmt: skip


@pytest.mark.parametrize("frequency", ["weekly", "daily"])
def test_each_frame_of_the_slider_is_the_rotation_known_on_its_day(
    house: House, client: TestClient, frequency: str
) -> None:
    answer = told(client, "demo/map", frequency=frequency)
    seen = cast("list[str]", answer["seen"])
    first = cast("int", answer["first_frame"])
    sectors = cast("list[dict[str, list[float]]]", answer["sectors"])
    places = sorted({first, first + 1, len(seen) - 2, len(seen) - 1, *range(first, len(seen), 23)})
    for bar in places:
        known = rotations_on(house, date.fromisoformat(seen[bar]), frequency)
        for sector in sectors:
            rotation = known[cast("str", sector["sector"])]
            assert rotation is not None
            assert sector["rs_ratio_index"][bar] == pytest.approx(rotation.rs_ratio_index, abs=5e-5)
            found = sector["rs_momentum_index"][bar]
            assert found == pytest.approx(rotation.rs_momentum_index, abs=5e-5)
            assert QUADRANTS[int(sector["quadrant_code"][bar])] == rotation.quadrant
            assert sector["dwell_count"][bar] == rotation.dwell_count
            assert WARNED[int(sector["warning_code"][bar])] == rotation.early_warning
            assert sector["heading_deg"][bar] == pytest.approx(rotation.heading_deg, abs=0.06)
            assert sector["velocity_index"][bar] == pytest.approx(rotation.velocity_index, abs=6e-4)
            running = bool(answer["provisional"]) and bar == len(seen) - 1
            assert running == rotation.provisional


@pytest.mark.parametrize("frequency", ["weekly", "daily"])
def test_an_answer_of_twenty_sectors_stays_small(client: TestClient, frequency: str) -> None:
    answer = client.get(f"/api/universes/demo/map?frequency={frequency}")
    body = answer.json()
    n_bars = TAIL_BARS[frequency] + FRAMES[frequency]  # type: ignore[index]  # of a Literal
    of_one = len(answer.content) / len(body["sectors"]) / len(body["periods"])
    assert of_one * n_bars * MOST_SECTORS < MOST_BYTES
    assert len(body["periods"]) - body["first_frame"] <= FRAMES[frequency]  # type: ignore[index]


def test_an_earlier_date_ends_the_frames_there(client: TestClient) -> None:
    whole = told(client, "demo/map")
    day = cast("list[str]", whole["seen"])[-30]
    early = told(client, "demo/map", as_of=day)
    last = cast("list[str]", early["seen"])[-1]
    assert early["as_of"] == last == day
    assert cast("list[str]", early["periods"])[-1] == cast("list[str]", whole["periods"])[-30]


def test_the_details_of_a_frame_know_nothing_of_what_followed(
    demo_home: Path, client: TestClient
) -> None:
    day = cast("list[str]", told(client, "demo/map")["seen"])[-40]
    early = house_of(demo_home, latest=date.fromisoformat(day))
    there = TestClient(web_application(early), base_url="http://127.0.0.1")
    asked = told(client, "demo/map/details", as_of=day)
    assert asked == told(there, "demo/map/details")
    now = told(client, "demo/map/details")
    assert asked["sectors"] != now["sectors"]


def test_details_tell_odds_with_their_counts_and_the_market_s_own_words(client: TestClient) -> None:
    details = told(client, "demo/map/details", lang="vi")
    row = cast("list[dict[str, object]]", details["sectors"])[0]
    odds = cast("dict[str, object]", row["odds"])
    assert cast("int", odds["leave_cases_count"]) >= 0
    moves = cast("list[dict[str, object]]", odds["moves"])
    assert [move["name"] for move in moves] == ["Dẫn dắt", "Suy yếu", "Tụt hậu", "Cải thiện"]
    assert sum(cast("float", move["move_fraction"]) for move in moves) == pytest.approx(1.0)
    assert all(cast("int", move["moves_count"]) >= 0 for move in moves)
    pieces = cast("list[dict[str, str]]", details["textbook"])
    line = "".join(piece["text"] for piece in pieces)
    assert "Cải thiện" in line
    assert "(t " in line
    assert any(piece["source"] for piece in pieces)
    weights = [
        cast("float", one["benchmark_weight"])
        for one in cast("list[dict[str, object]]", details["sectors"])
    ]
    assert sum(weights) == pytest.approx(1.0)


def test_the_largest_held_sectors_are_named(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    house = house_of(home)
    universe, scope = house.universes["demo"], house.tools.scope("demo", None)
    held = Holdings(
        universe="demo", dated=scope.as_of, source="test", cash_weight=0.6,
        positions=(
            Position(sector=universe.sector_ids[2], weight=0.3),
            Position(sector=universe.sector_ids[5], weight=0.1),
        ),
    )  # fmt: skip
    client = TestClient(web_application(house), base_url="http://127.0.0.1")
    before = told(client, "demo/map/details")
    store_holdings(home, held)
    after = told(client, "demo/map/details")
    names = [
        [row["sector"] for row in cast("list[dict[str, object]]", one["sectors"]) if row["held"]]
        for one in (before, after)
    ]
    assert names == [[], [universe.sector_ids[2], universe.sector_ids[5]]]


def test_the_table_holds_the_tails_shown_and_no_formula(demo_home: Path) -> None:
    def named(universe: Universe) -> Universe:
        first = universe.sectors[0].model_copy(update={"name_en": '=HYPERLINK("http://x","y")'})
        return universe.model_copy(update={"sectors": (first, *universe.sectors[1:])})

    house = house_of(demo_home, changed=named)
    client = TestClient(web_application(house), base_url="http://127.0.0.1")
    ids = house.universes["demo"].sector_ids
    answer = client.get(
        "/api/universes/demo/map/table.csv", params={"bars": 5, "sectors": f"{ids[0]},{ids[3]}"}
    )
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["sector"] for row in rows} == {ids[0], ids[3]}
    assert len(rows) == 10
    assert rows[0]["name"].startswith("'=")
    whole = told(client, "demo/map")
    assert rows[-1]["period"] == cast("list[str]", whole["periods"])[-1]
    column = cast("list[dict[str, list[float]]]", whole["sectors"])[3]["rs_ratio_index"]
    assert float(rows[-1]["rs_ratio_index"]) == pytest.approx(column[-1], abs=5e-5)


def test_a_market_without_data_says_so_in_one_sentence(client: TestClient) -> None:
    for path in ("us/map", "us/map/details"):
        answer = told(client, path)
        gap = cast("dict[str, str]", answer["gap"])
        assert "sectorwise import --universe us" in gap["text"]
        assert gap["actor"] == "user"
        assert answer["sectors"] == []
    table = client.get("/api/universes/us/map/table.csv")
    assert table.text.count("\r\n") == 1


@pytest.mark.parametrize(
    ("path", "status", "named"),
    [
        ("moon/map", 404, "moon"),
        ("demo/map?benchmark=moon", 400, "moon"),
        ("demo/map?frequency=monthly", 422, "frequency"),
        ("demo/map/details?as_of=2999-01-01", 400, "2999-01-01"),
        ("demo/map/table.csv?bars=0", 422, "bars"),
        ("demo/map/table.csv?sectors=energy,zzz", 404, "zzz"),
    ],
)
def test_what_cannot_be_asked_is_said(
    client: TestClient, path: str, status: int, named: str
) -> None:
    answer = client.get(f"/api/universes/{path}")
    assert answer.status_code == status
    assert named in answer.json()["error"]


@pytest.mark.prove
@pytest.mark.real_data
def test_a_sector_of_one_stock_and_a_change_of_members_are_marked(real_home: Path) -> None:
    house = house_of(real_home)
    client = TestClient(web_application(house), base_url="http://127.0.0.1")
    details = told(client, "vn/map/details")
    rows = {row["sector"]: row for row in cast("list[dict[str, object]]", details["sectors"])}
    assert rows["technology"]["single_stock"] is True
    assert cast("dict[str, object]", rows["technology"]["members"])["top_member"] == "FPT"
    assert rows["banks"]["single_stock"] is False
    assert rows["banks"]["flow"] is not None
    course = told(client, "us/map", as_of="2018-12-28")
    sectors = {row["sector"]: row for row in cast("list[dict[str, object]]", course["sectors"])}
    changes = cast("list[dict[str, str]]", sectors["technology"]["reclassified"])
    assert "2018-09-24" in [change["effective"] for change in changes]
    assert all(change["effective"] <= "2018-12-28" for change in changes)
    assert told(client, "us/map/details")["flows"] is not None


def test_a_house_with_a_latest_day_shows_no_later_frame(demo_home: Path, house: House) -> None:
    scope = house.tools.scope("demo", None)
    day = scope.as_of.replace(day=1)
    early = TestClient(
        web_application(house_of(demo_home, latest=day)), base_url="http://127.0.0.1"
    )
    answer = told(early, "demo/map", as_of=str(scope.as_of))
    assert max(cast("list[str]", answer["seen"])) == str(day)
    assert max(cast("list[str]", answer["periods"])) <= str(day)
