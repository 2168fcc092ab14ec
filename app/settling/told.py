"""Decides what of a finished report is settled: its weights, its calls, and what a model did."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol, get_args

from pydantic import ValidationError

from agents.drilldown import second_round
from agents.planner import STEPS_CAP, ruled
from agents.steps import DrillTool
from agents.verifier import MODEL_SECTIONS
from core.errors import DataError
from core.history.calls import calls_made
from core.history.settling import Said
from core.records.decision import Allocation
from core.records.plan import PlanStep
from core.records.report import Report, Section
from core.records.request import Request
from core.records.universe import Horizon, Universe

REPORT: Final = "report.json"


class Made(Protocol):
    """A job of a batch, as far as what became of it goes."""

    @property
    def name(self) -> str:
        """Its folder's name."""
        ...

    @property
    def request(self) -> Request:
        """What was asked."""
        ...

    @property
    def mandate(self) -> str | None:
        """The file of its limits, None for the home's."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """What a model wrote of a report: sentences it may word, its own, replaced ones, sections."""

    may_count: int
    own_count: int
    repairs: Counter[str]
    sections: frozenset[Section]
    own_sections: frozenset[Section]


@dataclass(frozen=True, slots=True)
class Told:
    """What one report says of one universe, without its evidence.

    targets, benchmark: weights by sector, of what lies within the universe. added: ids of the calls
    a planner or the second round added, in order; rules: those that rules choose of the same
    evidence. planned: whether the plan stands as the model's.
    """

    said: Said
    targets: dict[str, float]
    benchmark: dict[str, float]
    report_hash: str
    model: str | None
    planned: bool
    added: tuple[str, ...]
    rules: tuple[str, ...]
    wording: Wording

    @property
    def day(self) -> date:
        """The report's date."""
        return self.said.made.as_of

    @property
    def horizon(self) -> Horizon:
        """The horizon its scores and weights are for."""
        return self.said.made.horizon


def told(folder: Path, universes: Mapping[str, Universe]) -> Told | None:
    """Return what is settled of the report in a folder; None where it gives no weights.

    Only a plain report recommends: a question's is none.

    Raises:
        DataError: the report is damaged; the message names it.
    """
    path = folder / REPORT
    try:
        report = Report.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DataError(f"{path} is missing or damaged: make the report again") from error
    calls = calls_made(report)
    if not calls:
        return None
    made = calls[0]
    card = next(row for row in report.scorecards if row.universe == made.universe)
    allocation = next(row for row in report.allocations if row.universe == made.universe)
    scores = {row.sector: row.score for row in card.sectors if row.score is not None}
    return Told(
        said=Said(made, scores),
        targets=_within(allocation, "target_weight"),
        benchmark=_within(allocation, "benchmark_weight"),
        report_hash=made.report_sha256,
        model=report.provenance.model,
        planned=report.plan.author == "model",
        added=tuple(step.id for step in report.plan.steps if _looks_deeper(step)),
        rules=_rules(report, universes),
        wording=_wording(report),
    )


def _within(allocation: Allocation, field: str) -> dict[str, float]:
    """Return weights by sector as fractions of what is not held outside the universe."""
    inside = 1.0 - allocation.outside_weight
    weights = {line.sector: float(getattr(line, field)) for line in allocation.lines}
    return weights if inside <= 0.0 else {name: w / inside for name, w in weights.items()}


def _looks_deeper(step: PlanStep) -> bool:
    return not step.scored and step.tool in get_args(DrillTool)


def _rules(report: Report, universes: Mapping[str, Universe]) -> tuple[str, ...]:
    """Return the ids of the calls rules would add, of the report's own request and evidence."""
    request = report.request
    dates: dict[str, date | None] = dict(zip(request.universes, report.as_of, strict=True))
    steps = list(ruled(request, universes, dates))[:STEPS_CAP]
    for name in request.universes:
        evidence = tuple(item for item in report.evidence if item.result.universe == name)
        steps += second_round(request, universes[name], evidence, planned=set())
    return tuple(dict.fromkeys(step.id for step in steps))


def _wording(report: Report) -> Wording:
    may = [row for row in report.sentences if row.section in MODEL_SECTIONS]
    own = [row for row in may if row.author == "model"]
    return Wording(
        may_count=len(may),
        own_count=len(own),
        repairs=Counter(row.repaired for row in may if row.repaired is not None),
        sections=frozenset(row.section for row in may),
        own_sections=frozenset(row.section for row in own),
    )
