"""Binds every printed number to the place it came from; refuses a number without one."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from pydantic import BaseModel

from app.render.view import Cell, Tone
from app.render.words import Words
from core.measures import measure_of, own_unit
from core.records.decision import Allocation, Scorecard
from core.records.evidence import Evidence, Fact
from core.records.history import Changes, ReportCard
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.report import Report, Sentence
from core.records.result import Flag, GapReason, ToolResult
from core.records.trades import TradePlan
from core.wording import is_signed

DASH = "–"
PREFIXES = {
    "expected": "expected_", "skill": "skill_", "top_buys": "top_buys_", "top_sells": "top_sells_",
}  # fmt: skip
REASONS: dict[Flag, GapReason] = {
    "not_listed": "not_listed", "few_members": "too_few_members", "room_full": "not_measurable",
    "stale": "stale",
}  # fmt: skip
IMPLIED: dict[str, GapReason] = {
    "above_200d": "too_short", "return": "too_short", "excess": "too_short",
    "volume_ratio": "too_short", "breadth": "too_short", "volatility": "too_short",
    "drawdown": "too_short", "distance": "too_short", "momentum": "too_short",
    "history": "too_short", "previous": "too_short", "change": "too_short", "ic_t": "too_short",
    "growth": "too_short", "weight": "not_covered", "foreign_net": "not_covered",
    "tracking_error": "too_short", "covered": "too_short", "brier": "too_short",
}  # fmt: skip
"""What absence means for a measure, by the start of its field, when the answer says nothing."""
KEYS = ("sector", "symbol", "series")

Step: TypeAlias = str | int
Origin: TypeAlias = (
    Evidence | Scorecard | Allocation | Portfolio | TradePlan | Changes | ReportCard | Mandate
)
PLACES: dict[type[BaseModel], str] = {
    Scorecard: "scorecard", Allocation: "allocation", Portfolio: "portfolio", TradePlan: "trades",
    Changes: "changes", ReportCard: "track", Mandate: "mandate",
}  # fmt: skip
"""What a decision's record is called where a source is named."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a path leads to, the row it is in and that row's subject."""

    value: object
    row: BaseModel
    subject: str


class Binder:
    """The facts of one universe of a report, looked up by where they came from."""

    def __init__(self, report: Report, words: Words) -> None:
        self.words = words
        self._facts = {fact.id: fact for fact in report.facts}
        self._pointed = {
            (fact.evidence or fact.formula, fact.pointer): fact
            for fact in report.facts
            if fact.universe == words.universe.id and fact.pointer is not None
        }

    def at(
        self, origin: Origin, *path: Step, unit: bool = False, note: str = "",
        as_unit: str = "", signed: bool | None = None,
    ) -> Cell:  # fmt: skip
        """Return the cell of the value at this path of an answer or a decision.

        `unit` prints the unit beside the number; `note` is added to the source; `as_unit` and
        `signed` replace what the field's name says of its unit and sign.
        """
        found = _walk(_root(origin), path)
        place, pointer = _place(origin), _pointer(path)
        fact = self._pointed.get((place, pointer))
        source = " · ".join(filter(None, (self._source(origin, path, fact), note)))
        said = place if isinstance(origin, Evidence) else self.words.label("formula", place)
        if found.value is None:
            reason = _reason(origin, found, path) or self._implied(_field(path))
            measure = self.words.measure(fact.measure if fact else _stem(path))
            return self.missing(reason, source=" · ".join(filter(None, (measure, said, note))))
        printed = as_unit or field_unit(found.row, _field(path))
        sign = is_signed(_stem(path)) if signed is None else signed
        if isinstance(origin, TradePlan) and printed == "bn" and isinstance(found.value, float):
            text = self.words.money(found.value, bare=not unit, signed=sign)
        else:
            text = self._text(found.value, _field(path), unit=printed, bare=not unit, signed=sign)
        return Cell(text=text, source=source, fact=fact.id if fact else f"{place}{pointer}")

    def missing(self, reason: GapReason | None, *, source: str = "") -> Cell:
        """Return an absent cell and why it is absent."""
        why = self.words.label("reason", reason or "not_stated")
        said = " · ".join(filter(None, (why, source)))
        return Cell(text=DASH, source=said, tone="missing", reason=why)

    def absent(self, evidence: Evidence, subject: str, measure: str) -> Cell:
        """Return the cell of a row or value an answer does not have."""
        result = evidence.result
        reason = why_missing(result, subject, measure) or _subjects_own(result, subject)
        return self.missing(reason, source=f"{self.words.measure(measure)} · {evidence.id}")

    def row_source(self, origin: Origin, *path: Step) -> str:
        """Return where a whole row of an answer or a decision comes from, in words."""
        root = _root(origin)
        place = origin.id if isinstance(origin, Evidence) else self.words.label(
            "formula", _place(origin)
        )  # fmt: skip
        parts = [f"{place} {_pointer(path)}".rstrip()]
        as_of = getattr(root, "as_of", None)
        if as_of is not None:
            parts.append(f"{self.words.label('source', 'as_of')} {self.words.day(as_of)}")
        benchmark = getattr(root, "benchmark", None)
        if benchmark:
            parts.append(f"{self.words.label('source', 'against')} {self.words.entity(benchmark)}")
        return " · ".join(parts)

    def line(self, sentence: Sentence) -> Cell:
        """Return a verified sentence, each bound piece with its source."""
        parts = tuple(
            Cell(text=span.text, source=self.fact_source(span.fact), fact=span.fact)
            if span.fact
            else Cell(text=span.text)
            for span in sentence.spans
        )
        return Cell(parts=parts)

    def fact_source(self, fact_id: str) -> str:
        """Return where a fact came from, in words."""
        fact = self._facts.get(fact_id)
        if fact is None:
            return fact_id
        place = fact.evidence or self.words.label("formula", fact.formula or "")
        if fact.pointer:
            place += f" {fact.pointer}"
        if fact.of:
            place += f" ({', '.join(fact.of)})"
        return self._joined(
            self.words.measure(fact.measure), place, fact.as_of, fact.frequency, fact.benchmark
        )

    def _source(self, origin: Origin, path: tuple[Step, ...], fact: Fact | None) -> str:
        root = _root(origin)
        as_of = getattr(root, "as_of", None)
        place = origin.id if isinstance(origin, Evidence) else self.words.label(
            "formula", _place(origin)
        )  # fmt: skip
        frequency = next((str(step) for step in path if step in ("weekly", "daily")), None)
        return self._joined(
            self.words.measure(fact.measure if fact else _stem(path)),
            f"{place} {_pointer(path)}",
            as_of,
            (fact.frequency if fact else None) or frequency,
            (fact.benchmark if fact else None) or getattr(root, "benchmark", None),
        )

    def _joined(
        self, measure: str, place: str, as_of: date | None, frequency: str | None,
        benchmark: str | None,
    ) -> str:  # fmt: skip
        label = self.words.label
        parts = [measure, place]
        if as_of is not None:
            parts.append(f"{label('source', 'as_of')} {self.words.day(as_of)}")
        if frequency:
            parts.append(label("frequency", frequency))
        if benchmark:
            parts.append(f"{label('source', 'against')} {self.words.entity(benchmark)}")
        return " · ".join(parts)

    def _implied(self, field: str) -> GapReason | None:
        if field.startswith("foreign") and not self.words.universe.foreign_flow:
            return "not_published"
        return next((why for start, why in IMPLIED.items() if field.startswith(start)), None)

    def _text(self, value: object, field: str, *, unit: str, bare: bool, signed: bool) -> str:
        if isinstance(value, bool):
            return self.words.label("yes_no", str(value).lower())
        if isinstance(value, date):
            return self.words.day(value)
        if isinstance(value, (int, float)):
            write = self.words.number if bare else self.words.measured
            return write(float(value), unit, signed=signed)
        return self.words.label(field, str(value))


def why_missing(result: ToolResult, subject: str, measure: str) -> GapReason | None:
    """Return the stated reason a cell is absent, from the cell's own to the whole answer's."""
    own = [cell for cell in result.missing if cell.subject == subject]
    stem = measure.split("_")[0]
    for matches in (
        [cell for cell in own if cell.measure == measure],
        [cell for cell in own if cell.measure.split("_")[0] == stem],
        [cell for cell in result.missing if cell.measure == measure],
    ):
        if matches:
            return matches[0].reason
    return result.gap.reason if result.gap else None


def field_unit(row: BaseModel, field: str) -> str:
    """Return the unit a row's field is printed in."""
    return own_unit(row, field, measure_of(field)[1])


