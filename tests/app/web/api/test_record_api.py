import pytest
from fastapi.testclient import TestClient

RECORD = "/api/universes/demo/record"


def test_without_calls_the_card_says_so_and_shows_no_figure(demo_client: TestClient) -> None:
    told = demo_client.get(f"{RECORD}/calls", params={"horizon": "3M"}).json()
    assert told["said"] == ["No earlier calls are recorded."]
    assert (told["calls"], told["worst"], told["too_few"]) == ([], None, False)


def test_the_cuts_together_are_the_record_they_are_taken_from(demo_client: TestClient) -> None:
    told = demo_client.get(f"{RECORD}/forecast").json()
    skill = next(row for row in told["skills"] if row["horizon"] == "1M")
    counts = [row["dates_count"] for row in told["cuts"]]
    assert sum(counts) == skill["dates_count"]
    mean = sum(row["ic_mean_index"] * row["dates_count"] for row in told["cuts"]) / sum(counts)
    assert mean == pytest.approx(skill["ic_mean_index"], abs=1e-6)
    assert told["cuts"] == sorted(told["cuts"], key=lambda row: row["cut"])
    assert skill["verdict"]
    assert told["weights"][0]["family_name"] == "Fitted views"
    assert told["weights_count"] >= len(told["weights"])


def test_an_earlier_date_has_fewer_decisions_and_no_later_cut(demo_client: TestClient) -> None:
    told = demo_client.get(f"{RECORD}/forecast", params={"as_of": "2023-09-29"}).json()
    later = demo_client.get(f"{RECORD}/forecast").json()
    assert told["cuts"][-1]["until"] < "2023-09-29"
    assert told["last"]["cut"] <= "2023-09-29"
    assert sum(row["dates_count"] for row in told["cuts"]) < sum(
        row["dates_count"] for row in later["cuts"]
    )


def test_a_market_without_data_is_told_as_a_sentence(demo_client: TestClient) -> None:
    told = demo_client.get("/api/universes/us/record/forecast", params={"lang": "vi"}).json()
    assert "sectorwise import --universe us" in told["gap"]["text"]
    assert demo_client.get("/api/universes/us/record/calls").json()["card"] is None
