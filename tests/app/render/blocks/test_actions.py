"""The actions: the largest first, and what a trade against the stance is called."""

from dataclasses import replace

import pytest

from app.render.blocks.actions import actions, chosen_lines
from app.render.material import Material, material
from core.records.decision import AllocationLine, Stance
from core.records.request import Language
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report

WORLD = universe("us")


def _with(*lines: AllocationLine, language: Language = "en") -> Material:
    """Return a page's material with these lines and no changes since an earlier report."""
    made = material(full_report("us", language=language), WORLD)
    assert made.allocation is not None
    allocation = made.allocation.model_copy(update={"lines": lines})
    return replace(made, allocation=allocation, changes=None)


def _line(sector: str, held: float | None, target: float, stance: Stance) -> AllocationLine:
    return AllocationLine(
        sector=sector,
        instrument=WORLD.sector(sector).ticker,
        benchmark_weight=0.1,
        held_weight=held,
        target_weight=target,
        stance=stance,
    )


def _stances(made: Material) -> list[str]:
    table = actions(made).tables[0]
    place = next(i for i, c in enumerate(table.columns) if c.label in {"Stance", "Quan điểm"})
    return [row[place].plain.replace("\n", " ") for row in table.rows]


def test_a_trade_against_the_stance_says_from_where_it_goes() -> None:
    made = _with(
        _line("energy", 0.454, 0.154, "overweight"),
        _line("utilities", 0.0, 0.08, "underweight"),
        _line("materials", 0.05, 0.12, "overweight"),
        _line("financials", 0.15, 0.1, "neutral"),
    )
    said = _stances(made)
    assert said[0].startswith("overweight, still: sold down from ")
    assert said[1].startswith("underweight, still: bought up from ")
    assert said[2:] == ["overweight", "neutral"]


def test_in_vietnamese_the_stance_is_said_to_be_against_the_benchmark() -> None:
    made = _with(_line("energy", 0.454, 0.154, "overweight"), language="vi")
    table = actions(made).tables[0]
    said = [cell.plain.replace("\n", " ") for cell in table.rows[0]]
    assert any(x.startswith("tăng tỷ trọng so với chuẩn, dù bán bớt từ ") for x in said)


def test_the_former_stance_stands_beside_what_a_stance_has_become() -> None:
    made = _with(_line("energy", 0.454, 0.154, "overweight"))
    before = material(full_report("us"), WORLD).changes
    assert before is not None
    rows = tuple(
        row.model_copy(update={"subject": "energy"}) for row in before.rows if row.kind == "stance"
    )
    told = replace(made, changes=before.model_copy(update={"rows": rows}))
    assert _stances(told)[0].endswith("% (was neutral)")


@pytest.mark.parametrize("held", [True, False])
def test_the_largest_move_is_told_first_and_of_equal_ones_that_with_the_best_score(
    held: bool,
) -> None:
    start = 0.1 if held else None
    made = _with(
        _line("energy", start, 0.2, "overweight"),
        _line("utilities", start, 0.2, "overweight"),
        _line("materials", start, 0.25, "overweight"),
    )
    scored = made.scores
    assert made.card is not None
    better = "utilities" if scored["utilities"].score > scored["energy"].score else "energy"  # type: ignore[operator]
    assert [line.sector for line in chosen_lines(made)][:2] == ["materials", better]
