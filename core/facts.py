"""Draws facts from evidence, decisions, holdings, trades and changes; it words nothing.

Names: `excess_1m_pct` of sector energy in evidence e2 is `e2.energy.excess_1m` in %; the held
weight of banks is `portfolio.vn.banks.held_weight`. Tails, factors, sources and covariances are no
facts: they are drawn or computed with, never quoted. Of a told path the bars that a stay begins,
turns or ends with are.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from core.measures import FRACTION
from core.records.decision import Allocation, Scorecard
from core.records.evidence import Evidence, Fact
from core.records.history import Changes, ReportCard
from core.records.holdings import Portfolio
from core.records.sectors import RotationHistoryResult
from core.records.trades import TradePlan
from core.walk import Home, Origin, walked

PP = "pp"
DIFFERENCES = (("active_weight", "benchmark_weight"), ("trade_weight", "held_weight"))
"""Measures of an allocation line formed as target weight minus another, in percentage points."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

Told = Scorecard | Allocation | Portfolio | TradePlan | Changes | ReportCard


def evidence_facts(evidence: Evidence) -> tuple[Fact, ...]:
    """Return the facts of one tool result, in the order of its fields and rows."""
    result = evidence.result
    named = getattr(result, "benchmark", None)
    arguments = evidence.arguments
    origin = Origin(
        source=evidence.id,
        universe=result.universe,
        as_of=result.as_of,
        benchmark=named if isinstance(named, str) and _SLUG.fullmatch(named) else None,
        evidence=evidence.id,
        by_sector=arguments.symbol_type != "equity" and arguments.symbols is None,
        bars=frozenset(_turns(result))
        if isinstance(result, RotationHistoryResult)
        else frozenset(),
    )
    return walked(result, origin)


def decision_facts(card: Scorecard, allocation: Allocation | None) -> tuple[Fact, ...]:
    """Return the facts of a universe's scorecard and allocation, active weights included.

    Pointers lead into the scorecard or the allocation, as `formula` says.
    """
    facts = _told(card, "scorecard")
    if allocation is None:
        return facts
    weights = allocation_facts(allocation, "allocation")
    return (*facts, *weights, *_differences(weights))


def allocation_facts(
    allocation: Allocation, formula: Literal["allocation", "before"]
) -> tuple[Fact, ...]:
    """Return the facts of an allocation, without differences; `formula` says which one it is."""
    return _told(allocation, formula)


def portfolio_facts(portfolio: Portfolio) -> tuple[Fact, ...]:
    """Return the facts of a valued portfolio: sectors, positions, cash, what has no price."""
    return _told(portfolio, "portfolio")


def trade_facts(plan: TradePlan) -> tuple[Fact, ...]:
    """Return the facts of a trade plan: its totals, each sector's trade, each order."""
    return _told(plan, "trades")


def change_record_facts(changes: Changes) -> tuple[Fact, ...]:
    """Return the facts of what changed since the predecessor, each cause's part included."""
    return _told(changes, "changes")


def track_facts(card: ReportCard) -> tuple[Fact, ...]:
    """Return the facts of how earlier calls turned out: the totals, each call, the worst."""
    return _told(card, "track")


def difference(minuend: Fact, subtrahend: Fact) -> float:
    """Return the difference of two fraction facts in percentage points, at 1e-9.

    Raises:
        ValueError: a fact is no fraction.
    """
    values = (minuend.value, subtrahend.value)
    if values[0] is None or values[1] is None or {minuend.unit, subtrahend.unit} != {FRACTION}:
        raise ValueError(f"{minuend.id} - {subtrahend.id}: both must be fractions")
    return round(100.0 * (values[0] - values[1]), 9)


def _told(record: Told, formula: Home) -> tuple[Fact, ...]:
    origin = Origin(
        source=f"{formula}.{record.universe}",
        universe=record.universe,
        as_of=record.as_of,
        formula=formula,
    )
    return walked(record, origin)


def _turns(history: RotationHistoryResult) -> Iterator[tuple[str, date]]:
    """Yield the bars a told path quotes: where stays begin, turn and end."""
    for stay in history.rows:
        days = (stay.entered, stay.momentum_peak_period, stay.momentum_turn_period, stay.left)
        yield from ((stay.sector, day) for day in days if day is not None)


def _differences(weights: tuple[Fact, ...]) -> Iterator[Fact]:
    by_measure = {(fact.subject, fact.measure): fact for fact in weights}
    for fact in (weight for weight in weights if weight.measure == "target_weight"):
        for measure, against in DIFFERENCES:
            if (other := by_measure.get((fact.subject, against))) is None:
                continue
            changes = {
                "id": fact.id.removesuffix("target_weight") + measure,
                "measure": measure,
                "value": difference(fact, other),
                "unit": PP,
                "pointer": None,
                "formula": "difference",
                "of": (fact.id, other.id),
            }
            yield fact.model_copy(update=changes)
