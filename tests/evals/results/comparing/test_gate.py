from pathlib import Path

import pytest

from core.errors import CallerError
from evals.cases.reading import load_cases
from evals.results.comparing.baseline import Baseline, baseline_of, read_baseline, write_baseline
from evals.results.comparing.gate import falls
from evals.results.comparing.table import rows
from tests.evals.results.made import a_case, results

MIXED = results(
    a_case("a", coverage=1.0, direction=1.0),
    a_case("b", coverage=0.5, direction=1.0),
    a_case("c", coverage=0.0, direction=1.0),
    a_case("d", coverage=1.0, direction=None),
)
AGREED = baseline_of(MIXED)


def test_a_run_is_not_worse_than_itself_nor_after_its_baseline_was_written_and_read(
    tmp_path: Path,
) -> None:
    write_baseline(AGREED, tmp_path / "baseline.json")
    assert read_baseline(tmp_path / "baseline.json") == AGREED
    assert falls(MIXED, AGREED) == ()


def test_a_drop_within_one_standard_error_passes_and_one_beyond_it_does_not() -> None:
    error = next(row.baseline for row in rows(MIXED, AGREED)).error  # type: ignore[union-attr]
    assert error is not None
    assert 0.0 < error < 0.25

    def lower(by: float) -> tuple[str, ...]:
        cases = (a_case("a", coverage=1.0 - 4 * by, direction=1.0), *MIXED.cases[1:])
        return falls(results(*cases), AGREED)

    assert lower(error - 0.01) == ()
    assert [said.split()[0] for said in lower(min(error + 0.01, 0.25))] == ["coverage"]


def test_where_all_was_right_any_drop_is_one_too_many() -> None:
    cases = (a_case("a", coverage=1.0, direction=0.99), *MIXED.cases[1:])
    assert falls(results(*cases), AGREED) == (
        "direction fell by 0.003, beyond the standard error, 0.000",
    )


def test_a_case_that_breaks_and_one_that_can_no_longer_be_scored_are_worse() -> None:
    broken = results(a_case("a", error="TapeMissError: not on tape"), *MIXED.cases[1:])
    assert falls(broken, AGREED) == ("case a: TapeMissError: not on tape",)
    unscored = results(a_case("a", coverage=None, direction=1.0), *MIXED.cases[1:])
    assert "coverage could not score 1 it had scored, a first" in falls(unscored, AGREED)


def test_a_scorer_that_is_gone_is_worse() -> None:
    gone = results(*(a_case(case.id, direction=1.0) for case in MIXED.cases))
    assert falls(gone, AGREED) == ("coverage scored nothing at all",)


def test_a_case_that_is_gone_is_worse_where_it_was_due() -> None:
    fewer = results(*MIXED.cases[2:])
    assert falls(fewer, AGREED) == ()
    assert falls(fewer, AGREED, due=("b", "d", "unknown", "a")) == (
        "2 cases of the baseline were not run, a first",
    )
    assert falls(results(), AGREED, due=AGREED.values) == (
        "4 cases of the baseline were not run, a first",
    )


def test_some_cases_are_held_against_the_same_ones_and_new_ones_against_none() -> None:
    some = results(MIXED.cases[2], a_case("new", coverage=0.0, direction=0.0))
    assert falls(some, AGREED) == ()
    coverage = rows(some, AGREED)[0]
    assert coverage.baseline is not None
    assert (coverage.baseline.mean, coverage.change, coverage.now.count) == (0.0, 0.0, 2)


def test_without_a_baseline_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert read_baseline(tmp_path / "none.json") is None
    assert all(row.baseline is None and row.change is None for row in rows(MIXED, None))
    (tmp_path / "bad.json").write_text('{"values": {"a": {"coverage": 2.0}}}')
    with pytest.raises(CallerError, match="is no baseline"):
        read_baseline(tmp_path / "bad.json")


def test_a_baseline_of_no_case_knows_none() -> None:
    assert falls(MIXED, Baseline(sectorwise="0.1.0", values={})) == ()


def test_the_committed_baseline_knows_every_case_and_no_other() -> None:
    agreed = read_baseline()
    assert agreed is not None
    assert agreed.values.keys() == {case.id for case in load_cases()}
