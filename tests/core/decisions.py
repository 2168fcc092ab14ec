"""Small decisions with all they were computed from, for tests of what changed and of the record."""

from datetime import date

import numpy as np

from core.forecast.model import settles
from core.portfolio.allocation import allocate
from core.portfolio.scoring import scorecard
from core.records.evidence import Evidence, Gap
from core.records.history import Answered, SectorPlace, Snapshot
from core.records.holdings import HeldPosition, Portfolio
from core.records.mandate import Mandate, MandateInForce, MandatePatch
from core.records.payloads import MacroResult
from core.records.plan import Plan, PlanStep, ToolArguments, ToolName
from core.records.report import Provenance, Report
from core.records.request import Intent, Request
from core.records.result import FactorValue, NamedGap, Source, ToolResult
from core.records.scoring import CovarianceRow, FactorWeight, PortfolioWeight, ScoringResult
from core.records.sectors import (
    Expectation,
    HeatmapResult,
    HeatmapRow,
    Quadrant,
    Rotation,
    Skill,
)
from core.records.universe import Benchmark, SectorWeight, Universe
from tests.core.market import universe

NAMES = ("a", "b", "c", "d", "e", "f")
_EVEN = Benchmark(id="even", kind="equal_weight", name_en="Even", name_vi="Đều", treatment="price")
_PLAIN = universe(NAMES)
TOY: Universe = _PLAIN.model_copy(
    update={"built_from_members": False, "benchmarks": (*_PLAIN.benchmarks, _EVEN)}
)
FRIDAY = date(2024, 6, 21)
NEXT_FRIDAY = date(2024, 6, 28)
WIDE = Mandate(
    id="wide", version=1, sector_cap=1.0, active_cap=0.3, turnover=1.0, no_trade_band=0.0
)
PRICES = Source(
    dataset="prices", origin="p", sha256="1" * 64, first=FRIDAY, last=NEXT_FRIDAY, rows_count=9
)
MOMENTUM = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
GROWTH = (4.0, 1.0, 6.0, 2.0, 5.0, 3.0)


def factors_of(**rows: tuple[float | None, ...]) -> tuple[FactorValue, ...]:
    """Return factor values, sectors in id order."""
    return tuple(
        FactorValue(
            sector=name,
            family="momentum",
            factor=factor,
            value=value,
            reason="no_data" if value is None else None,
        )
        for factor in sorted(rows)
        for name, value in zip(NAMES, rows[factor], strict=True)
    )


def portfolio_of(
    day: date, *, prices: tuple[float, ...], shares: tuple[float, ...], dated: date = FRIDAY
) -> Portfolio:
    """Return shares of each sector's stock and a cash of 40, at these prices."""
    worth = [price * count for price, count in zip(prices, shares, strict=True)]
    total = sum(worth) + 40.0
    return Portfolio(
        universe=TOY.id,
        as_of=day,
        dated=dated,
        source="book.csv",
        nav_bn=total,
        cash_weight=40.0 / total,
        outside_weight=0.0,
        sectors=tuple(
            SectorWeight(sector=name, weight=value / total)
            for name, value in zip(NAMES, worth, strict=True)
        ),
        positions=tuple(
            HeldPosition(
                symbol=name.upper(),
                sector=name,
                quantity=count,
                close_level=price,
                value_bn=price * count,
                held_weight=price * count / total,
            )
            for name, price, count in zip(NAMES, prices, shares, strict=True)
        ),
    )


def inputs_of(
    *, momentum: float = 0.4, growth: float = 0.1, sd: float = 0.2, ic: float = 0.05, day: date
) -> ScoringResult:
    """Return scoring inputs of equal benchmark weights."""
    spread = sd * np.array([1.0, 0.8, 1.2, 0.9, 1.1, 1.05])
    covariance = np.outer(spread, spread) * (0.6 + 0.4 * np.eye(len(NAMES)))
    return ScoringResult(
        tool="get_scoring_inputs",
        universe=TOY.id,
        universe_hash=TOY.content_hash(),
        as_of=day,
        known_at=day,
        currency="VND",
        synthetic=True,
        horizon="1M",
        weights=(
            FactorWeight(factor="growth", family="momentum", weight=growth),
            FactorWeight(factor="momentum_12m", family="momentum", weight=momentum),
        ),
        trained_until=date(2024, 5, 31),
        covariance=tuple(
            CovarianceRow(sector=name, values=tuple(float(value) for value in row))
            for name, row in zip(NAMES, covariance, strict=True)
        ),
        benchmark_weights=tuple(PortfolioWeight(sector=name, weight=1 / 6) for name in NAMES),
        skill=(
            Skill(
                horizon="1M",
                ic_mean_index=ic,
                ic_t_index=2.0,
                hit_fraction=0.5,
                dates_count=99,
            ),
        ),
    )


