"""What the scorers' tests share: real reports of a made market, and small edits of them."""

from collections.abc import Callable
from functools import cache

from core.records.evidence import Fact
from core.records.mandate import MandatePatch, SectorCap
from core.records.report import Report, Section, Sentence, Span
from evals.records import Answer, Called, Case, Expected, Ran, Score, Turn
from evals.scorers.registry import SCORERS
from tests.agents.bench import Bench, a_request

NAMED = {scorer.name: scorer for scorer in SCORERS}
LIMITS = MandatePatch(caps=(SectorCap(sector="technology", cap=0.05),), excluded=("energy",))

STATED = Expected(excluded=("energy",), caps={"technology": 0.05})
"""The same limits, as a case expects them."""


@cache
def a_report(language: str = "en", intent: str = "report") -> Report:
    """Return the report of a plain request."""
    return Bench().run(a_request(language=language, intent=intent))


@cache
def an_answer(language: str = "en") -> Report:
    """Return the answer to a question about rotation and flow, whose basis is told."""
    topics = ("rotation", "foreign_flow")
    return Bench().run(a_request(language=language, intent="question", topics=topics))


@cache
def a_flow_answer(language: str = "en") -> Report:
    """Return the answer to a question about flow alone, whose extremes are told."""
    return Bench().run(a_request(language=language, intent="question", topics=("foreign_flow",)))


@cache
def a_gapped_report() -> Report:
    """Return a report without foreign flow and whales."""
    return Bench(broken=frozenset({"get_foreign_flow_by_sector", "get_whale_activity"})).run(
        a_request()
    )


@cache
def a_limited_report() -> Report:
    """Return the answer to a what-if with a cap and an exclusion."""
    return Bench().run(a_request(intent="what_if", patch=LIMITS))


@cache
def a_refusal(language: str = "en") -> Report:
    """Return the answer to a question that is none of ours."""
    return Bench().run(a_request(language=language, intent="off_topic"))


def ran_of(*reports: Report, expected: Expected | None = None, language: str = "") -> Ran:
    """Return a case that was answered with the reports; what is expected is of the last turn."""
    last = len(reports) - 1
    return Ran(
        case=Case(
            id="given",
            kind="question",
            universe="toy",
            turns=tuple(
                Turn.model_validate(
                    {
                        "text": "asked",
                        "language": language or report.request.language,
                        "expected": expected if expected and place == last else Expected(),
                    }
                )
                for place, report in enumerate(reports)
            ),
        ),
        answers=tuple(
            Answer(turn=place, request=report.request, report=report, called=called(report))
            for place, report in enumerate(reports)
        ),
    )


def called(report: Report) -> tuple[Called, ...]:
    """Return every call of the plan as made."""
    return tuple(
        Called.model_validate({"tool": s.tool, "server": "own", "arguments": s.arguments.sent()})
        for s in report.plan.steps
    )


def refused(error: str, expected: Expected) -> Ran:
    """Return a case whose words were refused."""
    turn = Turn(text="asked", language="en", expected=expected)
    case = Case(id="given", kind="contradictory", universe="toy", turns=(turn,))
    return Ran(case=case, answers=(Answer(turn=0, request=None, report=None, error=error),))


def score(name: str, *reports: Report, expected: Expected | None = None) -> Score:
    """Return what a scorer of the registry says."""
    return NAMED[name](ran_of(*reports, expected=expected))


def value(name: str, *reports: Report, expected: Expected | None = None) -> float:
    """Return the value of a scorer that has something to judge."""
    found = score(name, *reports, expected=expected)
    assert found.value is not None
    assert bool(found.why) == (found.value < 1.0)
    return found.value


def retold(
    report: Report, which: Callable[[Sentence, Span], bool], text: Callable[[str], str]
) -> Report:
    """Return the report with the text of the first span that fits changed."""
    for place, sentence in enumerate(report.sentences):
        for at, span in enumerate(sentence.spans):
            if which(sentence, span):
                told = span.model_copy(update={"text": text(span.text)})
                assert told != span
                spans = (*sentence.spans[:at], told, *sentence.spans[at + 1 :])
                return replaced(report, place, sentence.model_copy(update={"spans": spans}))
    raise AssertionError("no span fits")


def replaced(report: Report, place: int, *sentences: Sentence) -> Report:
    """Return the report with other sentences in one's place."""
    told = (*report.sentences[:place], *sentences, *report.sentences[place + 1 :])
    return report.model_copy(update={"sentences": told})


def said(report: Report, text: str, *, section: Section = "answer", entity: str = "toy") -> Report:
    """Return the report with one more sentence, bound to nothing."""
    own = Sentence(
        section=section, universe="toy", entity=entity, spans=(Span(text=text),), author="model"
    )
    return report.model_copy(update={"sentences": (*report.sentences, own)})


def unsaid(report: Report, which: Callable[[Sentence], bool]) -> Report:
    """Return the report without the sentences that fit."""
    kept = tuple(sentence for sentence in report.sentences if not which(sentence))
    assert len(kept) < len(report.sentences)
    return report.model_copy(update={"sentences": kept})


def refact(report: Report, which: Callable[[Fact], bool], **changes: object) -> Report:
    """Return the report with the first cited fact that fits changed."""
    cited = {span.fact for sentence in report.sentences for span in sentence.spans}
    for place, fact in enumerate(report.facts):
        if fact.id in cited and which(fact):
            facts = (
                *report.facts[:place],
                fact.model_copy(update=changes),
                *report.facts[place + 1 :],
            )
            return report.model_copy(update={"facts": facts})
    raise AssertionError("no cited fact fits")
