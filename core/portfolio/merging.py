"""Decides what of several answers, and of a stated patch, counts: the first planned stands."""

from collections.abc import Collection, Sequence

from core.records.mandate import MandatePatch
from core.records.result import FactorValue, ToolResult
from core.records.trading import TradingResult


def merged_factors(answers: Sequence[ToolResult]) -> tuple[FactorValue, ...]:
    """Return all factors sorted by (factor, sector); of two answers the first planned stands.

    Args:
        answers: of the scored steps of one universe, in the plan's order.
    """
    merged: dict[tuple[str, str], FactorValue] = {}
    for answer in answers:
        for factor in answer.factors:
            merged.setdefault((factor.factor, factor.sector), factor)
    return tuple(merged[key] for key in sorted(merged))


def trading_conditions(answers: Sequence[ToolResult]) -> TradingResult | None:
    """Return all trading conditions as one answer, rows by symbol; None without any.

    Args:
        answers: of one universe, in the plan's order; those of other tools are passed over.
    """
    found = [answer for answer in answers if isinstance(answer, TradingResult)]
    if not found:
        return None
    rows = {row.symbol: row for answer in reversed(found) for row in answer.rows}
    return found[0].model_copy(update={"rows": tuple(rows[symbol] for symbol in sorted(rows))})


def applicable(patch: MandatePatch | None, sectors: Collection[str]) -> MandatePatch | None:
    """Return the part of a patch that names these sectors; its turnover names none."""
    if patch is None:
        return None
    return patch.model_copy(
        update={
            "caps": tuple(row for row in patch.caps if row.sector in sectors),
            "floors": tuple(row for row in patch.floors if row.sector in sectors),
            "excluded": tuple(sector for sector in patch.excluded if sector in sectors),
        }
    )
