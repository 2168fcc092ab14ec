"""Decides what of a finished report is a call: a stance or a forecast that time will settle."""

from core.forecast.model import settles
from core.history.snapshot import first_of, scored_answers
from core.portfolio.merging import merged_factors
from core.records.decision import Allocation, Scorecard
from core.records.history import CallsMade, SectorCall
from core.records.report import Report
from core.records.request import Request
from core.records.result import FactorValue
from core.records.sectors import Expectation, HeatmapResult

MOMENTUM = "momentum_12m"
"""The factor the report card measures itself against (Faber, 2010)."""


def is_plain(request: Request) -> bool:
    """Tell whether a request is for the desk's own report, without limits or holdings in words.

    Only such a report is logged, and only such a one is what a later one is compared with.
    """
    own = (request.patch, request.holdings, request.benchmark)
    return request.intent == "report" and all(said is None for said in own)


def calls_made(report: Report) -> tuple[CallsMade, ...]:
    """Return the calls of every universe the report decides on, in the request's order.

    Only a plain report recommends; a question and its what-ifs do not.
    """
    request = report.request
    if not is_plain(request):
        return ()
    cards = {card.universe: card for card in report.scorecards}
    allocations = {row.universe: row for row in report.allocations}
    sha256 = report.content_hash()
    return tuple(
        _calls(report, cards[name], allocations[name], sha256)
        for name in request.universes
        if name in cards and name in allocations
    )


def _calls(report: Report, card: Scorecard, allocation: Allocation, sha256: str) -> CallsMade:
    scored = scored_answers(report, card.universe)
    heatmap = first_of(scored, HeatmapResult)
    expected = {} if heatmap is None else {row.sector: row.expected for row in heatmap.rows}
    ranks = _momentum_ranks(merged_factors(scored))
    return CallsMade(
        universe=card.universe,
        universe_hash=card.universe_hash,
        as_of=card.as_of,
        horizon=card.horizon,
        settles=settles(card.as_of, card.horizon),
        mandate=allocation.mandate,
        mandate_version=allocation.mandate_version,
        trained_until=card.trained_until,
        report_sha256=sha256,
        calls=_sector_calls(allocation, expected, ranks),
    )


def _sector_calls(
    allocation: Allocation, expected: dict[str, tuple[Expectation, ...]], ranks: dict[str, int]
) -> tuple[SectorCall, ...]:
    lines = sorted(allocation.lines, key=lambda line: line.sector)
    return tuple(
        SectorCall(
            sector=line.sector,
            stance=line.stance,
            benchmark_weight=line.benchmark_weight,
            target_weight=line.target_weight,
            momentum_rank=ranks.get(line.sector),
            expected=expected.get(line.sector, ()),
        )
        for line in lines
    )


def _momentum_ranks(factors: tuple[FactorValue, ...]) -> dict[str, int]:
    """Return places by 12-month momentum, the strongest first, ties by id."""
    values = {
        row.sector: row.value for row in factors if row.factor == MOMENTUM and row.value is not None
    }
    ranking = sorted(values, key=lambda sector: (-values[sector], sector))
    return {sector: place for place, sector in enumerate(ranking, start=1)}
