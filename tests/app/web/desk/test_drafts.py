import json

import pytest

from tests.app.web.desk.conftest import Desk

CAP = {"caps": [{"sector": "technology", "cap": 0.05}]}
HELD = {"positions": [{"sector": "technology", "weight": 0.6}], "cash_weight": 0.4}
ASKED = "Report over 1 month"


def opened(desk: Desk) -> str:
    answer = desk.client.post("/api/threads", json={"universe": "demo"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["thread"])


def tried(desk: Desk, thread: str, **draft: object) -> tuple[str, dict[str, object]]:
    """Return the run of a draft and its finished event."""
    path = "/api/universes/demo/drafts"
    answer = desk.client.post(path, json={"thread": thread, "text": ASKED, **draft})
    assert answer.status_code == 201, answer.text
    run = str(answer.json()["run"])
    with desk.client.stream("GET", f"/api/runs/{run}/events") as stream:
        told = [json.loads(line[5:]) for line in stream.iter_lines() if line.startswith("data:")]
    assert told[-1]["event"] == "finished", told[-1]
    return run, told[-1]


def weights(desk: Desk, run: str) -> dict[str, float]:
    view = desk.client.get("/api/universes/demo/allocation", params={"run": run}).json()
    return {row["sector"]: row["target_weight"] for row in view["sectors"]}


@pytest.mark.prove
def test_a_second_draft_reuses_the_answers_and_forgets_the_first_limits(desk: Desk) -> None:
    thread = opened(desk)
    capped, first = tried(desk, thread, mandate=CAP)
    assert first["reused_count"] == 0
    assert weights(desk, capped)["technology"] == 0.05
    held, second = tried(desk, thread, holdings=HELD)
    # A portfolio needs one call more: what its instruments cost to trade.
    assert (second["reused_count"], second["evidence_count"]) == (16, 17)
    report = desk.client.get(f"/api/reports/{held}/files/json").json()
    assert report["request"]["patch"] is None
    assert report["request"]["holdings"]["positions"][0]["weight"] == 0.6
    again, third = tried(desk, thread, mandate=CAP)
    assert third["reused_count"] == third["evidence_count"]
    report = desk.client.get(f"/api/reports/{again}/files/json").json()
    assert report["request"]["holdings"] is None
    assert weights(desk, again) == weights(desk, capped)


def test_a_draft_of_nothing_or_of_another_market_is_refused(desk: Desk) -> None:
    thread = opened(desk)
    body = {"thread": thread, "text": ASKED}
    empty = desk.client.post("/api/universes/demo/drafts", json=body)
    assert (empty.status_code, "nothing is drafted" in empty.json()["error"]) == (400, True)
    other = desk.client.post("/api/universes/us/drafts", json=body | {"mandate": CAP})
    assert (other.status_code, "not us" in other.json()["error"]) == (400, True)
    lost = desk.client.post(
        "/api/universes/demo/drafts", json=body | {"thread": "x", "mandate": CAP}
    )
    assert lost.status_code == 404
