"""Records the tests of facts draw from: a heatmap, a scorecard, an allocation."""

from datetime import date

from core.records.decision import (
    Allocation,
    AllocationLine,
    Contribution,
    LimitEvent,
    Scorecard,
    SectorScore,
)
from core.records.evidence import Evidence
from core.records.plan import ToolArguments, ToolName
from core.records.result import ToolResult
from core.records.sectors import Expectation, HeatmapResult, HeatmapRow, Rotation, Skill, TailPoint

DAY = date(2024, 12, 31)
HASH = "0" * 64
SKILL = Skill(
    horizon="1M", ic_mean_index=0.05, ic_t_index=None, hit_fraction=0.54, dates_count=380,
    momentum_ic_mean_index=0.01,
)  # fmt: skip


def envelope(tool: str, universe: str = "us") -> dict[str, object]:
    """Return what every result of a tool holds."""
    return {
        "tool": tool, "universe": universe, "universe_hash": HASH, "as_of": DAY, "known_at": DAY,
        "currency": "USD", "synthetic": False,
    }  # fmt: skip


def evidence(
    tool: ToolName, result: ToolResult, arguments: ToolArguments | None = None, name: str = "e1"
) -> Evidence:
    """Return a result as evidence."""
    return Evidence(
        id=name, node="heatmap", tool=tool, server="ours", arguments=arguments or ToolArguments(),
        sha256=HASH, result=result,
    )  # fmt: skip


def rotation(frequency: str) -> Rotation:
    """Return where a sector is, running and weakening."""
    return Rotation.model_validate(
        {
            "frequency": frequency, "period": DAY, "provisional": True, "rs_ratio_index": 101.5,
            "rs_momentum_index": 99.25, "quadrant": "WEAKENING", "heading_deg": None,
            "velocity_index": 0.5, "dwell_count": 3,
            "tail": [TailPoint(period=DAY, rs_ratio_index=101.5, rs_momentum_index=99.25)],
        }
    )  # fmt: skip


def heatmap() -> Evidence:
    """Return a heatmap of one sector."""
    expected = Expectation(
        horizon="1M", settles=date(2025, 1, 31), excess_pct=-0.4, low_pct=-3.0, high_pct=2.0,
        outperform_fraction=0.45,
    )  # fmt: skip
    row = HeatmapRow(
        sector="technology", ticker="XLK", weekly=rotation("weekly"), daily=None,
        excess_1w_pct=-0.5, excess_1m_pct=None, excess_3m_pct=1.25, excess_12m_pct=0.0,
        return_3m_pct=4.0, distance_200d_pct=2.0, expected=(expected,), members_count=1,
        top_member="NVDA", top_member_pct=21.0, flags=("single_stock", "provisional"),
    )  # fmt: skip
    result = HeatmapResult.model_validate(
        {**envelope("get_sector_heatmap"), "benchmark": "spy", "treatment": "total_return",
         "rows": (row,), "skill": (SKILL,)}
    )  # fmt: skip
    return evidence("get_sector_heatmap", result)


def decision() -> tuple[Scorecard, Allocation]:
    """Return a scorecard and an allocation of one sector."""
    score = SectorScore(
        sector="energy", score=0.8, rank=1, confidence=0.7,
        contributions=(
            Contribution(factor="pe", family="valuation", weight=0.5, z=1.6, contribution=0.8),
            Contribution(factor="flow", family="foreign_flow", weight=0.2, z=None,
                         contribution=None, reason="no_data"),
        ),
    )  # fmt: skip
    card = Scorecard(
        universe="us", universe_hash=HASH, as_of=DAY, horizon="1M", weights_source="learned",
        trained_until=DAY, skill=SKILL, sectors=(score,), top3_stability=0.87,
    )  # fmt: skip
    allocation = Allocation(
        universe="us", as_of=DAY, horizon="1M", mandate="default",
        benchmark_weights_source="equal_weight",
        lines=(
            AllocationLine(sector="energy", instrument="XLE", benchmark_weight=0.1,
                           held_weight=0.3, target_weight=0.15, stance="overweight"),
        ),
        turnover=0.05, cost_bps=3.5, tracking_error_pct=None,
        limits=(LimitEvent(kind="active_cap", sector="energy", limit=0.05, wanted=0.09, got=0.05),),
    )  # fmt: skip
    return card, allocation
