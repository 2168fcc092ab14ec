"""Whether each citation holds: the fact, its evidence, where it points to, and whose row it is."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, JsonValue
from pydantic_core import to_jsonable_python

from core.records.evidence import Fact
from core.records.report import Report
from evals.records import Ran
from evals.scorers.checks import Check, reported
from evals.scorers.numbers.names import names_of
from evals.scorers.told import bound, facts_of

KEYS = ("symbol", "subject", "sector", "series", "dataset")
"""Fields of a row that say whose it is."""
FACTUAL = frozenset(
    {
        "headline", "recommendation", "for", "against", "rotation", "forecast", "macro", "flow",
        "whales", "fundamentals", "stocks", "risk", "trades", "opportunity",
    }
)  # fmt: skip
"""Sections whose sentences state facts, so that each needs a citation."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield whether each fact that is cited holds, and whether what states facts cites any."""
    for judged in reported(ran):
        faults = _faults(judged.report)
        facts = facts_of(judged.report)
        for sentence in judged.report.sentences:
            where = judged.said(f"{sentence.section} {sentence.text[:40]!r}")
            names = dict.fromkeys(span.fact for span in sentence.spans if span.fact is not None)
            if not names and sentence.section in FACTUAL:
                yield Check(False, f"{where} cites nothing")
            for name in names:
                yield Check(not faults[name], f"{where} {name}: {faults[name]}")
            for span, fact in bound(sentence, facts):
                named = names_of(fact.universe).get(span.text)
                if named is not None:
                    own = {fact.subject, fact.benchmark, fact.universe}
                    yield Check(bool(named & own), f"{where} says {span.text} of {fact.subject}")
            cited = {facts[name].subject for name in names if name in facts}
            if cited:
                yield Check(sentence.entity in cited, f"{where} cites nothing of {sentence.entity}")


def _faults(report: Report) -> dict[str, str]:
    """Return of each fact that is cited why it does not hold; empty where it does."""
    records, facts = Records(report), facts_of(report)
    cited = (span.fact for sentence in report.sentences for span in sentence.spans)
    return {
        name: records.fault(facts[name]) if name in facts else "there is no such fact"
        for name in cited
        if name is not None
    }


class Records:
    """The records a report's facts may point into."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def fault(self, fact: Fact) -> str:
        """Return why the fact does not stand where it says; empty when it does."""
        if fact.pointer is None:
            known = {row.id for row in self._report.facts}
            return "" if fact.of and known.issuperset(fact.of) else "is over facts there are not"
        record = self._found(fact)
        if record is None:
            return f"no record {fact.evidence or fact.formula}"
        value, row = _resolved(record, fact.pointer)
        if not _same(value, fact):
            return f"{fact.pointer} holds {value}, not {fact.value or fact.label}"
        owners = _owners(row)
        if owners and fact.subject not in owners:
            return f"{fact.pointer} is of {owners[0]}, not {fact.subject}"
        return ""

    def _found(self, fact: Fact) -> BaseModel | None:
        report = self._report
        if fact.evidence is not None:
            own = (row for row in report.evidence if row.id == fact.evidence)
            return next((row.result for row in own if row.result.universe == fact.universe), None)
        if fact.formula == "request":
            return report.request
        homes: Mapping[str, tuple[BaseModel, ...]] = {
            "scorecard": report.scorecards,
            "allocation": report.allocations,
            "before": report.before,
            "portfolio": report.portfolios,
            "trades": report.trades,
            "changes": report.changes,
            "track": report.report_cards,
        }
        rows = homes.get(fact.formula or "", ())
        return next((row for row in rows if getattr(row, "universe", "") == fact.universe), None)


def _resolved(record: BaseModel, pointer: str) -> tuple[JsonValue, BaseModel | None]:
    """Return what a JSON pointer leads to, and the last row on the way that says whose it is."""
    value: object = record
    row: BaseModel | None = None
    for step in pointer.removeprefix("/").split("/"):
        if isinstance(value, BaseModel) and step in type(value).model_fields:
            row = value if _owners(value) else row
            value = getattr(value, step)
        elif isinstance(value, tuple) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None, row
    return to_jsonable_python(value), row


def _owners(row: BaseModel | None) -> list[str]:
    """Return whose row it is, by each field that says so."""
    fields = type(row).model_fields if row is not None else {}
    return [str(found) for key in KEYS if key in fields and (found := getattr(row, key))]


def _same(value: JsonValue, fact: Fact) -> bool:
    if isinstance(value, bool):
        return fact.label == str(value).lower()
    if isinstance(value, int | float):
        return fact.value == value
    return value is not None and fact.label == value
