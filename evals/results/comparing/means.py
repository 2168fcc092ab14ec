"""Decides how sure the mean of scores is, where variants of one question are not independent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import fsum, sqrt

from core.records.record import Record
from evals.results.records import Marked, Results


class Mean(Record):
    """A mean of scores from 0 to 1, its standard error, and how many there were.

    `error` is None below two scores, both are None without any. `unscored` are cases the scorer
    had nothing to judge of: they are no part of `count`.
    """

    mean: float | None
    error: float | None
    count: int
    unscored: int


def mean_of(cases: Iterable[Marked], scorer: str) -> Mean:
    """Return what a scorer says of cases that ran."""
    found = [(case.base, case.values()[scorer]) for case in cases if scorer in case.values()]
    scored = [(base, value) for base, value in found if value is not None]
    mean, error = clustered(scored)
    return Mean(mean=mean, error=error, count=len(scored), unscored=len(found) - len(scored))


def verdict_mean(results: Results) -> Mean:
    """Return the mean of a judging model's verdicts."""
    values = [
        (score.case.partition("--")[0], score.value)
        for score in results.judged
        if score.value is not None
    ]
    mean, error = clustered(values)
    unscored = len(results.judged) - len(values)
    return Mean(mean=mean, error=error, count=len(values), unscored=unscored)


def clustered(values: Iterable[tuple[str, float]]) -> tuple[float | None, float | None]:
    """Return the mean of values and its standard error, clustered by their first element.

    With n values, d their distances from the mean and c the clusters, the squared error is
    sum d^2 / (n (n - 1)) + sum_c sum_{i != j in c} d_i d_j / n^2 (E. Miller, 2024, "Adding Error
    Bars to Evals", arXiv 2411.00640, section 2.2).
    """
    rows = list(values)
    count = len(rows)
    if count == 0:
        return None, None
    mean = fsum(value for _, value in rows) / count
    if count == 1:
        return mean, None
    together: dict[str, list[float]] = defaultdict(list)
    for cluster, value in rows:
        together[cluster].append(value - mean)
    alone = fsum(away * away for part in together.values() for away in part)
    crossed = fsum(
        fsum(part) ** 2 - fsum(away * away for away in part) for part in together.values()
    )
    return mean, sqrt(max(alone / (count * (count - 1)) + crossed / count**2, 0.0))


def paired(
    before: Mapping[str, Mapping[str, float | None]], after: Iterable[Marked], scorer: str
) -> tuple[float | None, float | None, int]:
    """Return the mean change of the cases both runs scored, its clustered error, their number.

    Args:
        before: values by scorer, by case.
        after: the cases as they are now.
        scorer: whose values.
    """
    changes: list[tuple[str, float]] = []
    for case in after:
        old, new = before.get(case.id, {}).get(scorer), case.values().get(scorer)
        if old is not None and new is not None:
            changes.append((case.base, new - old))
    return *clustered(changes), len(changes)
