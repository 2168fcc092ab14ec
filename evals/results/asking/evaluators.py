"""Our scorers as pydantic-evals' evaluators; what a scorer had nothing to judge of is left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext
from pydantic_evals.reporting import EvaluationReport, ReportCase

from evals.records import Case, Ran, Score
from evals.results.asking.telling import exchanges, failed
from evals.results.records import Marked
from evals.scorers.checks import Scorer
from evals.scorers.registry import MEASURES, SCORERS

ERROR_LENGTH: Final = 300
"""Characters kept of an error."""


@dataclass(repr=False)
class Scoring(Evaluator[Case, Ran, None]):
    """One scorer."""

    scorer: Scorer

    def get_default_evaluation_name(self) -> str:
        """Return what it is called in reports."""
        return self.scorer.name

    def evaluate(self, ctx: EvaluatorContext[Case, Ran, None]) -> Mapping[str, EvaluationReason]:
        """Return its value with the reason, nothing where it had nothing to judge."""
        score = self.scorer(ctx.output)
        if score.value is None:
            return {}
        return {score.scorer: EvaluationReason(score.value, score.why)}


def evaluators(scorers: Iterable[Scorer] = SCORERS) -> list[Evaluator[Case, Ran, None]]:
    """Return an evaluator for each scorer."""
    return [Scoring(scorer) for scorer in scorers]


def marks(report: EvaluationReport[Case, Ran, None]) -> Iterator[Marked]:
    """Yield what a report says of each case, in no order."""
    for case in report.cases:
        yield _marked(case)
    for failure in report.failures:
        yield failed(failure.inputs, _short(failure.error_message))


def _marked(found: ReportCase[Case, Ran, None]) -> Marked:
    case, broken = found.inputs, found.evaluator_failures
    return Marked(
        id=case.id,
        base=case.base,
        kind=case.kind,
        universe=case.universe,
        exchanges=exchanges(found.output),
        scores=tuple(_scores(found)),
        measures=tuple(measure(found.output) for measure in MEASURES),
        error=_short("; ".join(f"scorer {one.name}: {one.error_message}" for one in broken)),
    )


def _scores(found: ReportCase[Case, Ran, None]) -> Iterator[Score]:
    for scorer in SCORERS:
        result = found.scores.get(scorer.name)
        value, why = (None, "") if result is None else (float(result.value), result.reason or "")
        yield Score(case=found.inputs.id, scorer=scorer.name, value=value, why=why)


def _short(error: str) -> str:
    return " ".join(error.split())[:ERROR_LENGTH]
