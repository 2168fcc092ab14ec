"""Decides what a score needs besides its factors: weights, covariance, benchmark weights, record.

It refuses to guess benchmark weights: their source is part of the answer.
"""

import re
from dataclasses import dataclass
from datetime import date

from core.forecast.model import ForecastModel
from core.markets.basket import sector_shares
from core.markets.benchmark import named_benchmark
from core.panel import MarketPanels
from core.portfolio.risk import sector_covariance
from core.records.result import MissingCell
from core.records.scoring import CovarianceRow, PortfolioWeight, ScoringResult, WeightsSource
from core.records.universe import Benchmark, Horizon, Universe
from core.signals.membership import members_at_end

TOOL = "get_scoring_inputs"
ORIGIN_CHARS = 120


@dataclass(frozen=True, slots=True)
class BenchmarkShares:
    """A benchmark's weights by sector id, and where they come from."""

    rows: tuple[PortfolioWeight, ...]
    source: WeightsSource
    as_of: date | None = None
    origin: str = ""


def scoring_inputs(
    panels: MarketPanels,
    model: ForecastModel | None,
    *,
    as_of: date,
    horizon: Horizon,
    benchmark: str | None = None,
) -> ScoringResult:
    """Return all the scorer needs besides the factors.

    covariance holds the sectors a weight may be chosen for: listed with a year of weeks and, where
    sectors are built from members, at least min_members of them. Benchmark weights are those of
    `benchmark_shares`.

    Args:
        panels: any span; nothing known after as_of is used.
        model: any fit; its last fold cut by as_of is used.
        as_of: the decision's date.
        horizon: of the score.
        benchmark: id of the benchmark the weights are of; the universe's default without one.

    Raises:
        CallerError: the universe has no such benchmark.
    """
    known = panels.until(as_of)
    universe = panels.universe
    mark = named_benchmark(universe, benchmark)
    covariance = _of_eligible(known, sector_covariance(known, as_of=as_of))
    shares = benchmark_shares(known, mark, tuple(row.sector for row in covariance), as_of=as_of)
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
        benchmark_weights=shares.rows,
        benchmark=mark.id,
        benchmark_weights_source=shares.source,
        benchmark_weights_as_of=shares.as_of,
        benchmark_weights_origin=shares.origin,
        skill=() if skill is None else (skill,),
    )


def benchmark_shares(
    known: MarketPanels, mark: Benchmark, eligible: tuple[str, ...], *, as_of: date
) -> BenchmarkShares:
    """Return a benchmark's weights by sector id, from the best source known at as_of.

    In this order: the imported file's last date; for the default benchmark the universe's own
    table of the last date; for a basket or ex_group the sectors' shares of it, known the day
    before, sectors no weight may be chosen for included; else equal over the eligible sectors.

    Args:
        known: cut at as_of.
        mark: of the universe.
        eligible: ids of sectors a weight may be chosen for.
        as_of: no later table is seen.
    """
    filed = _filed(known, mark)
    if filed is not None:
        return filed
    if mark == known.universe.benchmark:
        own = own_benchmark_weights(known.universe, as_of)
        if own is not None:
            return own
    in_basket = _in_basket(known, mark)
    if in_basket:
        return BenchmarkShares(in_basket, "basket")
    even = tuple(PortfolioWeight(sector=name, weight=1.0 / len(eligible)) for name in eligible)
    return BenchmarkShares(even, "equal_weight")


def own_benchmark_weights(universe: Universe, as_of: date) -> BenchmarkShares | None:
    """Return the universe's last benchmark weights dated as_of or earlier, None without any."""
    latest = universe.weights_at(as_of)
    if latest is None:
        return None
    rows = {row.sector: row.weight for row in latest.weights}
    return BenchmarkShares(_sorted(rows), "universe", latest.as_of, _told(latest.source))


def _filed(known: MarketPanels, mark: Benchmark) -> BenchmarkShares | None:
    """Return the imported weights of the last date, its last revision."""
    if known.weights is None:
        return None
    rows = known.weights.rows
    mine = rows[rows["benchmark"] == mark.id]
    mine = mine[mine["period"] == mine["period"].max()]
    mine = mine[mine["known_at"] == mine["known_at"].max()]
    if mine.empty:
        return None
    weights = dict(zip(mine["sector"].astype(str), mine["weight"].astype(float), strict=True))
    day = mine["period"].iloc[0].date()
    return BenchmarkShares(_sorted(weights), "file", day, _told(str(mine["source"].iloc[0])))


def _in_basket(known: MarketPanels, mark: Benchmark) -> tuple[PortfolioWeight, ...]:
    if mark.kind not in ("basket", "ex_group") or known.stocks is None or known.members is None:
        return ()
    return _sorted(sector_shares(known.stocks, known.members, known.universe, without=mark.without))


def _sorted(weights: dict[str, float]) -> tuple[PortfolioWeight, ...]:
    return tuple(PortfolioWeight(sector=name, weight=weights[name]) for name in sorted(weights))


def _told(source: str) -> str:
    """Return the publisher's name in the characters records allow."""
    kept = re.sub(r"[^\w .,:()/&%-]", " ", source)
    return " ".join(kept.split())[:ORIGIN_CHARS]


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
