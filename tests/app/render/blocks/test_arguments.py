"""For and against: the side a line asks for, and features in place of the views they are behind."""

import pytest

from app.render.blocks.arguments import for_and_against, raises
from app.render.material import Material, material
from app.render.page import page
from app.render.view import Cell
from core.records.decision import AllocationLine, Scorecard
from core.records.report import Report
from core.records.sectors import HeatmapResult, Reason
from tests.app.render.sample_report import sample_report, universe

WORLD = universe("us")
SECTOR = "energy"


@pytest.mark.parametrize(
    ("held", "target", "more"),
    [
        (None, 0.2, True),
        (None, 0.05, False),
        (0.0, 0.05, False),
        (0.3, 0.2, True),
        (0.2, 0.2, True),
        (0.0, 0.1, True),
        (0.3, 0.1, False),
        (None, 0.1, False),
    ],
)
def test_reasons_are_for_the_stance_and_for_the_trade_only_where_there_is_no_stance(
    held: float | None, target: float, more: bool
) -> None:
    assert raises(_line(target, held)) is more


def _line(target: float, held: float | None = None) -> AllocationLine:
    return AllocationLine(
        sector=SECTOR,
        instrument="XLE",
        benchmark_weight=0.1,
        held_weight=held,
        target_weight=target,
        stance="neutral",
    )


def _card(card: Scorecard, parts: dict[str, float]) -> Scorecard:
    """Return the card with these contributions of one sector, by factor; the rest add nothing."""
    sectors = tuple(
        score.model_copy(
            update={
                "contributions": tuple(
                    part.model_copy(update={"contribution": parts.get(part.factor, 0.0)})
                    for part in score.contributions
                )
            }
        )
        if score.sector == SECTOR
        else score
        for score in card.sectors
    )
    return card.model_copy(update={"sectors": sectors})


def _report(parts: dict[str, float], reasons: dict[str, float]) -> Report:
    report = sample_report("us")
    first = report.evidence[0]
    assert isinstance(first.result, HeatmapResult)
    told = tuple(Reason(feature=f, contribution_pct=v) for f, v in reasons.items())
    rows = tuple(row.model_copy(update={"reasons": told}) for row in first.result.rows)
    heat = first.model_copy(update={"result": first.result.model_copy(update={"rows": rows})})
    return report.model_copy(
        update={
            "evidence": (heat, *report.evidence[1:]),
            "scorecards": (_card(report.scorecards[0], parts),),
        }
    )


def _made(parts: dict[str, float], reasons: dict[str, float]) -> Material:
    return material(_report(parts, reasons), WORLD)


def _said(cells: tuple[Cell, Cell]) -> tuple[str, str]:
    first, second = (cell.plain.replace("\N{NO-BREAK SPACE}", " ") for cell in cells)
    return first, second


PARTS = {"members_ridge_1m": 0.3, "sectors_momentum_1m": -0.2, "rs_ratio_weekly": 0.08}
REASONS = {"foreign_21": 0.2, "momentum_12": 0.05, "season": -0.002, "beta": -0.15}


def test_features_stand_in_for_the_views_that_rest_on_them_and_rank_among_the_factors() -> None:
    said = _said(for_and_against(_made(PARTS, REASONS), _line(0.2)))
    assert said == ("1-month foreign buying +0.20; RS-Ratio, weekly +0.08", "Beta −0.15")


def test_below_the_benchmark_the_sides_change_places() -> None:
    made = _made(PARTS, REASONS)
    assert for_and_against(made, _line(0.05)) == for_and_against(made, _line(0.2))[::-1]


def test_views_that_tell_nothing_are_named_themselves() -> None:
    said = _said(for_and_against(_made(PARTS, {}), _line(0.2)))
    assert said == (
        "Linear view of members, 1M +0.30; RS-Ratio, weekly +0.08",
        "Momentum view of sectors, 1M −0.20",
    )


def test_each_argument_names_where_its_number_stands() -> None:
    cell = for_and_against(_made(PARTS, REASONS), _line(0.2))[0]
    facts = [part.fact for part in cell.parts if part.fact]
    assert facts[0].endswith("/reasons/0/contribution_pct")
    assert facts[1] == "scorecard.us.energy.contribution.rs_ratio_weekly"


def test_the_details_name_three_features_a_side_and_leave_out_what_prints_as_nothing() -> None:
    shown = page(_report(PARTS, REASONS), {"us": WORLD}).universes[0]
    block = next(block for block in shown.details if block.id == "reasons")
    rows = block.tables[0].rows
    assert len(rows) == len(WORLD.sectors)
    cells = [cell.plain.replace("\N{NO-BREAK SPACE}", " ") for cell in rows[0][1:]]
    assert cells == ["1-month foreign buying +0.20; 12-month momentum +0.05", "Beta −0.15"]
    assert not [b for b in page(sample_report("us"), {"us": WORLD}).universes[0].details
                if b.id == "reasons"]  # fmt: skip
