"""What a report may speak of: evidence, decisions, and the facts drawn from them, by place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from agents.sayable import namesakes
from core.asked import change_facts, request_facts
from core.facts import (
    change_record_facts,
    decision_facts,
    evidence_facts,
    portfolio_facts,
    track_facts,
    trade_facts,
)
from core.records.decision import Allocation, Scorecard
from core.records.evidence import Evidence, Fact, Gap
from core.records.history import Changes, ReportCard
from core.records.holdings import Portfolio
from core.records.mandate import MandateInForce
from core.records.record import Record
from core.records.report import Report
from core.records.request import Language, Request
from core.records.result import ToolResult
from core.records.trades import TradePlan
from core.records.universe import Universe
from core.remembered import Remembered
from core.walk import Home

Result = TypeVar("Result", bound=ToolResult)
Step = str | int
FactsDrawn = Remembered[tuple[str, ...], tuple[Fact, ...]]
"""Facts by what they were drawn from: an answer's id, content and arguments; a decision's JSON."""
DRAWINGS_HELD = 64
"""Those of two or three questions: what a follow-up uses again."""


def no_facts_drawn() -> FactsDrawn:
    """Return an empty memory of facts."""
    return Remembered(DRAWINGS_HELD)


@dataclass(frozen=True)
class Material:
    """Everything the reporter sees; facts are drawn here, never carried over a boundary."""

    request: Request
    universes: Mapping[str, Universe]
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]
    scorecards: tuple[Scorecard, ...]
    allocations: tuple[Allocation, ...]
    before: tuple[Allocation, ...] = ()
    portfolios: tuple[Portfolio, ...] = ()
    trades: tuple[TradePlan, ...] = ()
    changes: tuple[Changes, ...] = ()
    report_cards: tuple[ReportCard, ...] = ()
    mandates: tuple[MandateInForce, ...] = ()
    drawn: FactsDrawn = field(default_factory=no_facts_drawn, repr=False, compare=False)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """All facts by id: evidence in the plan's order, decisions, the desk's, the user's own."""
        drawn = [fact for item in self.evidence for fact in self._drawn(item)]
        for card in self.scorecards:
            drawn.extend(self._decided(card, self.allocation(card.universe)))
        for row in self.before:
            after = self.allocation(row.universe)
            drawn.extend(change_facts(after, row) if after else ())
        drawn += [fact for row in self.portfolios for fact in portfolio_facts(row)]
        drawn += [fact for row in self.trades for fact in trade_facts(row)]
        drawn += [fact for row in self.changes for fact in change_record_facts(row)]
        drawn += [fact for row in self.report_cards for fact in track_facts(row)]
        for name in self.request.universes:
            dates = [item.result.as_of for item in self.evidence if item.result.universe == name]
            if dates:
                universe = self.universes[name]
                drawn.extend(request_facts(self.request, universe, as_of=max(dates)))
        return {fact.id: fact for fact in drawn}

    def _drawn(self, item: Evidence) -> tuple[Fact, ...]:
        key = (item.id, item.sha256, item.arguments.model_dump_json())
        return self.drawn.get(key, lambda: evidence_facts(item))

    def _decided(self, card: Scorecard, allocation: Allocation | None) -> tuple[Fact, ...]:
        key = tuple(record.model_dump_json() for record in (card, allocation) if record)
        return self.drawn.get(key, lambda: decision_facts(card, allocation))

    @cached_property
    def _places(self) -> dict[tuple[str, str], Fact]:
        return {
            (_home(fact), fact.pointer): fact
            for fact in self.facts.values()
            if fact.pointer is not None
        }

    @cached_property
    def namesakes(self) -> frozenset[str]:
        """The ids of facts whose name alone does not say which value is meant."""
        return namesakes(self.facts.values(), self.request.language, self.universes)

    def answers(self, universe: str, kind: type[Result]) -> tuple[tuple[Evidence, Result], ...]:
        """Return a universe's evidence whose result is of this kind, in the plan's order."""
        return tuple(
            (item, item.result)
            for item in self.evidence
            if isinstance(item.result, kind) and item.result.universe == universe
        )

    def scorecard(self, universe: str) -> Scorecard | None:
        """Return a universe's scorecard, if it was made."""
        return next((card for card in self.scorecards if card.universe == universe), None)

    def allocation(self, universe: str) -> Allocation | None:
        """Return a universe's allocation, if it was made."""
        return next((row for row in self.allocations if row.universe == universe), None)

    def unlimited(self, universe: str) -> Allocation | None:
        """Return a universe's allocation without the question's limits, if it states any."""
        return next((row for row in self.before if row.universe == universe), None)

    def portfolio(self, universe: str) -> Portfolio | None:
        """Return a universe's holdings as valued, if anything is held."""
        return next((row for row in self.portfolios if row.universe == universe), None)

    def trade_plan(self, universe: str) -> TradePlan | None:
        """Return what to trade in a universe, if anything is held."""
        return next((row for row in self.trades if row.universe == universe), None)

    def changed(self, universe: str) -> Changes | None:
        """Return what changed since a universe's predecessor, if it has one."""
        return next((row for row in self.changes if row.universe == universe), None)

    def report_card(self, universe: str) -> ReportCard | None:
        """Return how a universe's earlier calls turned out, if any are kept."""
        return next((row for row in self.report_cards if row.universe == universe), None)

    def told(self, home: Home, universe: str, *path: Step) -> Fact | None:
        """Return the fact at this path of one of the universe's own records."""
        return self._places.get((f"{home} {universe}", _pointer(path)))

    def at(self, item: Evidence, *path: Step) -> Fact | None:
        """Return the fact at this path of an evidence's result; None where nothing is stated."""
        return self._places.get((item.id, _pointer(path)))

    def scored(self, universe: str, *path: Step) -> Fact | None:
        """Return the fact at this path of the universe's scorecard."""
        return self.told("scorecard", universe, *path)

    def allocated(self, universe: str, *path: Step) -> Fact | None:
        """Return the fact at this path of the universe's allocation."""
        return self.told("allocation", universe, *path)

    def earlier(self, universe: str, *path: Step) -> Fact | None:
        """Return the fact at this path of the allocation without the question's limits."""
        return self.told("before", universe, *path)

    def asked(self, universe: str, *path: Step) -> Fact | None:
        """Return the fact at this path of the request itself."""
        return self._places.get((f"request {universe}", _pointer(path)))

    def change(self, universe: str, sector: str) -> Fact | None:
        """Return by how much the question's limits move a sector's target weight."""
        return self.facts.get(f"allocation.{universe}.{sector}.change_weight".lower())

    def record_of(self, fact: Fact) -> Record | None:
        """Return the record a fact's pointer leads into."""
        if fact.evidence is not None:
            held = (item.result for item in self.evidence if item.id == fact.evidence)
            return next(held, None)
        if fact.formula == "request":
            return self.request
        find = self._homes.get(fact.formula or "")
        return find(fact.universe) if find is not None else None

    @property
    def _homes(self) -> dict[str, Callable[[str], Record | None]]:
        return {
            "scorecard": self.scorecard,
            "allocation": self.allocation,
            "before": self.unlimited,
            "portfolio": self.portfolio,
            "trades": self.trade_plan,
            "changes": self.changed,
            "track": self.report_card,
        }


def of_report(
    report: Report, universes: Mapping[str, Universe], *, language: Language | None = None
) -> Material:
    """Return what a finished report was told from, in a language; by default in its own."""
    told = language or report.request.language
    return Material(
        request=report.request.model_copy(update={"language": told}),
        universes=universes,
        evidence=report.evidence,
        gaps=report.gaps,
        scorecards=report.scorecards,
        allocations=report.allocations,
        before=report.before,
        mandates=report.mandates,
        portfolios=report.portfolios,
        trades=report.trades,
        changes=report.changes,
        report_cards=report.report_cards,
    )


def _home(fact: Fact) -> str:
    return fact.evidence or f"{fact.formula} {fact.universe}"


def _pointer(path: tuple[Step, ...]) -> str:
    return "".join(f"/{step}" for step in path)
