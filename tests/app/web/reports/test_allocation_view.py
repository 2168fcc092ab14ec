from math import fsum

import pytest

from tests.app.web.reports.conftest import EARLIER, LATER, Kept

pytestmark = pytest.mark.prove

PLACE = "/api/universes/demo/allocation"


def test_the_latest_plain_report_up_to_the_date_is_shown(kept: Kept) -> None:
    runs = {
        day: kept.client.get(PLACE, params={"as_of": str(day)} if day else {}).json()["row"]["run"]
        for day in (None, LATER, EARLIER)
    }
    assert runs == {None: kept.later, LATER: kept.later, EARLIER: kept.earlier}
    assert "row" not in kept.client.get(PLACE, params={"as_of": "2024-11-21"}).json()
    assert kept.client.get(PLACE, params={"horizon": "3M"}).json() == {}
    absent = kept.client.get(PLACE.replace("demo", "europe")).json()
    assert absent.keys() == {"gap"}
    assert absent["gap"]["actor"] == "user"
    assert "sectorwise import --universe europe" in absent["gap"]["text"]
    assert kept.client.get(PLACE, params={"run": kept.what_if}).json()["row"]["run"] == kept.what_if


def test_weights_sum_to_the_whole_and_scores_are_their_parts(kept: Kept) -> None:
    view = kept.client.get(PLACE).json()
    report = kept.reports[kept.later]
    lines = {line.sector: line for line in report.allocations[0].lines}
    assert {row["sector"] for row in view["sectors"]} == set(lines)
    for key in ("held_weight", "target_weight"):
        rows = [*view["sectors"], *view.get("beyond", [])]
        assert fsum(row[key] or 0.0 for row in rows) == pytest.approx(1.0, abs=1e-9)
    for row in view["sectors"]:
        assert row["target_weight"] == lines[row["sector"]].target_weight
        if row.get("score") is not None:
            points = fsum(part.get("contribution") or 0.0 for part in row["parts"])
            assert points == pytest.approx(row["score"], abs=1e-6)
    colours = {key["colour"] for key in view["keys"]}
    parts = [part for row in view["sectors"] for part in row["parts"]]
    assert {part["colour"] for part in parts if part.get("contribution")} <= colours


def test_trades_limits_risk_and_changes_are_the_reports_own_parts(kept: Kept) -> None:
    view = kept.client.get(PLACE, params={"lang": "vi"}).json()
    assert view["held"]
    assert {table["id"] for table in view["trades"]["tables"]} == {"trades", "orders"}
    assert view["limits"]["title"] == "Chi phí và giới hạn"
    assert view["changes"]["tables"][0]["rows"]
    assert view["row"]["language"] == "en"


def test_a_report_of_another_market_is_refused(kept: Kept) -> None:
    answer = kept.client.get("/api/universes/us/allocation", params={"run": kept.later})
    assert answer.status_code == 400
    assert "not about us" in answer.json()["error"]
    assert kept.client.get("/api/universes/nowhere/allocation").status_code == 404
