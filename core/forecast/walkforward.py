"""Decides how a universe's forecast is fitted: every horizon by the same walk-forward."""

import hashlib
from collections.abc import Callable
from typing import Final

from core.forecast.calibration import COVERAGE, SLOPE_CAP
from core.forecast.dataset import decision_set
from core.forecast.model import ForecastModel
from core.forecast.ridge import FACTOR_IC, LEAST_DATES, PRIOR_IC
from core.forecast.smoothing import DEFAULT_WEEKS, HALF_LIVES_WEEKS, LEAST_YEARS
from core.forecast.study import (
    CUT_MONTHS,
    LEARNER_MONTH,
    LEAST_DECISIONS,
    Learners,
    study,
)
from core.forecast.unit_features import KNOWN_SHARE, SEASON_YEARS
from core.forecast.units import LIQUIDITY_SESSIONS, SECTOR_FEATURES
from core.forecast.views import CLAIM_ROWS, MEMORY_DECISIONS, SEED, packaged_learners, packed
from core.panel import MarketPanels
from core.signals.catalogue import FACTORS

RULES: Final = 3
"""Raised with a formula or step of the fit that no constant or learner below shows."""

COST: Final = 0.0010
"""A side, fraction, where a market's own is not given: what a fund's spread and fee come to."""


def recipe(learners: Learners = packaged_learners, *, cost: float = COST) -> str:
    """Return the sha256 of what a fit does besides its data: factors, learners and the rules.

    Two fits of one recipe on equal data are equal; a program that would fit otherwise has another.
    """
    told = [
        *(repr(spec) for spec in FACTORS),
        *(
            repr(learner)
            for kind in ("members", "sectors")
            for built in (True, False)
            for learner in learners(kind, built_from_members=built, overlap=1.0)
        ),
        repr(
            (
                MEMORY_DECISIONS,
                CLAIM_ROWS,
                SEED,
                LEAST_DATES,
                LEAST_YEARS,
                CUT_MONTHS,
                LEARNER_MONTH,
            )
        ),
        repr((SLOPE_CAP, COVERAGE, KNOWN_SHARE, SEASON_YEARS, LIQUIDITY_SESSIONS, SECTOR_FEATURES)),
        repr((RULES, HALF_LIVES_WEEKS, DEFAULT_WEEKS, PRIOR_IC, FACTOR_IC, LEAST_DECISIONS, cost)),
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def fit(
    panels: MarketPanels,
    *,
    learners: Learners = packaged_learners,
    cost: float = COST,
    tell: Callable[[str], None] = lambda _: None,
) -> ForecastModel:
    """Return every fold the panels allow and its out-of-sample record.

    Truncating the panels at any date changes no fold cut before it and no outcome ended by it.

    Args:
        panels: any span.
        learners: what is learned with; your own have any object of the protocol among them.
        cost: a side, fraction; decides how slowly the forecast may change its mind.
        tell: is told the name of each view before it is fitted.
    """
    decisions = decision_set(panels)
    studies = [
        study(decisions, horizon, last=panels.last, learners=learners, cost=cost, tell=tell)
        for horizon in panels.universe.horizons
    ]
    return ForecastModel(
        universe=panels.universe.id,
        universe_hash=panels.universe.content_hash(),
        factors=decisions.factors,
        recipe=recipe(learners, cost=cost),
        data_until=panels.last,
        folds=tuple(fold for part in studies for fold in part.folds),
        outcomes=tuple(row for part in studies for row in part.outcomes),
        views=tuple(fold for part in studies for fold in part.views),
        artifacts={
            digest: packed(data)
            for part in studies
            for digest, data in sorted(part.artifacts.items())
        },
    )
