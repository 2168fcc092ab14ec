"""Decides whose factor weights count: the user's, the learned ones, or those packaged."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from core.errors import MandateError
from core.records.mandate import FactorPreference
from core.records.result import FactorValue, Family
from core.records.scoring import FactorWeight, ScoringResult
from core.records.universe import Universe
from core.signals.catalogue import FACTORS

Source = Literal["learned", "packaged", "mandate"]

PACKAGED: Final[tuple[FactorWeight, ...]] = (
    FactorWeight(factor="foreign_intensity_20d", family="foreign_flow", weight=0.1),
    FactorWeight(factor="momentum_12_1", family="momentum", weight=0.3),
    FactorWeight(factor="momentum_12m", family="momentum", weight=0.4),
    FactorWeight(factor="excess_3m", family="momentum", weight=0.2),
)
"""Used without learned weights. Momentum: Moskowitz and Grinblatt (1999), Faber (2010); foreign
buying: Froot, O'Connell and Seasholes (2001), emerging markets only. Sizes are ours, not fitted."""

FLOW_FAMILY: Final[Family] = "foreign_flow"


def weights_of(
    universe: Universe,
    factors: Sequence[FactorValue],
    inputs: ScoringResult | None,
    fixed: tuple[FactorPreference, ...],
) -> tuple[tuple[FactorWeight, ...], Source]:
    """Return the weights of a score by factor id, and whose they are.

    Weights the user fixed replace all others. Of packaged ones, those a market does not publish
    are left out.

    Raises:
        MandateError: a fixed weight names no factor.
    """
    if fixed:
        return _fixed(factors, fixed), "mandate"
    learned = inputs.weights if inputs is not None else ()
    if learned:
        return _sorted(learned), "learned"
    published = [row for row in PACKAGED if universe.foreign_flow or row.family != FLOW_FAMILY]
    return _sorted(published), "packaged"


def _fixed(
    factors: Sequence[FactorValue], fixed: tuple[FactorPreference, ...]
) -> tuple[FactorWeight, ...]:
    families: dict[str, Family] = {spec.id: spec.family for spec in FACTORS}
    families |= {cell.factor: cell.family for cell in factors}
    unknown = sorted({row.factor for row in fixed} - set(families))
    if unknown:
        raise MandateError(
            f"factor_weights: {', '.join(unknown)} is no factor; "
            f"factors are {', '.join(sorted(families))}"
        )
    return _sorted(
        FactorWeight(factor=row.factor, family=families[row.factor], weight=row.weight)
        for row in fixed
    )


def _sorted(weights: Iterable[FactorWeight]) -> tuple[FactorWeight, ...]:
    return tuple(sorted(weights, key=lambda row: row.factor))
