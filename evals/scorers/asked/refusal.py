"""Whether a refusal is consistent: no number, no recommendation, and what can be asked instead."""

import re
from collections.abc import Iterator

from core.records.report import Report
from evals.records import Answer, Ran
from evals.scorers.checks import Check, turns
from evals.scorers.numbers.numerals import has_digit
from evals.scorers.told import phrases

DECIDED = frozenset({"headline", "recommendation", "trades", "for", "against", "forecast"})
"""Sections that would recommend something."""
ASK = phrases("ask for example", "ask which", "ask about", "hãy hỏi")
"""Words an answer that turns a question away has for what can be asked instead."""
OURS = re.compile(r"(?:Request|Date|Mandate|UnknownUniverse)Error: ")
"""How an error begins that says what of the words, or of the limits, cannot be taken."""
WAYS_ON = phrases(
    "ask about", "ask as of", "ask for dates", "say one of the two", "say how much", "say each",
    "write", "choose", "name a day", "one by one", "its sectors:", "known:", "the limit is",
    "up to", "loosen", "raise", "lower", "not between", "more than the whole", "not before its end",
    "hãy (?:hỏi|viết|chọn|đặt|chỉ nêu|nêu)", "các ngành:", "hiện có:", "giới hạn là", "tối đa là",
    "không nằm trong khoảng", "vượt quá toàn bộ", "không sớm hơn",
)  # fmt: skip
"""What such an error says can be taken, or the bound that was crossed."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield of each turn that is to be refused whether it is, without a number, with a way on.

    Limits that no weights can meet are seen only after the calls; other words need none.
    """
    for place, turn, answer in turns(ran):
        if turn.expected.refuses:
            for check in _refused(answer):
                yield Check(check.right, f"turn {place + 1}: {check.what}" if place else check.what)


def _refused(answer: Answer) -> Iterator[Check]:
    if answer.request is None or answer.request.intent == "off_topic":
        anew = [call.tool for call in answer.called if not call.known]
        yield Check(not anew, f"{len(anew)} calls made")
    if answer.report is None:
        leads = OURS.match(answer.error) and WAYS_ON.search(answer.error)
        yield Check(leads is not None, f"no way on: {answer.error!r}")
        return
    yield from _silent(answer.report)


def _silent(report: Report) -> Iterator[Check]:
    """Yield whether a report without an answer says no number and decides nothing."""
    said = [sentence.text for sentence in report.sentences]
    numbered = next((text for text in said if has_digit(text)), "")
    yield Check(not numbered, f"a number: {numbered[:60]!r}")
    decided = sorted({row.section for row in report.sentences} & DECIDED)
    yield Check(not decided, f"sections {', '.join(decided)}")
    yield Check(not report.allocations, "an allocation is given")
    yield Check(any(ASK.search(text) for text in said), "no way on is said")
