"""Whether what is missing or contradicted is said: by its call, its subject, or both its values."""

import re
from collections.abc import Iterator

from core.records.evidence import Gap
from core.records.report import Report, Sentence
from evals.records import Ran, Turn
from evals.scorers.checks import Check, turns
from evals.scorers.told import phrases

SECTIONS = frozenset({"missing", "answer", "headline", "warning"})
"""Where an answer may say that something is missing."""
VITAL = frozenset({"prices", "model"})
"""Data sets every answer rests on."""
OWN_ANSWER = frozenset({"formula", "record", "rule_test", "past_calls", "target", "path"})
"""Topics whose answer rests on no data that may be missing."""
DISPUTED = phrases("contradict", "mâu thuẫn")
ABSENT = phrases(
    "no", "not", "none", "missing", "cannot", "failed", "too long", "old", "chưa", "không", "thiếu",
    "quá cũ", "lỗi", "chỉ hiển thị",
)  # fmt: skip
FAILED = re.compile(r"(?:Provider|Data|EmptyStore)Error: ")
"""How an error begins that blames a tool or the data."""
SUBJECTS: dict[str, re.Pattern[str]] = {
    "get_financial_statements": phrases(
        "statements?", "fundamentals?", "báo cáo tài chính", "cơ bản"
    ),
    "get_sector_fundamentals": phrases("fundamentals?", "cơ bản"),
    "get_foreign_flow_by_sector": phrases("foreign", "khối ngoại", "vốn ngoại"),
    "get_foreign_flow": phrases("foreign", "khối ngoại", "vốn ngoại"),
    "get_macro_indicators": phrases("macro", "vĩ mô"),
    "get_sector_heatmap": phrases("heatmap", "scores?", "bản đồ nhiệt", "điểm"),
    "get_rotation_history": phrases("path", "history", "lịch sử", "luân chuyển"),
    "get_technical_momentum": phrases("returns?", "momentum", "lợi suất", "động lượng"),
}  # fmt: skip
"""Words for what a tool tells of, where a sentence names no call."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield whether each gap is said: all of a report's, and those the case expects.

    A run without any answer must say what it lacks, where tools were made to fail.
    """
    for place, turn, answer in turns(ran):
        where = f"turn {place + 1}: " if place else ""
        if answer.report is None:
            if ran.case.faults and answer.request is not None:
                tools = turn.expected.gaps or tuple(fault.tool for fault in ran.case.faults)
                right = any(_is_named(tool, answer.error) for tool in tools)
                yield Check(right, f"{where}no answer, and not what is missing: {answer.error!r}")
            continue
        for check in _of(turn, answer.report):
            yield Check(check.right, where + check.what)


def _of(turn: Turn, report: Report) -> Iterator[Check]:
    if report.request.intent == "off_topic":
        return
    for gap in report.gaps:
        if _must_be_said(gap, report) and gap.tool not in turn.expected.gaps:
            said = f"{gap.tool} {gap.gap.reason} of {gap.universe} is not said"
            yield Check(is_said(gap, report), said)
    for tool in turn.expected.gaps:
        own = [gap for gap in report.gaps if gap.tool == tool]
        right = all(is_said(gap, report) for gap in own) if own else is_doubted(tool, report)
        yield Check(right, f"{tool} {'is not said to be missing' if own else 'has no gap'}")


def is_said(gap: Gap, report: Report) -> bool:
    """Tell whether a sentence says it: of the call, of one missing alike, or of its subject."""
    alike = {
        str(row.tool) for row in report.gaps if row.gap == gap.gap and row.universe == gap.universe
    }
    return any(_says(sentence, gap, alike) for sentence in report.sentences)


def is_doubted(tool: str, report: Report) -> bool:
    """Tell whether a part of a tool's answer is said to be missing, or contradicted by another's.

    A contradiction is said with a value of the tool and one of another.
    """
    told = {fact.id: fact.evidence for fact in report.facts}
    tools = {item.id: str(item.tool) for item in report.evidence}
    for sentence in report.sentences:
        if sentence.section == "missing" and sentence.entity == tool:
            return True
        sources = {tools.get(told.get(span.fact or "") or "", "") for span in sentence.spans} - {""}
        if DISPUTED.search(sentence.text) and tool in sources and len(sources) > 1:
            return True
    return False


def _is_named(tool: str, error: str) -> bool:
    """Tell whether an error of missing data names the tool or what it tells of."""
    subject = SUBJECTS.get(tool)
    named = tool in error or (subject is not None and subject.search(error) is not None)
    return FAILED.match(error) is not None and named


def _says(sentence: Sentence, gap: Gap, tools: set[str]) -> bool:
    if sentence.section not in SECTIONS or sentence.universe != gap.universe:
        return False
    if sentence.entity in tools:
        return bool(sentence.text.strip())
    subject, text = SUBJECTS.get(gap.tool), sentence.text
    return subject is not None and bool(subject.search(text)) and bool(ABSENT.search(text))


def _must_be_said(gap: Gap, report: Report) -> bool:
    """Tell whether a gap touches the question: in a report all do, else trouble and the vital."""
    if OWN_ANSWER & set(report.request.topics):
        return False
    return report.request.intent == "report" or gap.gap.dataset is None or gap.gap.dataset in VITAL
