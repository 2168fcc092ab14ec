"""The rotation map, the heatmap and the told rotation on the command line."""

from pathlib import Path

import pytest

from tests.app.command import Ran, sectorwise


def of_demo(demo_home: Path, *arguments: str) -> Ran:
    return sectorwise(arguments[0], "-u", "demo", *arguments[1:], home=demo_home)


def rows_of(ran: Ran) -> list[dict[str, object]]:
    found = ran.json()
    assert isinstance(found, list), ran.error
    return found


@pytest.mark.parametrize(
    "benchmark",
    [
        *(pytest.param(name, marks=pytest.mark.prove) for name in ("equal_weight", "constant")),
        "price_basket",
    ],
)
def test_a_rotation_names_its_benchmark_and_treatment(demo_home: Path, benchmark: str) -> None:
    rows = rows_of(of_demo(demo_home, "rotation", "--benchmark", benchmark, "--json"))
    plain = rows_of(of_demo(demo_home, "rotation", "--json"))
    treatment = "price" if benchmark == "price_basket" else "total_return"
    assert {(row["benchmark"], row["treatment"]) for row in rows} == {(benchmark, treatment)}
    assert {row["benchmark"] for row in plain} == {"demo_basket"}
    assert [row["rs_ratio"] for row in rows] != [row["rs_ratio"] for row in plain]


@pytest.mark.parametrize("command", ["rotation", "heatmap"])
def test_an_unknown_benchmark_lists_those_there_are(demo_home: Path, command: str) -> None:
    ran = of_demo(demo_home, command, "--benchmark", "dax")
    assert ran.code == 2
    assert "'dax': use one of demo_basket, equal_weight, constant, price_basket" in ran.error
    assert len(ran.error.strip().splitlines()) == 1


@pytest.mark.prove
def test_the_heatmap_is_against_the_benchmark_asked_for(demo_home: Path) -> None:
    ran = of_demo(demo_home, "heatmap", "--benchmark", "constant", "--json")
    found = ran.json()
    assert isinstance(found, dict)
    assert (found["benchmark"], found["factors"]) == ("constant", [])
    for row in found["rows"]:
        assert row["excess_3m_pct"] == pytest.approx(row["return_3m_pct"])
    assert (
        "against constant (total_return)"
        in of_demo(demo_home, "heatmap", "--benchmark", "constant").out
    )


def test_the_table_counts_the_tails_nodes_which_are_in_the_json(demo_home: Path) -> None:
    rows = rows_of(of_demo(demo_home, "rotation", "--tail", "5", "--json"))
    assert {len(row["tail"]) for row in rows if isinstance(row["tail"], list)} == {5}
    table = of_demo(demo_home, "rotation", "--tail", "5").out
    assert "tail: nodes known; --json has them" in table
    assert "Information Technology" in table


def test_a_told_rotation_prints_its_stays(demo_home: Path) -> None:
    asked = ("--since", "2024-01-02", "--as-of", "2024-06-28", "--sector", "banks")
    told = of_demo(demo_home, "rotation", *asked, "--json").json()
    assert isinstance(told, dict)
    assert told["tool"] == "get_rotation_history"
    assert {row["sector"] for row in told["rows"]} == {"financials"}
    table = of_demo(demo_home, "rotation", *asked).out
    for row in told["rows"]:
        assert row["quadrant"] in table
        assert row["entered"] in table
    assert "2024-01-02 to 2024-06-28" in table


def test_a_told_rotation_that_ends_before_it_begins_is_one_sentence(demo_home: Path) -> None:
    ran = of_demo(demo_home, "rotation", "--since", "2024-06-28", "--as-of", "2024-01-02")
    assert ran.code == 2
    assert "since 2024-06-28 is after as_of 2024-01-02" in ran.error
