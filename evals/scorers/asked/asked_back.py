"""Whether each field the words leave unclear is shown as it was taken, once, and answered."""

from collections import Counter
from collections.abc import Iterator

from core.records.report import Report
from evals.records import Answer, Ran, Taken, Unclear
from evals.scorers.checks import Check, turns
from evals.scorers.told import facts_of, stem

REFUSED = "RequestError: "
"""How an error begins that says what of the words cannot be taken."""
LIMITS = frozenset({"stated_cap", "stated_floor", "stated_exclusion", "stated_turnover"})
"""Measures of the sentences that restate a limit."""
ANSWERS = frozenset({"answer", "recommendation", "headline"})


def checks(ran: Ran) -> Iterator[Check]:
    """Yield of each unclear field whether it is shown, and shown once; then whether any answers.

    What is taken is shown by the report: a limit by its sentence, another field by its row of what
    was understood, with why. Words that are refused are told what is unclear, and not answered.
    """
    for place, turn, answer in turns(ran):
        where = f"turn {place + 1}: " if place else ""
        for field, why in sorted(turn.expected.unclear.items()):
            count = _shown(field, why, answer)
            yield Check(count > 0, f"{where}shows nowhere what {field} was taken for")
            if count > 0:
                yield Check(count == 1, f"{where}shows {field} more than once")
        if turn.expected.unclear:
            said = f"{where}does not answer: {answer.error or 'no facts'}"
            yield Check(_answers(answer.report), said)


def _shown(field: Unclear, why: Taken, answer: Answer) -> int:
    """Return how often the field is shown, each value of it counted apart; 0: nowhere."""
    report = answer.report
    if report is None:
        return int(answer.error.startswith(REFUSED))
    if field == "limit":
        return _most(_restated(report))
    rows = report.request.inferred
    return _most([row.value for row in rows if (row.field, row.why) == (field, why) and row.value])


def _restated(report: Report) -> list[str]:
    """Return the texts that restate limits, as each of them is bound to the words' own."""
    facts = facts_of(report)
    own = {name for name, fact in facts.items() if fact.formula == "request"}
    return [
        row.text
        for row in report.sentences
        if any(span.fact in own and stem(facts[span.fact]) in LIMITS for span in row.spans)
    ]


def _most(values: list[str]) -> int:
    return max(Counter(values).values(), default=0)


def _answers(report: Report | None) -> bool:
    if report is None or report.request.intent == "off_topic":
        return False
    return any(
        row.section in ANSWERS and any(span.fact for span in row.spans) for row in report.sentences
    )
