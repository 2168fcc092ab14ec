from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import MandateError
from core.mandate import LimitChange, mandate_changes, parse_mandate
from core.records.mandate import Mandate, SectorCap, SectorFloor

DATED = """
universe = "vn"

[[versions]]
author = "Hoa"
reason = "founding"
caps = {real_estate = 0.20, banks = 0.30}
floors = [{sector = "utilities", floor = 0.02}]
groups = {vin = {symbols = ["VIC", "VHM"], cap = 0.20}}
excluded = ["steel"]
issuer_cap = 0.20
turnover = 0.25

[[versions]]
valid_from = 2025-01-01
author = "Minh"
reason = "board of December"
caps = {real_estate = 0.15}
groups = {vin = {cap = 0.15}}
excluded = ["media"]
lift = ["issuer_cap", "caps.banks", "excluded.steel"]

[[versions]]
valid_from = 2025-06-01
factor_weights = {momentum_12m = 0.7, breadth_50d = 0.3}
"""


def refusal(text: str) -> str:
    with pytest.raises(MandateError) as caught:
        parse_mandate(text, "own")
    return str(caught.value)


def test_a_flat_file_is_one_stated_version() -> None:
    book = parse_mandate('turnover = 0.2\ncaps = [{sector = "a", cap = 0.1}]', "own")
    assert (book.id, book.universe, len(book.versions)) == ("own", None, 1)
    only = book.versions[0]
    assert (only.version, only.packaged, only.turnover) == (1, False, 0.2)
    assert only.caps == (SectorCap(sector="a", cap=0.1),)
    assert parse_mandate("", "own").versions[0] == Mandate(id="own", version=1)


def test_rows_written_as_a_table_or_as_tables_are_the_same_rows() -> None:
    short = parse_mandate(
        "caps = {b = 0.2, a = 0.1}\nfloors = {c = 0.05}\n"
        'groups = {g = {sectors = ["a", "b"], cap = 0.3}}\nfactor_weights = {x = 1.0}',
        "own",
    )
    long = parse_mandate(
        '[[caps]]\nsector = "a"\ncap = 0.1\n[[caps]]\nsector = "b"\ncap = 0.2\n'
        '[[floors]]\nsector = "c"\nfloor = 0.05\n'
        '[[groups]]\nname = "g"\nsectors = ["a", "b"]\ncap = 0.3\n'
        '[[factor_weights]]\nfactor = "x"\nweight = 1.0\n',
        "own",
    )
    assert short == long
    assert [row.sector for row in short.versions[0].caps] == ["a", "b"]


def test_a_later_version_states_only_what_changes() -> None:
    book = parse_mandate(DATED, "own")
    first, second, third = book.versions
    assert [row.version for row in book.versions] == [1, 2, 3]
    assert {row.sector: row.cap for row in second.caps} == {"real_estate": 0.15}
    assert second.floors == first.floors == (SectorFloor(sector="utilities", floor=0.02),)
    assert (second.groups[0].symbols, second.groups[0].cap) == (("VIC", "VHM"), 0.15)
    assert (second.excluded, second.issuer_cap, second.turnover) == (("media",), None, 0.25)
    assert (second.author, third.author, third.reason) == ("Minh", "", "")
    assert third.caps == second.caps
    assert [row.factor for row in third.factor_weights] == ["breadth_50d", "momentum_12m"]


def test_the_version_in_force_is_found_by_date() -> None:
    book = parse_mandate(DATED, "own")
    for day, version in (((2024, 12, 31), 1), ((2025, 1, 1), 2), ((2026, 1, 1), 3)):
        found = book.at(date(*day))
        assert found is not None
        assert found.version == version


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("turnover = 20", "mandate own: turnover is 20; it is a fraction of one, 0.15 for 15 %"),
        ("caps = {banks = 15}", "mandate own: caps.banks is 15; it is a fraction of one"),
        ("turn = 0.2", "mandate own: turn is no limit; limits are id, version"),
        ("caps = {banks = {cup = 0.1}}", "mandate own: caps.banks.cap is missing"),
        ("caps = 0.2", "mandate own: caps must be a table, like caps = {real_estate = 0.15}"),
        ('caps = {a = "x"}', "mandate own: caps.a: must be a valid number"),
        ("cash_floor = true", "mandate own: cash_floor must be a number, not true"),
        ('[[caps]]\nsector="a"\ncap=0.1\n[[caps]]\nsector="a"\ncap=0.2', "caps has a twice"),
        ('excluded = "steel"', "excluded must be a list of names"),
        ("groups = {g = {cap = 0.1}}", "groups.g: group g: name either sectors or symbols"),
        ("tracking_error_pct = 0", "tracking_error_pct: must be greater than or equal to 0.01"),
        ("risk_aversion = 1e-320", "risk_aversion: must be greater than or equal to 0.01"),
        ("cost_bps = -1", "cost_bps: must be greater than or equal to 0"),
        ('lift = ["caps.a"]', "lift names caps.a, which is not limited before"),
        ("version = 0", "version must be at least 1"),
        ("x == 1", "mandate own is not valid TOML"),
        ('universe = "V N"', "mandate own: universe: String should match"),
        ("versions = 3", "versions must be an array of tables, [[versions]]"),
        ("versions = [3]", "versions must be an array of tables, [[versions]]"),
        ("turnover = 0.1\n[[versions]]", "turnover must stand in one of the [[versions]]"),
        ("[[versions]]\n[[versions]]", "version 2: valid_from is missing"),
        (
            "[[versions]]\nvalid_from=2025-01-01\n[[versions]]\nvalid_from=2024-01-01",
            "mandate own: valid_from must rise from version to version",
        ),
        ("[[versions]]\nturnover = 3", "mandate own, version 1: turnover is 3"),
    ],
)
def test_a_problem_is_one_sentence_with_the_key(text: str, words: str) -> None:
    message = refusal(text)
    assert words in message
    assert "\n" not in message.split("limits are")[0].strip() or "TOML" in message


def test_what_changed_is_told_limit_by_limit() -> None:
    first, second, _ = parse_mandate(DATED, "own").versions
    assert mandate_changes(first, second) == (
        LimitChange("issuer_cap", "20 %", "none"),
        LimitChange("caps.banks", "30 %", "none"),
        LimitChange("caps.real_estate", "20 %", "15 %"),
        LimitChange("excluded.steel", "excluded", "none"),
        LimitChange("groups.vin", "20 % of VIC, VHM", "15 % of VIC, VHM"),
        LimitChange("excluded.media", "none", "excluded"),
    )
    assert mandate_changes(second, second) == ()


@given(
    caps=st.dictionaries(st.sampled_from("abcd"), st.floats(0.0, 1.0), max_size=4),
    later=st.dictionaries(st.sampled_from("abcd"), st.floats(0.0, 1.0), max_size=4),
)
def test_a_version_that_states_rows_keeps_the_others(
    caps: dict[str, float], later: dict[str, float]
) -> None:
    def rows(stated: dict[str, float]) -> str:
        return "".join(
            f"[[versions.caps]]\nsector = '{k}'\ncap = {v:.9f}\n" for k, v in stated.items()
        )

    text = f"[[versions]]\n{rows(caps)}[[versions]]\nvalid_from = 2025-01-01\n{rows(later)}"
    found = {row.sector: row.cap for row in parse_mandate(text, "own").versions[1].caps}
    assert found == pytest.approx(caps | later, abs=1e-9)
