"""Decides what get_forecast_record tells: how good the forecast has been, and what it weighs."""

from datetime import date

from core.forecast.folds import Fold
from core.forecast.model import ForecastModel
from core.records.forecasting import FoldRow, ForecastRecordResult, ViewRow, WeightRow
from core.records.result import MissingCell
from core.records.scoring import FactorWeight
from core.records.universe import Horizon
from core.signals.cross_section import DECIMALS
from tools.context import ToolContext

TOOL = "get_forecast_record"
VIEWS = "views"


def forecast_record(
    context: ToolContext,
    *,
    region: str | None = None,
    horizon: Horizon = "1M",
    as_of: date | None = None,
) -> ForecastRecordResult:
    """Return the settled record of a horizon's forecast, its folds by as_of and their weights."""
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return ForecastRecordResult(**scope.envelope(TOOL), horizon=horizon)
    model = context.model(scope.universe)
    folds = () if model is None else _folds(model, horizon, scope.as_of)
    envelope = scope.envelope(TOOL, ("prices", "model"), known_at=scope.panels.last)
    if model is None or not folds:
        unfitted = MissingCell(
            subject=scope.universe.id, measure="forecast_record", reason="model_not_fitted"
        )
        return ForecastRecordResult(**envelope, horizon=horizon, missing=(unfitted,))
    skill = model.skill(horizon, scope.as_of)
    return ForecastRecordResult(
        **envelope,
        horizon=horizon,
        skill=() if skill is None else (skill,),
        rows=tuple(_fold_row(fold) for fold in folds),
        weights=_weights(folds),
        views=tuple(
            ViewRow(
                factor=view.name,
                learner=view.learner,
                cut=view.cut,
                rows_count=view.rows_count,
                claimed_index=view.strength,
            )
            for view in model.view_folds(horizon, scope.as_of)
        ),
    )


def _folds(model: ForecastModel, horizon: Horizon, as_of: date) -> tuple[Fold, ...]:
    return tuple(fold for fold in model.folds if fold.horizon == horizon and fold.cut <= as_of)


def _fold_row(fold: Fold) -> FoldRow:
    whole = sum(abs(row.weight) for row in fold.weights)
    of_views = sum(abs(row.weight) for row in fold.weights if row.family == VIEWS)
    return FoldRow(
        cut=fold.cut,
        trained_until=fold.trained_until,
        labels_count=fold.labels_count,
        slope_x=fold.slope_x,
        smoothing_fraction=fold.smoothing,
        views_share_fraction=round(of_views / whole, DECIMALS) if whole > 0.0 else 0.0,
    )


def _weights(folds: tuple[Fold, ...]) -> tuple[WeightRow, ...]:
    earlier = [
        _weight_row(fold, row) for fold in folds[:-1] for row in fold.weights if row.family == VIEWS
    ]
    return (*earlier, *(_weight_row(folds[-1], row) for row in folds[-1].weights))


def _weight_row(fold: Fold, row: FactorWeight) -> WeightRow:
    return WeightRow(factor=row.factor, family=row.family, cut=fold.cut, weight_pct=row.weight)
