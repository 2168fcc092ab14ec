"""Decides what the fitted model says of a universe at a date, and whether its record is proven.

Expectations are the fitted model's or absent; a tool never fits.
"""

from dataclasses import dataclass

from core.forecast.model import ForecastModel, expectations
from core.portfolio.scoring import FULL_TRUST_T
from core.records.result import FactorValue
from core.records.sectors import Expectation, Reason, Skill
from core.records.universe import Horizon
from tools.context import ToolContext
from tools.measures.factor_table import FAMILIES as ALL_FAMILIES
from tools.scope import Scope


@dataclass(frozen=True, slots=True)
class Outlook:
    """The model's forecasts; without a model all but the views are empty.

    views: the fitted learners' factors. seen: every factor the model could weigh. expected: each
    sector's forecasts, all horizons. reasons: each sector's, at the horizon asked for. skill: the
    settled record of each horizon. proven: that of the horizon asked for is not chance.
    """

    model: ForecastModel | None
    views: tuple[FactorValue, ...]
    seen: tuple[FactorValue, ...]
    expected: dict[str, tuple[Expectation, ...]]
    reasons: dict[str, tuple[Reason, ...]]
    skill: tuple[Skill, ...]
    proven: bool


def outlook(
    context: ToolContext, scope: Scope, horizon: Horizon, *, predictive: bool = True
) -> Outlook:
    """Return what the model says at the scope's date; not `predictive` leaves the model out."""
    model = context.model(scope.universe) if predictive else None
    speaker = context.speaker(scope)
    views = () if speaker is None else speaker.values()
    seen = () if model is None else (*context.factors(scope, ALL_FAMILIES), *views)
    skill = () if model is None else _records(model, scope)
    return Outlook(
        model=model,
        views=views,
        seen=seen,
        expected=_expected(scope, model, seen),
        reasons={} if speaker is None else speaker.reasons(horizon),
        skill=skill,
        proven=any(
            row.horizon == horizon and (row.ic_t_index or 0.0) >= FULL_TRUST_T for row in skill
        ),
    )


def _expected(
    scope: Scope, model: ForecastModel | None, factors: tuple[FactorValue, ...]
) -> dict[str, tuple[Expectation, ...]]:
    if model is None:
        return {}
    return expectations(model, factors, universe=scope.universe, as_of=scope.as_of)


def _records(model: ForecastModel, scope: Scope) -> tuple[Skill, ...]:
    """Return the model's own record at each horizon that has one."""
    found = (model.skill(horizon, scope.as_of) for horizon in scope.universe.horizons)
    return tuple(record for record in found if record is not None)
