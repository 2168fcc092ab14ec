"""Which scorers and measures there are, in the order they are told."""

from evals.scorers.asked import asked_back, coverage, limits, missing, refusal, thread, understood
from evals.scorers.calls import planned, trajectory
from evals.scorers.checks import Checked, Scorer
from evals.scorers.measures import Measured, calls_known, calls_made
from evals.scorers.numbers import citations, derived, numerals
from evals.scorers.words import advice, agreement, basis, direction, index_level, language

SCORERS: tuple[Scorer, ...] = (
    Checked("request-understood", understood.checks),
    Checked("tool-recall", trajectory.recall),
    Checked("tool-precision", trajectory.precision),
    Checked("tool-arguments", trajectory.arguments),
    Checked("numeric-fidelity", numerals.checks),
    Checked("derived-numbers", derived.checks),
    Checked("direction", direction.checks),
    Checked("citations", citations.checks),
    Checked("agreement", agreement.checks),
    Checked("coverage", coverage.checks),
    Checked("missing-said", missing.checks),
    Checked("basis-named", basis.checks),
    Checked("asked-back", asked_back.checks),
    Checked("thread-kept", thread.checks),
    Checked("limits-hold", limits.checks),
    Checked("no-index-level", index_level.checks),
    Checked("no-advice", advice.checks),
    Checked("language", language.checks),
    Checked("calls-in-plan", planned.checks),
    Checked("refusal", refusal.checks),
)

MEASURES: tuple[Measured, ...] = (
    Measured("calls", "calls", calls_made),
    Measured("known", "calls", calls_known),
    Measured("model-calls", "calls", lambda answer: answer.model_calls_count),
    Measured("tokens", "tokens", lambda answer: answer.tokens_count),
    Measured("tokens-written", "tokens", lambda answer: answer.tokens_written_count),
    Measured("seconds", "s", lambda answer: answer.seconds),
)
