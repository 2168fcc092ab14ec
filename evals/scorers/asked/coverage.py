"""Whether what was asked about is answered: the measures, each sector named, each market."""

from collections.abc import Iterator

from core.records.report import Report
from core.records.sectors import HeatmapResult
from evals.records import Expected, Ran
from evals.scorers.checks import Check, turns
from evals.scorers.told import bound, facts_of

NARROW = frozenset({"statements", "formula", "record", "rule_test", "past_calls", "target"})
"""Topics whose answer need not speak of a named sector."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield whether each turn has an answer, and whether that says what was asked for.

    Where none can be given to an understood question, what is said of that is judged elsewhere.
    """
    for place, turn, answer in turns(ran):
        if turn.expected.refuses:
            continue
        where = f"turn {place + 1}: " if place else ""
        if answer.report is None:
            if not (turn.expected.no_answer and answer.request is not None):
                yield Check(False, f"{where}no answer: {answer.error or 'no report'}")
            continue
        for check in _said(turn.expected, answer.report):
            yield Check(check.right, where + check.what)


def _said(expected: Expected, report: Report) -> Iterator[Check]:
    request, facts = report.request, facts_of(report)
    if request.intent == "off_topic":
        yield Check(False, "turned away as off topic")
        return
    told = [(sentence, fact) for sentence in report.sentences for _, fact in bound(sentence, facts)]
    measures = {f"{fact.measure}." for _, fact in told}
    for measure in expected.says:
        met = any(name.startswith(f"{measure}.") for name in measures)
        yield Check(met, f"no sentence is bound to {measure}")
    markets = {sentence.universe for sentence, _ in told if sentence.section != "warning"}
    missed = {gap.universe for gap in report.gaps}
    for universe in request.universes:
        yield Check(universe in markets | missed, f"nothing is said of {universe}")
    answered = [row for row in told if row[0].section != "warning"]
    about = {name for sentence, fact in answered for name in (sentence.entity, fact.subject)}
    about |= set(_absent(report))
    named = {row.sector for row in request.focus} if not NARROW & {*request.topics} else set()
    for sector in sorted(named | set(expected.sectors)):
        yield Check(sector in about, f"nothing is said of {sector}")


def _absent(report: Report) -> Iterator[str]:
    """Yield the sectors that no evidence places and of which an answer says so by their name."""
    placed = {
        (item.result.universe, row.sector)
        for item in report.evidence
        if isinstance(item.result, HeatmapResult)
        for row in item.result.rows
        if row.weekly is not None
    }
    for row in report.request.focus:
        said = (
            sentence.universe == row.universe and sentence.entity == row.sector
            for sentence in report.sentences
            if sentence.section == "answer"
        )
        if (row.universe, row.sector) not in placed and any(said):
            yield row.sector
