from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.files.universes import load_universes
from core.errors import CallerError
from core.panel import MarketPanels
from tools.context import ToolContext
from tools.sectors.rotation_statistics import rotation_counts
from tools.sectors.transitions import sector_transitions
from tools.storage.models import ModelStore
from tools.storage.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]


@pytest.fixture(scope="module")
def context(demo_home: Path) -> ToolContext:
    return ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")


def test_the_matrix_is_that_of_the_rotation_statistics(context: ToolContext) -> None:
    told = rotation_counts(context)
    result = sector_transitions(context)
    assert (result.rows, result.quadrants, result.since) == (told.moves, told.rows, told.since)


def test_the_moves_of_single_sectors_add_up_to_those_of_all(context: ToolContext) -> None:
    whole = [row.moves_count for row in sector_transitions(context).rows]
    parts = [
        [row.moves_count for row in sector_transitions(context, sector=sector).rows]
        for sector in context.universes["demo"].sector_ids
    ]
    assert [sum(counts) for counts in zip(*parts, strict=True)] == whole


def test_the_shares_of_a_row_sum_to_one_within_their_intervals(context: ToolContext) -> None:
    rows = sector_transitions(context, frequency="daily").rows
    for quadrant in {row.quadrant for row in rows}:
        mine = [row for row in rows if row.quadrant == quadrant]
        assert sum(row.move_fraction or 0.0 for row in mine) == pytest.approx(1.0)
        for row in mine:
            assert (row.move_low_fraction or 0.0) <= (row.move_fraction or 0.0)
            assert (row.move_fraction or 0.0) <= (row.move_high_fraction or 0.0)


def test_a_history_without_a_quadrant_is_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    gap = sector_transitions(context_of(tiny_panels), as_of=date(2023, 3, 1)).gap
    assert gap is not None
    assert gap.reason == "too_short"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sector": "shipping"}, "use 'all' or one of"),
        ({"benchmark": "spx"}, "use one of demo_basket"),
        ({"frequency": "15min"}, "daily, weekly or monthly"),
    ],
)
def test_what_there_is_not_is_a_sentence(
    context: ToolContext, asked: dict[str, str], said: str
) -> None:
    with pytest.raises(CallerError, match=said):
        sector_transitions(context, **asked)  # type: ignore[arg-type]  # a table of arguments
