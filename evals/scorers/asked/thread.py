"""Whether a follow-up kept the thread: its limits, its market, known answers."""

from collections.abc import Iterator

from evals.records import Answer, Expected, Ran
from evals.scorers.asked.limits import alike
from evals.scorers.checks import Check, turns

ALWAYS_ANEW = frozenset({"get_data_status"})
"""Calls that tell whether earlier answers may be used again."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield of each later turn whether what the case expects of the thread was kept."""
    earlier: Answer | None = None
    for place, turn, answer in turns(ran):
        if earlier is not None:
            for check in _kept(turn.expected, earlier, answer):
                yield Check(check.right, f"turn {place + 1}: {check.what}")
        if answer.request is not None and answer.request.intent != "off_topic":
            earlier = answer


def _kept(expected: Expected, earlier: Answer, answer: Answer) -> Iterator[Check]:
    if expected.refuses or expected.no_answer or earlier.request is None:
        return
    if answer.request is None or answer.report is None:
        yield Check(False, f"no answer: {answer.error or 'refused'}")
        return
    if expected.reuses:
        made = {call.tool for call in answer.called if not call.known}
        anew = sorted(made - ALWAYS_ANEW)
        yield Check(not anew, f"called anew: {', '.join(anew)}")
    if not expected.universes:
        same = answer.request.universes == earlier.request.universes
        yield Check(same, f"market {', '.join(answer.request.universes)}")
    yield from alike(expected, answer.request.patch, earlier=earlier.request.patch)
