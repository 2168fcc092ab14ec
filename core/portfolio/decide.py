"""Decides everything from panels alone, by the functions the tools and the scorer use.

The other road to the same place: a decision from tool answers equals this one bit for bit.
"""

from dataclasses import dataclass
from datetime import date

from core.forecast.model import ForecastModel
from core.panel import MarketPanels
from core.portfolio.allocation import allocate
from core.portfolio.risk import sector_covariance
from core.portfolio.scoring import scorecard
from core.records.decision import Allocation, Scorecard
from core.records.mandate import Mandate
from core.records.result import FactorValue, MissingCell
from core.records.scoring import CovarianceRow, PortfolioWeight, ScoringResult
from core.records.universe import Horizon, Universe
from core.signals.catalogue import factor_values
from core.signals.membership import members_at_end

TOOL = "get_scoring_inputs"


@dataclass(frozen=True, slots=True)
class Decision:
    """A scorecard and its allocation, with all they were made from."""

    scorecard: Scorecard
    allocation: Allocation
    factors: tuple[FactorValue, ...]
    inputs: ScoringResult


def decide(
    panels: MarketPanels,
    model: ForecastModel | None,
    *,
    as_of: date,
    horizon: Horizon,
    mandate: Mandate,
) -> Decision:
    """Return the decision of a date from what was known then.

    Args:
        panels: any span; nothing known after as_of is used.
        model: any fit; its last fold cut by as_of is used, packaged weights without one.
        as_of: the decision's date.
        horizon: of the score.
        mandate: limits of the allocation.

    Raises:
        DateError: the data begin after as_of.
        MandateError: the limits cannot all hold.
    """
    universe = panels.universe
    factors = factor_values(panels, as_of=as_of)
    inputs = scoring_inputs(panels, model, as_of=as_of, horizon=horizon)
    card = scorecard(universe, factors, inputs, as_of=as_of, horizon=horizon)
    return Decision(card, allocate(universe, card, inputs, mandate), factors, inputs)


def scoring_inputs(
    panels: MarketPanels, model: ForecastModel | None, *, as_of: date, horizon: Horizon
) -> ScoringResult:
    """Return all the scorer needs besides the factors.

    covariance holds the sectors a weight may be chosen for: listed with a year of weeks and, where
    sectors are built from members, at least min_members of them. Benchmark weights are the
    universe's own of the last date by as_of, else equal over those sectors.
    """
    known = panels.until(as_of)
    universe = panels.universe
    covariance = _of_eligible(known, sector_covariance(known, as_of=as_of))
    given = own_benchmark_weights(universe, as_of)
    even = tuple(
        PortfolioWeight(sector=row.sector, weight=1.0 / len(covariance)) for row in covariance
    )
    fold = None if model is None else model.fold(horizon, as_of)
    skill = None if model is None else model.skill(horizon, as_of)
    unfitted = MissingCell(subject=universe.id, measure="weights", reason="model_not_fitted")
    return ScoringResult(
        tool=TOOL,
        universe=universe.id,
        universe_hash=universe.content_hash(),
        as_of=as_of,
        known_at=None if known.sectors.closes.empty else known.last,
        currency=universe.currency,
        synthetic=universe.synthetic,
        missing=(unfitted,) if fold is None else (),
        horizon=horizon,
        weights=() if fold is None else fold.weights,
        trained_until=None if fold is None else fold.trained_until,
        covariance=covariance,
        benchmark_weights=given or even,
        benchmark_weights_source="universe" if given else "equal_weight",
        skill=() if skill is None else (skill,),
    )


def own_benchmark_weights(universe: Universe, as_of: date) -> tuple[PortfolioWeight, ...]:
    """Return the universe's last benchmark weights dated as_of or earlier, by sector id."""
    dated = [table for table in universe.benchmark_weights if table.as_of <= as_of]
    latest = max(dated, key=lambda table: table.as_of, default=None)
    rows = () if latest is None else sorted(latest.weights, key=lambda row: row.sector)
    return tuple(PortfolioWeight(sector=row.sector, weight=row.weight) for row in rows)


def _of_eligible(
    panels: MarketPanels, rows: tuple[CovarianceRow, ...]
) -> tuple[CovarianceRow, ...]:
    """Return the covariance of sectors with the members a weight needs; listed series all do."""
    counts, universe = members_at_end(panels), panels.universe
    keep = [
        place
        for place, row in enumerate(rows)
        if not universe.built_from_members or counts[row.sector] >= universe.min_members
    ]
    return tuple(
        CovarianceRow(
            sector=rows[place].sector, values=tuple(rows[place].values[other] for other in keep)
        )
        for place in keep
    )
