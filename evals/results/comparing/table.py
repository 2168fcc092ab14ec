"""Results as rows: each scorer against the baseline, by kind of case, and the worst cases."""

from collections.abc import Sequence
from statistics import fmean, median

from core.records.record import Record
from evals.records import CaseKind, Score
from evals.results.comparing.baseline import Baseline
from evals.results.comparing.means import Mean, mean_of, paired
from evals.results.records import Marked, Results

WORST_COUNT = 12
"""Cases that are told as the worst."""


class Row(Record):
    """A scorer: now, in the baseline, and the mean change of the cases both scored.

    `lost` are cases the baseline had scored and this run did not, though it ran them.
    """

    scorer: str
    now: Mean
    baseline: Mean | None = None
    change: float | None = None
    lost: tuple[str, ...] = ()


class KindRow(Record):
    """A scorer's means by kind of case, None where it scored nothing."""

    scorer: str
    means: dict[CaseKind, float | None]


class Figures(Record):
    """A measure over all cases."""

    measure: str
    unit: str
    total: float
    mean: float
    middle: float
    most: float


class Worst(Record):
    """A case with the most that fell short: the sum over scorers of what is missing to 1."""

    id: str
    short: float
    scores: tuple[Score, ...]


def rows(results: Results, baseline: Baseline | None) -> tuple[Row, ...]:
    """Return a row for every scorer, in the scorers' order."""
    return tuple(_row(results, name, baseline) for name in results.scorers)


def kinds(results: Results) -> tuple[CaseKind, ...]:
    """Return the kinds of case there were, in their order."""
    return tuple(dict.fromkeys(case.kind for case in results.cases))


def by_kind(results: Results) -> tuple[KindRow, ...]:
    """Return a row for every scorer."""
    parts = {kind: [case for case in results.cases if case.kind == kind] for kind in kinds(results)}
    return tuple(
        KindRow(scorer=name, means={kind: mean_of(part, name).mean for kind, part in parts.items()})
        for name in results.scorers
    )


def figures(results: Results) -> tuple[Figures, ...]:
    """Return a row for every measure."""
    found: dict[tuple[str, str], list[float]] = {}
    for case in results.cases:
        for measure in case.measures:
            found.setdefault((measure.measure, measure.unit), []).append(measure.value)
    return tuple(
        Figures(
            measure=name, unit=unit, total=sum(values), mean=fmean(values), middle=median(values),
            most=max(values),
        )
        for (name, unit), values in found.items()
    )  # fmt: skip


def worst(cases: Sequence[Marked], count: int = WORST_COUNT) -> tuple[Worst, ...]:
    """Return the cases that fell shortest; one that fell short of nothing is none of them."""
    found = [
        Worst(id=case.id, short=sum(1.0 - _value(score) for score in short), scores=short)
        for case in cases
        if (short := tuple(score for score in case.scores if _value(score) < 1.0))
    ]
    return tuple(sorted(found, key=lambda row: (-row.short, row.id))[:count])


def _row(results: Results, name: str, baseline: Baseline | None) -> Row:
    now = mean_of(results.cases, name)
    if baseline is None:
        return Row(scorer=name, now=now)
    change, _, _ = paired(baseline.values, results.cases, name)
    lost = tuple(
        case.id
        for case in results.cases
        if name in baseline.values.get(case.id, {})
        and case.values().get(name) is None
        and not case.error
    )
    before = baseline.mean(results.cases, name)
    return Row(scorer=name, now=now, baseline=before, change=change, lost=lost)


def _value(score: Score) -> float:
    return 1.0 if score.value is None else score.value
