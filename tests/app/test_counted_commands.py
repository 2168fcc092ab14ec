"""Rotation statistics and the market's warning on the command line."""

from pathlib import Path

import pytest

from tests.app.command import sectorwise


@pytest.mark.prove
def test_statistics_print_counts_intervals_and_the_textbook_beside_history(demo_home: Path) -> None:
    asked = ("rotation", "-u", "demo", "--statistics", "--as-of", "2024-06-28")
    found = sectorwise(*asked, "--json", home=demo_home).json()
    assert isinstance(found, dict)
    assert (found["tool"], found["frequency"]) == ("get_rotation_statistics", "weekly")
    assert {row["quadrant"] for row in found["rows"]} == {
        "LEADING", "WEAKENING", "LAGGING", "IMPROVING",
    }  # fmt: skip
    told = sectorwise(*asked, home=demo_home).out
    for row in found["readings"]:
        assert f"{row['excess_mean_pct']:+.2f}" in told
        assert row["verdict"].replace("_", " ") in told
    (turn,) = found["turns"]
    assert f"of {turn['changes_count']} changes" in told
    assert "95 % interval" in told


def test_statistics_are_of_the_frequency_and_benchmark_asked_for(demo_home: Path) -> None:
    asked = ("rotation", "-u", "demo", "--statistics", "--json")
    options = ("--frequency", "monthly", "--benchmark", "equal_weight")
    found = sectorwise(*asked, *options, home=demo_home).json()
    assert isinstance(found, dict)
    assert (found["frequency"], found["benchmark"]) == ("monthly", "equal_weight")
    assert {row["horizon"] for row in found["readings"]} == {"1M", "3M"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--sector", "banks"), "leave --sector and --since"),
        (("--since", "2024-01-02"), "leave --sector and --since"),
        (("--as-of", "2019-02-01"), "history is too short"),
    ],
)
def test_what_cannot_be_counted_is_one_sentence(
    demo_home: Path, options: tuple[str, ...], said: str
) -> None:
    ran = sectorwise("rotation", "-u", "demo", "--statistics", *options, home=demo_home)
    assert ran.code == 2
    assert said in ran.error
    assert len(ran.error.strip().splitlines()) == 1


def test_the_warning_prints_state_record_rule_and_balance(demo_home: Path) -> None:
    asked = ("warning", "-u", "demo", "--as-of", "2024-06-28")
    found = sectorwise(*asked, "--json", home=demo_home).json()
    assert isinstance(found, dict)
    (row,), (switch,), (balance,) = found["rows"], found["switch"], found["balance"]
    told = sectorwise(*asked, home=demo_home).out
    assert f"{row['market_warning']} since {row['warning_since']}" in told
    assert f"{row['signs_count']} of 3 signs lit" in told
    assert f"{switch['switches_count']} switches" in told
    assert "it moves no weight" in told
    assert f"{balance['style_lead']} sectors lead since {balance['style_since']}" in told


@pytest.mark.prove
def test_a_warning_without_enough_history_says_what_it_takes(demo_home: Path) -> None:
    told = sectorwise("warning", "-u", "demo", "--as-of", "2019-06-28", home=demo_home)
    assert told.code == 0
    assert "no warning state: it takes two years" in told.out
    assert "no balance: it takes 200 sessions" in told.out
