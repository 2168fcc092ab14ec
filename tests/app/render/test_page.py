"""What the page is made from: another benchmark, a told path, members beside funds, absences."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.render.page import page
from app.render.view import Block, Page
from core.records.evidence import Evidence, Gap
from core.records.plan import PlanStep
from core.records.report import Report
from core.records.result import NamedGap
from core.records.sectors import (
    HeatmapResult,
    RotationHistoryResult,
    RotationPath,
    RotationSpell,
    TailPoint,
)
from tests.app.render.sample_report import AS_OF, sample_report, universe
from tests.app.render.samples import full_report

VN = universe("vn")


def made(report: Report) -> Page:
    return page(report, {name: universe(name) for name in report.request.universes})


def details(shown: Page) -> dict[str, Block]:
    return {block.id: block for block in shown.universes[0].details}


def against(report: Report, benchmark: str) -> Report:
    """Return the report with an unscored heatmap against another benchmark, asked for."""
    first = report.evidence[0]
    assert isinstance(first.result, HeatmapResult)
    rows = tuple(
        row.model_copy(
            update={
                "weekly": row.weekly
                and row.weekly.model_copy(update={"quadrant": "LAGGING", "dwell_count": 33})
            }
        )
        for row in first.result.rows
    )
    other = first.model_copy(
        update={
            "id": "vn-other",
            "result": first.result.model_copy(
                update={"benchmark": benchmark, "treatment": "price", "rows": rows}
            ),
        }
    )
    step = PlanStep(
        id="vn-other", tool=first.tool, universe="vn", arguments=first.arguments, scored=False
    )
    return report.model_copy(
        update={
            "evidence": (other, *report.evidence),
            "plan": report.plan.model_copy(update={"steps": (step, *report.plan.steps)}),
            "request": report.request.model_copy(update={"benchmark": benchmark}),
        }
    )


def test_a_benchmark_asked_for_drives_map_and_quadrants_and_is_named_but_scores_stay() -> None:
    plain, asked = (
        made(r).universes[0] for r in (full_report("vn"), against(full_report("vn"), "vnindex"))
    )
    assert {row[2].plain[:12] for row in asked.sectors.tables[0].rows if row[2].plain} == {
        "Lagging\N{NO-BREAK SPACE}(33)"
    }
    assert "VN-Index" in asked.map.notes[0]
    assert "Quadrants against VN-Index" in asked.sectors.notes[0]
    assert (
        "map and quadrants against VN-Index (price)"
        in {i.label: i.cell.plain for i in asked.strip}["Benchmark"]
    )
    assert [row[4].plain for row in asked.sectors.tables[0].rows] == [
        row[4].plain for row in plain.sectors.tables[0].rows
    ]
    assert asked.heatmap == plain.heatmap


def test_without_such_an_answer_the_scored_benchmark_is_shown_and_named() -> None:
    report = full_report("vn")
    lost = report.model_copy(
        update={"request": report.request.model_copy(update={"benchmark": "vnindex"})}
    )
    assert made(lost).universes[0].map == made(report).universes[0].map


def told(report: Report) -> Report:
    """Return the report with a told path of one sector."""
    first = report.evidence[0]
    tail = tuple(
        TailPoint(period=AS_OF - timedelta(weeks=9 - i), rs_ratio_index=97.0 + i,
                  rs_momentum_index=101.0 + 0.1 * i)
        for i in range(10)
    )  # fmt: skip
    common = first.result.model_dump(
        include={"universe", "universe_hash", "as_of", "known_at", "currency", "synthetic"}
    )
    result = RotationHistoryResult(
        **common, tool="get_rotation_history", benchmark="us_spy", treatment="total_return",
        frequency="weekly", since=tail[0].period,
        paths=(RotationPath(sector="financials", ticker="XLF", tail=tail),),
        rows=(RotationSpell(
            sector="financials", frequency="weekly", quadrant="LEADING", entered=tail[3].period,
            left=tail[9].period, bars_count=7, ratio_low_index=100.0, ratio_high_index=106.0,
            momentum_peak_index=101.9, momentum_peak_period=tail[9].period,
            momentum_last_index=101.9, ratio_last_index=106.0, running=True,
        ),),
    )  # fmt: skip
    evidence = Evidence(
        id="us-path", node=first.node, tool="get_rotation_history", server="sectorwise",
        arguments=first.arguments, sha256="b" * 64, result=result,
    )  # fmt: skip
    return report.model_copy(update={"evidence": (*report.evidence, evidence)})


def test_a_told_path_has_its_own_chart_with_dates_before_the_other_details() -> None:
    shown = made(told(sample_report("us")))
    first = shown.universes[0].details[0]
    assert first.id == "path"
    svg = first.pictures[0].svg
    for day in (AS_OF - timedelta(weeks=9), AS_OF - timedelta(weeks=6), AS_OF):
        assert f">{day.day} {day:%b %Y}<" in svg
    assert "Financials" in first.pictures[0].notes[0]
    assert "path" not in details(made(sample_report("us")))


def test_the_fund_stands_beside_the_sector_built_from_its_members() -> None:
    block = details(made(full_report("us")))["member_built"]
    table = block.tables[0]
    assert [c.group for c in table.columns][1:] == ["Fund"] * 4 + ["Built from members"] * 5
    assert len(table.rows) == 11
    assert "member_built" not in details(made(full_report("vn")))


def test_daily_and_weekly_maps_stand_side_by_side_and_show_the_same_sectors() -> None:
    block = details(made(full_report("vn")))["frequencies"]
    assert len(block.pictures) == 2
    names = [set(picture.alt.split(": ")[1].split(", ")) for picture in block.pictures]
    assert names[0] == names[1]


def test_the_same_absence_is_said_once() -> None:
    report = sample_report("us")
    gap = NamedGap(reason="no_data", actor="user", dataset="positions")
    twice = tuple(
        Gap(id=f"us-gap-{n}", node="whale_activity", tool="get_whale_activity", universe="us",
            gap=gap)
        for n in range(4)
    )  # fmt: skip
    shown = made(report.model_copy(update={"gaps": twice}))
    rows = details(shown)["missing"].tables[0].rows
    assert [row[0].plain for row in rows].count("Whale activity") == 1
    said = [tuple(cell.plain for cell in row) for row in rows]
    assert len(said) == len(set(said))


def test_members_without_prices_are_said_to_be_just_that() -> None:
    report = sample_report("us")
    status = report.evidence[-1]
    rows = list(status.result.model_dump()["rows"])
    rows[0] |= {"dataset": "members"}
    held = status.model_copy(
        update={
            "result": type(status.result).model_validate(
                status.result.model_dump() | {"rows": rows}
            )
        }
    )
    gap = Gap(id="us-gap", node="heatmap", tool="get_sector_heatmap", universe="us",
              gap=NamedGap(reason="no_data", actor="user", dataset="members"))  # fmt: skip
    shown = made(
        report.model_copy(update={"evidence": (*report.evidence[:-1], held), "gaps": (gap,)})
    )
    whys = [row[2].plain for row in details(shown)["missing"].tables[0].rows]
    assert any("prices" in why for why in whys)


def test_what_somebody_can_act_on_comes_first_and_the_rest_is_counted() -> None:
    block = made(full_report("us")).universes[0].missing
    assert len(block.lines) <= 4
    assert "→\N{NO-BREAK SPACE}operator" in block.lines[0].plain
    assert "more in the details" in block.lines[-1].plain


def test_the_mandate_is_named_with_its_version_and_date() -> None:
    strip = {i.label: i.cell.plain for i in made(full_report("us")).universes[0].strip}
    assert strip["Mandate"] == "balanced-growth, version 3, since 1 Jul 2024"
    packaged = {i.label: i.cell.plain for i in made(sample_report("us")).universes[0].strip}
    assert packaged["Mandate"] == "packaged limits"


@pytest.mark.parametrize("name", ["us", "vn"])
def test_in_vietnamese_no_heading_title_or_flag_is_english(name: str) -> None:
    english = made(full_report(name)).universes[0]
    shown = made(full_report(name, language="vi")).universes[0]
    same = {"Beta", "Brier", "P/E", "ROE", "RS-Momentum", "IC", "t", "#", "Sectorwise", "SHA-256",
            "ROE, %", "12−1, %", "Brier × 100"}  # fmt: skip
    blocks = zip((*english.front, *english.details), (*shown.front, *shown.details), strict=True)
    for one, other in blocks:
        assert one.title != other.title
        for table, translated in zip(one.tables, other.tables, strict=True):
            pairs = zip(table.columns[1:], translated.columns[1:], strict=True)
            alike = {a.label for a, b in pairs if a.label == b.label and a.label not in same}
            assert {label for label in alike if not label.startswith("XL")} == set()
        labels = {
            a.label for a, b in zip(one.items, other.items, strict=True) if a.label == b.label
        }
        assert labels <= same
    assert replace(shown.strip[0]).label == "Thị trường"


def test_dates_and_numbers_are_written_the_vietnamese_way() -> None:
    shown = made(full_report("vn", language="vi")).universes[0]
    assert date(2024, 12, 27) == AS_OF
    assert "27/12/2024" in {i.label: i.cell.plain for i in shown.strip}["Tính đến"]
    plan = {
        i.label: i.cell.plain
        for i in details(made(full_report("vn", language="vi")))["orders"].items
    }
    assert plan["Giá trị tài sản ròng"] == "3.012 tỷ đồng"
