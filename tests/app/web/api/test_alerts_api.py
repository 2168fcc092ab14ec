from fastapi.testclient import TestClient

ALERTS = "/api/universes/demo/alerts"


def test_every_alert_has_its_date_its_words_and_its_rule_in_both_languages(
    demo_client: TestClient,
) -> None:
    english = demo_client.get(ALERTS).json()
    vietnamese = demo_client.get(ALERTS, params={"lang": "vi"}).json()
    assert english["alerts"]
    for one, other in zip(english["alerts"], vietnamese["alerts"], strict=True):
        assert one["id"] == other["id"]
        assert one["text"] != other["text"]
        assert one["rule"] != other["rule"]
        assert one["period"] <= english["as_of"]
        if one["kind"] in {"quadrant_change", "early_warning"}:
            assert (one["frequency"], one["benchmark"]) == ("weekly", "demo_basket")


def test_the_list_of_a_date_knows_nothing_later(demo_client: TestClient) -> None:
    told = demo_client.get(ALERTS, params={"as_of": "2022-06-15"}).json()
    assert told["as_of"] == "2022-06-15"
    assert all(alert["period"] <= "2022-06-15" for alert in told["alerts"])
    turns = [alert["period"] for alert in told["alerts"] if alert["frequency"] == "weekly"]
    assert set(turns) <= {"2022-06-10"}, "the week of the 15th is still running"


def test_a_market_without_data_is_told_as_a_sentence(demo_client: TestClient) -> None:
    told = demo_client.get("/api/universes/us/alerts").json()
    assert told["alerts"] == []
    assert "sectorwise import --universe us" in told["gap"]["text"]
