from datetime import date

from core.mandate import parse_mandate
from tests.app.web.desk.conftest import FILE, Desk

MANDATE, CHECK = "/api/universes/demo/mandate", "/api/universes/demo/mandate/check"


def checked(desk: Desk, limits: dict[str, object], **stated: object) -> dict[str, object]:
    answer = desk.client.post(CHECK, json={"limits": limits, **stated})
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


def test_a_number_nobody_means_is_refused_before_it_is_reckoned_with(desk: Desk) -> None:
    for beyond in ({"risk_aversion": 1e-320}, {"tracking_error_pct": 1e-12}, {"cost_bps": 1e9}):
        answer = desk.client.post(CHECK, json={"limits": beyond})

        assert 400 <= answer.status_code < 500, answer.text


def test_without_a_file_the_packaged_limits_are_in_force(desk: Desk) -> None:
    told = desk.client.get(MANDATE).json()
    assert not told["of_file"]
    (version,) = told["versions"]
    assert version["in_force"]
    assert version["limits"]["sector_cap"] is None
    assert told["built_in"] == {"sector_cap": 0.35, "active_cap": 0.1, "turnover": 0.3}


def test_a_files_versions_say_who_when_and_why(ruled: Desk) -> None:
    told = ruled.client.get(MANDATE).json()
    assert [(row["version"], row["author"], row["in_force"]) for row in told["versions"]] == [
        (1, "A. Chair", False), (2, "A. Chair", True),
    ]  # fmt: skip
    assert told["versions"][1]["reason"] == "less of one sector"
    assert told["versions"][1]["limits"]["caps"] == [{"sector": "technology", "cap": 0.2}]
    before = ruled.client.get(MANDATE, params={"as_of": "2024-10-31"}).json()
    assert [row["in_force"] for row in before["versions"]] == [True, False]
    other = ruled.client.get("/api/universes/us/mandate").json()
    assert not other["of_file"]


def test_a_draft_becomes_the_files_next_version_word_for_word(ruled: Desk) -> None:
    limits = ruled.client.get(MANDATE).json()["versions"][1]["limits"]
    draft = limits | {"caps": [{"sector": "technology", "cap": 0.1}], "excluded": ["energy"]}
    told = checked(
        ruled, draft, valid_from="2025-01-01", author="B. Second", reason='said "less"\n'
    )
    assert told["possible"]
    book = parse_mandate(str(told["text"]), "house")
    assert book.versions[:2] == parse_mandate(FILE, "house").versions
    third = book.versions[2]
    assert (third.version, third.valid_from) == (3, date(2025, 1, 1))
    assert (third.author, third.reason) == ("B. Second", 'said "less"')
    assert (third.excluded, third.turnover) == (("energy",), 0.2)
    assert told["file_name"] == "house.toml"
    changes = told["changes"]
    assert isinstance(changes, list)
    assert {"limit": "caps.technology", "before": "20 %", "after": "10 %"} in changes


def test_limits_that_cannot_hold_together_are_named_with_every_way_out(desk: Desk) -> None:
    floors = [{"sector": "technology", "floor": 0.6}, {"sector": "energy", "floor": 0.6}]
    told = checked(desk, {"floors": floors})
    assert not told["possible"]
    assert told["conflict"]
    assert told["relaxations"]
    assert "technology" in str(told["conflict"])


def test_a_what_if_may_only_tighten_and_the_rest_needs_the_file(ruled: Desk) -> None:
    limits = ruled.client.get(MANDATE).json()["versions"][1]["limits"]
    tighter = checked(
        ruled, limits | {"caps": [{"sector": "technology", "cap": 0.1}]}, valid_from="2025-01-01"
    )
    assert tighter["patch"] == {
        "caps": [{"sector": "technology", "cap": 0.1}], "floors": [], "excluded": [],
        "turnover": None,
    }  # fmt: skip
    assert tighter["untried"] == []
    looser = checked(
        ruled, limits | {"caps": [{"sector": "technology", "cap": 0.4}], "cash_floor": 0.05},
        valid_from="2025-01-01",
    )  # fmt: skip
    assert looser["patch"] is None
    assert looser["untried"] == ["cash_floor", "caps.technology"]


def test_a_version_that_begins_no_later_is_refused_in_a_sentence(ruled: Desk) -> None:
    limits = ruled.client.get(MANDATE).json()["versions"][1]["limits"]
    for day in (None, "2024-11-01"):
        answer = ruled.client.post(CHECK, json={"limits": limits, "valid_from": day})
        assert answer.status_code == 400
        assert list(answer.json()) == ["error"]


def test_a_sector_nobody_knows_is_said_not_ignored(desk: Desk) -> None:
    told = checked(desk, {"caps": [{"sector": "nowhere", "cap": 0.1}]})
    assert not told["possible"]
    assert "nowhere" in str(told["problem"])


def test_checking_writes_nothing(ruled: Desk) -> None:
    checked(ruled, {"turnover": 0.1}, valid_from="2025-01-01")
    assert ruled.client.get(MANDATE).json()["versions"][-1]["version"] == 2
