"""One universe's share of a report, sorted out once; decides which evidence a part is made from."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from app.render.binding import Binder
from app.render.charts.heatmap import HORIZONS, HeatmapSource
from app.render.view import Cell
from app.render.words import Words
from core.records.decision import Allocation, Scorecard, SectorScore
from core.records.evidence import Evidence, Gap
from core.records.history import Change, ChangeKind, Changes, ReportCard
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.plan import NodeName
from core.records.report import Report, Section, Sentence
from core.records.result import GapReason, ToolResult
from core.records.scoring import ScoringResult
from core.records.sectors import HeatmapResult, HeatmapRow, Skill
from core.records.trades import TradePlan
from core.records.universe import Horizon, Universe

R = TypeVar("R", bound=ToolResult)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Bound(Generic[V]):
    """A record with the answer it is in and its place there."""

    value: V
    evidence: Evidence
    place: int


@dataclass(frozen=True, slots=True)
class Material:
    """What a page about one universe is made of; `order` is best score first.

    `places` holds the rotations that are drawn: the scored heatmap's, or those against another
    benchmark the question names.
    """

    report: Report
    universe: Universe
    words: Words
    binder: Binder
    as_of: date
    heatmap: HeatmapSource | None
    card: Scorecard | None
    allocation: Allocation | None
    order: tuple[str, ...]
    places: HeatmapSource | None = None
    mandate: Mandate | None = None
    portfolio: Portfolio | None = None
    plan: TradePlan | None = None
    changes: Changes | None = None
    track: ReportCard | None = None

    def answers(self, kind: type[R]) -> list[tuple[Evidence, R]]:
        """Return the evidence whose answer is of this kind, in the report's order."""
        return [
            (evidence, evidence.result)
            for evidence in self.evidence
            if isinstance(evidence.result, kind)
        ]

    @property
    def evidence(self) -> list[Evidence]:
        """All evidence of this universe."""
        return [e for e in self.report.evidence if e.result.universe == self.universe.id]

    @property
    def gaps(self) -> list[Gap]:
        """The gaps of this universe."""
        return [gap for gap in self.report.gaps if gap.universe == self.universe.id]

    @property
    def skills(self) -> dict[Horizon, Bound[Skill]]:
        """The forecast's record at each horizon, from the first answer that has it."""
        found: dict[Horizon, Bound[Skill]] = {}
        for evidence in self.evidence:
            if isinstance(evidence.result, HeatmapResult | ScoringResult):
                for place, skill in enumerate(evidence.result.skill):
                    found.setdefault(skill.horizon, Bound(skill, evidence, place))
        return {horizon: found[horizon] for horizon in HORIZONS if horizon in found}

    @property
    def scores(self) -> dict[str, SectorScore]:
        """Scores by sector."""
        return {s.sector: s for s in self.card.sectors} if self.card else {}

    def scored(self, sector: str, *path: str | int, note: str = "") -> Cell:
        """Return the cell of a value of the sector's score."""
        for place, score in enumerate(self.card.sectors if self.card else ()):
            if self.card is not None and score.sector == sector:
                return self.binder.at(self.card, "sectors", place, *path, note=note)
        reason = self.gap_reason("heatmap")
        return self.binder.missing(reason, source=self.words.measure(str(path[-1])))

    def allocated(self, sector: str, measure: str) -> Cell:
        """Return the cell of a value of the sector's line in the allocation."""
        for place, line in enumerate(self.allocation.lines if self.allocation else ()):
            if self.allocation is not None and line.sector == sector:
                return self.binder.at(self.allocation, "lines", place, measure)
        reason = self.gap_reason("heatmap")
        return self.binder.missing(reason, source=self.words.measure(measure))

    def gap_reason(self, node: NodeName) -> GapReason | None:
        """Return why an answer of this node is absent, from the first gap that says."""
        found = [(gap.node, gap.gap.reason) for gap in self.gaps]
        found += [(e.node, e.result.gap.reason) for e in self.evidence if e.result.gap is not None]
        return next((reason for name, reason in found if name == node), None)

    def heatmap_row(self, sector: str) -> tuple[int, HeatmapRow] | None:
        """Return a sector's place and row in the heatmap."""
        if self.heatmap is None:
            return None
        for index, row in enumerate(self.heatmap.result.rows):
            if row.sector == sector:
                return index, row
        return None

    def place(self, sector: str) -> tuple[int, HeatmapRow] | None:
        """Return a sector's place and row in the heatmap whose rotations are drawn."""
        rows = self.places.result.rows if self.places else ()
        return next(((i, row) for i, row in enumerate(rows) if row.sector == sector), None)

    def changed(self, kind: ChangeKind, subject: str) -> tuple[int, Change] | None:
        """Return what changed of this kind about a subject, with its place among the changes."""
        rows = self.changes.rows if self.changes else ()
        return next(
            ((i, row) for i, row in enumerate(rows) if (row.kind, row.subject) == (kind, subject)),
            None,
        )

    def sentences(self, *sections: Section) -> tuple[Sentence, ...]:
        """Return the verified sentences of these sections about this universe."""
        return tuple(
            sentence
            for sentence in self.report.sentences
            if sentence.universe == self.universe.id and sentence.section in sections
        )

    def lines(self, *sections: Section) -> tuple[Cell, ...]:
        """Return the verified sentences of these sections, bound."""
        return tuple(map(self.binder.line, self.sentences(*sections)))


