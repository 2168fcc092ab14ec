from datetime import date
from pathlib import Path

import pytest

from core.records.payloads import FlowResult, FundamentalsResult, MacroResult
from core.records.report import Report
from core.records.result import ToolResult
from core.records.sectors import HeatmapResult
from tests.app.test_one_decision import reported

pytestmark = [pytest.mark.real_data, pytest.mark.xdist_group("real home")]
DAYS = {"us": date(2024, 12, 31), "vn": date(2024, 12, 30)}
BOTH = pytest.mark.parametrize(
    ("universe", "day"),
    [("vn", DAYS["vn"]), pytest.param("us", DAYS["us"], marks=pytest.mark.prove)],
)


@pytest.fixture(scope="module")
def us(real_home: Path) -> Report:
    return reported(real_home, "us", DAYS["us"], "1M")


@pytest.fixture(scope="module")
def vn(market_home: Path) -> Report:
    return reported(market_home, "vn", DAYS["vn"], "1M")


def answers(report: Report) -> dict[str, ToolResult]:
    return {item.tool: item.result for item in report.evidence}


@pytest.mark.prove
def test_every_us_node_brings_evidence_and_foreign_flow_is_the_expected_gap(us: Report) -> None:
    assert {item.node for item in us.evidence} == {
        "macro",
        "heatmap",
        "fundamentals",
        "whale_activity",
    }
    gaps = {gap.tool: gap.gap.reason for gap in us.gaps}
    assert gaps["get_foreign_flow_by_sector"] == "not_published"


def test_every_vietnamese_node_brings_evidence(vn: Report) -> None:
    assert len({item.node for item in vn.evidence}) == 5


@pytest.mark.prove
def test_old_us_fundamentals_are_flagged_and_not_scored(us: Report) -> None:
    result = answers(us)["get_sector_fundamentals"]
    assert isinstance(result, FundamentalsResult)
    assert result.rows
    assert all("stale" in row.flags for row in result.rows)
    assert all(factor.value is None for factor in result.factors)
    reported = [factor for factor in result.factors if factor.family == "fundamentals"]
    assert {factor.reason for factor in reported} == {"stale"}


def test_old_vietnamese_data_are_in_the_headline(vn: Report) -> None:
    assert any(s.section in {"headline", "missing"} and "2023" in s.text for s in vn.sentences)


def test_vietnamese_banks_have_no_fundamentals(vn: Report) -> None:
    result = answers(vn)["get_sector_fundamentals"]
    assert isinstance(result, FundamentalsResult)
    assert "banks" not in {row.sector for row in result.rows}
    assert any(cell.subject == "banks" for cell in result.missing)


def test_sectors_of_fewer_than_three_stocks_get_no_weight_beyond_the_benchmark(vn: Report) -> None:
    heat = answers(vn)["get_sector_heatmap"]
    assert isinstance(heat, HeatmapResult)
    small = {row.sector for row in heat.rows if (row.members_count or 0) < 3}
    assert {"technology", "insurance"} <= small
    lines = {line.sector: line for line in vn.allocations[0].lines}
    assert all(lines[name].stance == "not_weighted" for name in small if name in lines)
    kept = [lines[name] for name in small if name in lines]
    assert all(line.target_weight == line.benchmark_weight for line in kept)


def test_flow_is_measured_over_matched_and_put_through(vn: Report) -> None:
    flow = answers(vn)["get_foreign_flow_by_sector"]
    assert isinstance(flow, FlowResult)
    assert all(abs(row.intensity_pct or 0.0) <= 100 for row in flow.rows)
    assert len(flow.rows) >= 15


@BOTH
def test_nothing_in_a_report_is_later_than_its_date(
    universe: str, day: date, request: pytest.FixtureRequest
) -> None:
    report: Report = request.getfixturevalue(universe)
    for item in report.evidence:
        assert item.result.as_of <= day
        assert item.result.known_at is None or item.result.known_at <= day
    macro = answers(report)["get_macro_indicators"]
    assert isinstance(macro, MacroResult)
    assert all(row.released <= day for row in macro.rows)


@BOTH
def test_five_recommendations_name_both_weights(
    universe: str, day: date, request: pytest.FixtureRequest
) -> None:
    report: Report = request.getfixturevalue(universe)
    lines = [s for s in report.sentences if s.section == "recommendation"]
    assert (report.as_of, len(lines)) == ((day,), 5)
    assert all(sum(span.fact is not None for span in line.spans) >= 2 for line in lines)