def toned(cell: Cell, tone: Tone) -> Cell:
    """Return the cell in another tone unless it is missing."""
    return cell if cell.tone == "missing" else replace(cell, tone=tone)


def _root(origin: Origin) -> BaseModel:
    return origin.result if isinstance(origin, Evidence) else origin


def _place(origin: Origin) -> str:
    return origin.id if isinstance(origin, Evidence) else PLACES[type(origin)]


def _field(path: tuple[Step, ...]) -> str:
    return next(str(step) for step in reversed(path) if isinstance(step, str))


def _stem(path: tuple[Step, ...]) -> str:
    prefix = next(
        (PREFIXES[step] for step in path if isinstance(step, str) and step in PREFIXES), ""
    )
    return prefix + measure_of(_field(path))[0]


def _pointer(path: tuple[Step, ...]) -> str:
    return "".join(f"/{step}" for step in path)


def _walk(root: BaseModel, path: tuple[Step, ...]) -> _Found:
    value: object = root
    row, subject = root, str(getattr(root, "universe", ""))
    for step in path:
        if isinstance(value, BaseModel):
            row = value
            named = next((getattr(row, key) for key in KEYS if getattr(row, key, None)), None)
            subject = str(named) if named else subject
            value = getattr(value, str(step))
        elif isinstance(value, tuple):
            value = value[int(step)]
        else:
            break
    return _Found(value, row, subject)


def _reason(origin: Origin, found: _Found, path: tuple[Step, ...]) -> GapReason | None:
    if not isinstance(origin, Evidence) or path[0] == "factors":
        own: GapReason | None = getattr(found.row, "reason", None)
        return own
    measures = [str(step) for step in path[2:] if isinstance(step, str)] or [_field(path)]
    for measure in reversed(measures):
        reason = why_missing(origin.result, found.subject, measure)
        if reason is not None:
            return reason
    flags = getattr(found.row, "flags", ())
    flagged = next((REASONS[flag] for flag in flags if flag in REASONS), None)
    return flagged or _subjects_own(origin.result, found.subject)


def _subjects_own(result: ToolResult, subject: str) -> GapReason | None:
    return next((cell.reason for cell in result.missing if cell.subject == subject), None)