def material(report: Report, universe: Universe) -> Material:
    """Return the universe's share of the report."""
    words = Words(report.request.language, universe)
    heatmaps = _heatmaps(report, universe)
    heatmap = heatmaps[0] if heatmaps else None
    card = next((c for c in report.scorecards if c.universe == universe.id), None)
    allocation = next((a for a in report.allocations if a.universe == universe.id), None)
    return Material(
        report=report,
        universe=universe,
        words=words,
        binder=Binder(report, words),
        as_of=report.as_of[report.request.universes.index(universe.id)],
        heatmap=heatmap,
        card=card,
        allocation=allocation,
        order=_order(universe, card, heatmap, report.request.horizon),
        places=_places(heatmaps, report.request.benchmark),
        mandate=_mandate(report, allocation),
        portfolio=next((p for p in report.portfolios if p.universe == universe.id), None),
        plan=next((t for t in report.trades if t.universe == universe.id), None),
        changes=next((c for c in report.changes if c.universe == universe.id), None),
        track=next((c for c in report.report_cards if c.universe == universe.id), None),
    )


def _heatmaps(report: Report, universe: Universe) -> list[HeatmapSource]:
    """Return the universe's heatmaps, the scored one first."""
    scored = {step.id for step in report.plan.steps if step.scored}
    found = [
        HeatmapSource(e, e.result)
        for e in report.evidence
        if isinstance(e.result, HeatmapResult) and e.result.universe == universe.id
    ]
    return sorted(
        found,
        key=lambda s: (s.evidence.id not in scored, -sum(len(r.expected) for r in s.result.rows)),
    )


def _places(heatmaps: list[HeatmapSource], asked: str | None) -> HeatmapSource | None:
    """Return the heatmap against the benchmark that was asked for, else the scored one."""
    named = [s for s in heatmaps if s.result.benchmark == asked and s.result.rows]
    return next(iter([*named, *heatmaps]), None)


def _mandate(report: Report, allocation: Allocation | None) -> Mandate | None:
    """Return the mandate the allocation was made under."""
    if allocation is None:
        return None
    held = (row.mandate for row in report.mandates if row.universe == allocation.universe)
    return next(held, None)


def _order(
    universe: Universe, card: Scorecard | None, heatmap: HeatmapSource | None, horizon: Horizon
) -> tuple[str, ...]:
    ids = list(universe.sector_ids)
    if card is not None:
        rank = {score.sector: score.rank for score in card.sectors}
        return tuple(sorted(ids, key=lambda s: (rank.get(s) or len(ids) + 1, ids.index(s))))
    expected = {
        (row.sector, one.horizon): one.excess_pct
        for row in (heatmap.result.rows if heatmap else ())
        for one in row.expected
    }
    lowest = min(expected.values(), default=0.0) - 1.0
    return tuple(sorted(ids, key=lambda s: (-expected.get((s, horizon), lowest), ids.index(s))))
