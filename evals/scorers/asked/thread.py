"""Whether a follow-up kept the thread: limits in words and in weights, market, known answers."""

from collections.abc import Iterator

from core.records.mandate import MandatePatch
from core.records.report import Report
from core.records.request import Request
from evals.records import Answer, Expected, Ran
from evals.scorers.checks import Check, turns

ALWAYS_ANEW = frozenset({"get_data_status"})
"""Calls that tell whether earlier answers may be used again."""
TOLERANCE = 1e-9
"""Of a weight, a fraction."""


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
    yield from _limits(expected, answer.request, answer.report)


def _limits(expected: Expected, request: Request, report: Report) -> Iterator[Check]:
    """Yield whether the expected limits are stated, and hold in every weight there is."""
    patch = request.patch or MandatePatch()
    caps = {row.sector: row.cap for row in patch.caps}
    if expected.unlimited:
        yield Check(patch == MandatePatch(), "limits were kept that are lifted")
    for sector in expected.excluded:
        yield Check(sector in patch.excluded, f"{sector} is no longer excluded")
        yield from _at_most(report, sector, 0.0, f"{sector} has a weight though excluded")
    for sector, cap in sorted(expected.caps.items()):
        stated = sector in caps and abs(caps[sector] - cap) <= TOLERANCE
        yield Check(stated, f"{sector} is no longer capped at {cap}")
        yield from _at_most(report, sector, cap, f"{sector} weighs more than {cap}")


def _at_most(report: Report, sector: str, cap: float, what: str) -> Iterator[Check]:
    for allocation in report.allocations:
        for line in allocation.lines:
            if line.sector == sector:
                yield Check(line.target_weight <= cap + TOLERANCE, what)
