"""Decides how much of a change each cause made, from its value at every step of the way."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from core.history.counterfactual import Step
from core.records.history import Cause, CauseShare

CAUSES: Final[tuple[Cause, ...]] = (
    "program", "calendar", "data", "model", "holdings", "mandate",
)  # fmt: skip
"""The order causes are exchanged in; of equal shares the first is named."""


def shares(
    path: Sequence[Step], values: Sequence[int | None], *, unit: int
) -> tuple[CauseShare, ...]:
    """Return what each cause moved a number by; a step without one is passed over."""
    sums = dict.fromkeys(CAUSES, 0)
    known: int | None = None
    for step, value in zip(path, values, strict=True):
        if value is not None:
            sums[step.cause] += 0 if known is None else value - known
            known = value
    return tuple(
        CauseShare(cause=cause, amount=sums[cause] / unit) for cause in CAUSES if sums[cause]
    )


def turns(path: Sequence[Step], values: Sequence[object]) -> tuple[CauseShare, ...]:
    """Return the causes of the steps a value turned at, in their order."""
    pairs = zip(path[1:], pairwise(values), strict=True)
    turned = [step.cause for step, (was, now) in pairs if was != now]
    return tuple(CauseShare(cause=cause, amount=0.0) for cause in turned)


def largest(causes: Sequence[CauseShare]) -> Cause:
    """Return the cause of the largest share, of equal ones the first."""
    return max(causes, key=lambda share: abs(share.amount)).cause
