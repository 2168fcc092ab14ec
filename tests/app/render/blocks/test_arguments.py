import pytest

from app.render.blocks.arguments import raises
from core.records.decision import AllocationLine


@pytest.mark.parametrize(
    ("held", "target", "more"),
    [
        (None, 0.2, True),
        (None, 0.05, False),
        (0.0, 0.05, True),
        (0.3, 0.2, False),
        (0.2, 0.2, True),
    ],
)
def test_reasons_are_for_the_trade_or_for_the_weight_where_nothing_is_traded(
    held: float | None, target: float, more: bool
) -> None:
    line = AllocationLine(
        sector="banks",
        instrument="BNK",
        benchmark_weight=0.1,
        held_weight=held,
        target_weight=target,
        stance="neutral",
    )
    assert raises(line) is more
