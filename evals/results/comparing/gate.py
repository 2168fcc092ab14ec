"""Decides whether a run is worse than the baseline; which baseline is right is its reader's."""

from collections.abc import Collection, Sequence

from app.cli.output import counted
from evals.records import CaseId
from evals.results.comparing.baseline import Baseline
from evals.results.comparing.table import Row, rows
from evals.results.records import Results

ROUNDING = 1e-6
"""Share of a score below which a change is that of the baseline's digits."""


def falls(results: Results, baseline: Baseline, *, due: Collection[CaseId] = ()) -> tuple[str, ...]:
    """Return in a sentence each what is worse: nothing, and the run passes.

    Worse is a case that could not be run or scored; a scorer whose mean, over the cases the
    baseline scored too, fell by more than the standard error of the baseline's mean; and a case
    the baseline has and this run could not score, or did not run though it was `due`, as what is
    left out would raise the mean.
    """
    errors = [f"case {case.id}: {case.error}" for case in results.cases if case.error]
    found = (fell for row in rows(results, baseline) for fell in _fell(row))
    gone = sorted((baseline.values.keys() & set(due)) - results.by_id().keys())
    return (*errors, *found, *_missing(results, baseline), *_gone(gone))


def _fell(row: Row) -> Sequence[str]:
    said: list[str] = []
    before = row.baseline
    if before is not None and row.change is not None:
        allowed = before.error or 0.0
        if row.change < -allowed - ROUNDING:
            said.append(
                f"{row.scorer} fell by {-row.change:.3f}, beyond the standard error, {allowed:.3f}"
            )
    if row.lost:
        said.append(
            f"{row.scorer} could not score {len(row.lost)} it had scored, {row.lost[0]} first"
        )
    return said


def _gone(names: Sequence[CaseId]) -> Sequence[str]:
    if not names:
        return ()
    verb = "was" if len(names) == 1 else "were"
    return (f"{counted(len(names), 'case')} of the baseline {verb} not run, {names[0]} first",)


def _missing(results: Results, baseline: Baseline) -> Sequence[str]:
    """Return of scorers the baseline has, and this run has nowhere."""
    ran = {case.id for case in results.cases if not case.error}
    known = {name for case in ran & baseline.values.keys() for name in baseline.values[case]}
    return [f"{name} scored nothing at all" for name in sorted(known - {*results.scorers})]