def taken(
    day: date = FRIDAY,
    *,
    factors: tuple[FactorValue, ...] | None = None,
    inputs: ScoringResult | None = None,
    mandate: Mandate = WIDE,
    portfolio: Portfolio | None = None,
    known_at: date | None = None,
    weekly: Quadrant = "LEADING",
    sources: tuple[Source, ...] = (PRICES,),
) -> Snapshot:
    """Return the snapshot of a decision; every call was answered from what was known that day."""
    rows = factors_of(momentum_12m=MOMENTUM, growth=GROWTH) if factors is None else factors
    given = inputs_of(day=day) if inputs is None else inputs
    card = scorecard(TOY, rows, given, as_of=day, horizon="1M")
    known = known_at or day
    return Snapshot(
        universe=TOY.id,
        as_of=day,
        horizon="1M",
        report_sha256="a" * 64,
        mandate=mandate,
        portfolio=portfolio,
        card=card,
        allocation=allocate(TOY, card, given, mandate, portfolio=portfolio),
        factors=rows,
        inputs=given,
        benchmark="all",
        places=tuple(
            SectorPlace(
                sector=name, weekly=weekly, weekly_period=known, provisional=False, daily=weekly
            )
            for name in NAMES
        ),
        answered=(
            Answered(
                step="toy-heatmap",
                tool="get_sector_heatmap",
                reason=None,
                known_at=known,
                sources=sources,
                factors=("growth", "momentum_12m"),
            ),
            Answered(
                step="toy-inputs",
                tool="get_scoring_inputs",
                reason=None,
                known_at=known,
                sources=sources,
            ),
        ),
    )


def report_of(
    found: Snapshot,
    *,
    intent: Intent = "report",
    patch: MandatePatch | None = None,
    mandates: tuple[MandateInForce, ...] | None = None,
    horizon_pct: float = 1.0,
) -> Report:
    """Return a wordless report of the decision, its factors split over two scored answers."""
    first = [row for row in found.factors if row.factor == "momentum_12m"]
    late = [row.model_copy(update={"value": 99.0}) for row in first]
    envelope = {
        "universe": TOY.id,
        "universe_hash": TOY.content_hash(),
        "as_of": found.as_of,
        "known_at": found.as_of,
        "currency": "VND",
        "synthetic": True,
        "sources": (PRICES,),
    }
    expected = Expectation(
        horizon="1M",
        settles=settles(found.as_of, "1M"),
        excess_pct=horizon_pct,
        low_pct=-2.0,
        high_pct=3.0,
        outperform_fraction=0.6,
    )
    heatmap = HeatmapResult.model_validate(
        envelope
        | {
            "tool": "get_sector_heatmap",
            "benchmark": "all",
            "treatment": "price",
            "rows": tuple(_row(name, found.as_of, expected) for name in NAMES),
            "factors": tuple(first),
        }
    )
    others = tuple(row for row in found.factors if row.factor != "momentum_12m")
    macro = MacroResult.model_validate(
        envelope | {"tool": "get_macro_indicators", "factors": (*others, *late)}
    )
    answers: dict[ToolName, ToolResult | None] = {
        "get_sector_heatmap": heatmap,
        "get_scoring_inputs": found.inputs,
        "get_macro_indicators": macro,
        "get_whale_activity": None,
    }
    steps = tuple(
        PlanStep(
            id=f"toy-{tool.removeprefix('get_').replace('_', '-')}",
            tool=tool,
            universe=TOY.id,
            arguments=ToolArguments(region=TOY.id),
            scored=True,
        )
        for tool in answers
    )
    return Report(
        request=Request(
            text="",
            language="en",
            intent=intent,
            universes=(TOY.id,),
            as_of=found.as_of,
            patch=patch,
        ),
        as_of=(found.as_of,),
        plan=Plan(author="rules", steps=steps),
        evidence=tuple(
            Evidence(
                id=step.id,
                node=step.node,
                tool=step.tool,
                server="own",
                arguments=step.arguments,
                sha256="b" * 64,
                result=result,
            )
            for step in steps
            if (result := answers[step.tool]) is not None
        ),
        gaps=(
            Gap(
                id=steps[-1].id,
                node=steps[-1].node,
                tool=steps[-1].tool,
                universe=TOY.id,
                gap=NamedGap(reason="no_data", actor="user", dataset="positions"),
            ),
        ),
        scorecards=(found.card,),
        allocations=(found.allocation,),
        mandates=(
            (MandateInForce(universe=TOY.id, mandate=found.mandate),)
            if mandates is None
            else mandates
        ),
        facts=(),
        sentences=(),
        synthetic=True,
        provenance=Provenance(
            sectorwise="0",
            universe_hashes=(TOY.content_hash(),),
            planner="rules",
            reporter="template",
        ),
    )


def _row(name: str, day: date, expected: Expectation) -> HeatmapRow:
    rotation = Rotation(
        frequency="weekly",
        period=day,
        provisional=True,
        rs_ratio_index=101.0,
        rs_momentum_index=101.0,
        quadrant="LEADING",
        heading_deg=None,
        velocity_index=None,
        dwell_count=1,
    )
    return HeatmapRow(
        sector=name,
        ticker=name.upper(),
        weekly=rotation,
        daily=None,
        excess_1w_pct=None,
        excess_1m_pct=None,
        excess_3m_pct=None,
        excess_12m_pct=None,
        return_3m_pct=None,
        distance_200d_pct=None,
        expected=(expected,),
    )
