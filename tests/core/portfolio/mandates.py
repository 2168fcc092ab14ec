"""Random allocation problems: a market, a mandate, and a portfolio or none, from a seed."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.portfolio.problem import Problem, problem_of
from core.records.decision import Scorecard, SectorScore
from core.records.holdings import HeldPosition, Portfolio
from core.records.mandate import GroupLimit, Mandate, SectorCap, SectorFloor
from core.records.scoring import CovarianceRow, PortfolioWeight, ScoringResult
from core.records.sectors import Skill
from core.records.trading import TradingResult, TradingRow
from core.records.universe import SectorWeight, Universe
from tests.core.market import universe

AS_OF = date(2024, 6, 28)
MEMBERS = 4


@dataclass(frozen=True)
class Case:
    """One allocation to make."""

    universe: Universe
    card: Scorecard
    inputs: ScoringResult
    mandate: Mandate
    portfolio: Portfolio | None
    trading: TradingResult

    def problem(self) -> Problem:
        return problem_of(
            self.universe,
            self.card,
            self.inputs,
            self.mandate,
            portfolio=self.portfolio,
            trading=self.trading,
        )


def case(seed: int) -> Case:
    rng = np.random.default_rng(seed)
    names = tuple(f"s{place:02d}" for place in range(int(rng.integers(4, 13))))
    of = universe(names)
    unseen = names[-1:] if rng.random() < 0.15 else ()
    trading = _trading(rng, names)
    return Case(
        universe=of,
        card=_card(rng, of),
        inputs=_inputs(rng, of, tuple(name for name in names if name not in unseen)),
        mandate=_mandate(rng, names, trading),
        portfolio=_portfolio(rng, names) if rng.random() < 0.6 else None,
        trading=trading,
    )


def _card(rng: np.random.Generator, of: Universe) -> Scorecard:
    skill = Skill(
        horizon="1M",
        ic_mean_index=float(rng.uniform(0.0, 0.12)),
        ic_t_index=float(rng.uniform(0.0, 4.0)),
        hit_fraction=0.5,
        dates_count=99,
        momentum_ic_mean_index=0.0,
    )
    silent = set(of.sector_ids[:1]) if rng.random() < 0.15 else set()
    return Scorecard(
        universe=of.id,
        universe_hash=of.content_hash(),
        as_of=AS_OF,
        horizon="1M",
        weights_source="learned",
        trained_until=None,
        skill=skill,
        sectors=tuple(
            SectorScore(
                sector=name,
                score=None if name in silent else float(rng.normal()),
                rank=None if name in silent else 1,
                confidence=0.5,
                contributions=(),
                reason="no_data" if name in silent else None,
            )
            for name in of.sector_ids
        ),
    )


def _inputs(rng: np.random.Generator, of: Universe, seen: tuple[str, ...]) -> ScoringResult:
    returns = rng.normal(size=(60, len(seen))) + rng.normal(size=(60, 1)) * rng.uniform(0.5, 2.0)
    returns *= rng.uniform(0.1, 0.2, size=len(seen))
    covariance = returns.T @ returns / 60
    weights = rng.dirichlet(np.full(len(of.sectors), 2.0))
    return ScoringResult(
        tool="get_scoring_inputs",
        universe=of.id,
        universe_hash=of.content_hash(),
        as_of=AS_OF,
        known_at=AS_OF,
        currency="VND",
        synthetic=True,
        horizon="1M",
        covariance=tuple(
            CovarianceRow(sector=name, values=tuple(float(value) for value in row))
            for name, row in zip(seen, covariance, strict=True)
        ),
        benchmark_weights=tuple(
            PortfolioWeight(sector=name, weight=float(weight))
            for name, weight in zip(of.sector_ids, weights, strict=True)
        ),
        benchmark_weights_source="universe",
    )


def _trading(rng: np.random.Generator, names: tuple[str, ...]) -> TradingResult:
    rows = []
    for place, name in enumerate(names):
        count = 1 if place == 1 else MEMBERS
        shares = rng.dirichlet(np.full(count, 0.7))
        rows += [
            TradingRow(
                symbol=f"{name.upper()}{member}" if member or place != 2 else "S000",
                sector=name,
                period=AS_OF,
                close_level=10.0,
                basket_weight_pct=float(100.0 * shares[member]),
                traded_20d_bn=100.0,
                lot_count=100,
            )
            for member in range(count)
        ]
    return TradingResult(
        tool="get_trading_conditions",
        universe="toy",
        universe_hash="0" * 64,
        as_of=AS_OF,
        known_at=AS_OF,
        currency="VND",
        synthetic=True,
        rows=tuple(rows),
    )


def _portfolio(rng: np.random.Generator, names: tuple[str, ...]) -> Portfolio:
    outside = float(rng.uniform(0.0, 0.1)) if rng.random() < 0.3 else 0.0
    cash = float(rng.uniform(0.0, 0.3)) * (1.0 - outside)
    held = rng.dirichlet(np.full(len(names), 1.0)) * (1.0 - cash - outside)
    beside = HeldPosition(
        symbol="S000",
        sector=None,
        quantity=None,
        close_level=None,
        value_bn=None,
        held_weight=outside / 2.0,
    )
    return Portfolio(
        universe="toy",
        as_of=AS_OF,
        dated=AS_OF,
        source="toy",
        nav_bn=None,
        cash_weight=cash,
        outside_weight=outside,
        sectors=tuple(
            SectorWeight(sector=name, weight=float(weight))
            for name, weight in zip(names, held, strict=True)
        ),
        positions=(beside,) if outside else (),
    )


def _mandate(rng: np.random.Generator, names: tuple[str, ...], trading: TradingResult) -> Mandate:
    drawn = [str(name) for name in rng.permutation(names)]

    def some(most: int) -> list[str]:
        count = int(rng.integers(0, most + 1))
        if rng.random() < 0.1:
            return [str(name) for name in rng.choice(names, count, False)]
        return [drawn.pop() for _ in range(min(count, len(drawn)))]

    def maybe(share: float, low: float, high: float) -> float | None:
        drawn = float(rng.uniform(low, high))
        return drawn if rng.random() < share else None

    symbols = sorted({row.symbol for row in trading.rows})
    groups = []
    if rng.random() < 0.35:
        pair = sorted(str(name) for name in rng.choice(names, 2, False))
        groups.append(
            GroupLimit(name="pair", sectors=tuple(pair), cap=float(rng.uniform(0.1, 0.5)))
        )
    if rng.random() < 0.35:
        kin = sorted(str(name) for name in rng.choice(symbols, 3, False))
        groups.append(GroupLimit(name="kin", symbols=tuple(kin), cap=float(rng.uniform(0.05, 0.3))))
    return Mandate(
        id="own",
        version=1,
        sector_cap=float(rng.uniform(0.15, 0.8)),
        active_cap=float(rng.uniform(0.02, 0.3)),
        turnover=float(rng.uniform(0.03, 0.6)),
        no_trade_band=0.0,
        tracking_error_pct=maybe(0.4, 0.3, 6.0),
        cash_floor=maybe(0.3, 0.0, 0.1) or 0.0,
        cash_cap=maybe(0.5, 0.02, 0.2) or 1.0,
        issuer_cap=maybe(0.35, 0.06, 0.3),
        groups=tuple(groups),
        caps=tuple(SectorCap(sector=name, cap=float(rng.uniform(0.0, 0.3))) for name in some(2)),
        floors=tuple(
            SectorFloor(sector=name, floor=float(rng.uniform(0.0, 0.15))) for name in some(2)
        ),
        excluded=tuple(sorted(some(1))),
        risk_aversion=float(rng.uniform(1.0, 40.0)),
    )
