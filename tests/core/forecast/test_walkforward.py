from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecast.calibration import half_width
from core.forecast.dataset import HORIZON_SESSIONS, decision_set
from core.forecast.live import Speaker
from core.forecast.model import ForecastModel, expectations, settles
from core.forecast.walkforward import fit
from core.panel import MarketPanels
from core.portfolio.inputs import scoring_inputs
from core.portfolio.scoring import scorecard
from core.records.result import FactorValue
from core.records.universe import Horizon
from core.signals.catalogue import FACTORS, factor_values
from tests.core.market import SECTORS, Spec, days_of, market, prices, relabelled, small

HORIZONS: tuple[Horizon, ...] = ("1W", "1M", "3M")


@cache
def toy() -> MarketPanels:
    return market(Spec(n_sessions=1100))


@cache
def toy_model() -> ForecastModel:
    return fit(toy())


def said(panels: MarketPanels) -> tuple[FactorValue, ...]:
    """All the scorer is given at the panels' end: the catalogue's factors and the views."""
    day = panels.last
    return factor_values(panels, as_of=day) + Speaker.at(toy_model(), panels, as_of=day).values()


def drifting(seed: int, *, shuffled: bool) -> MarketPanels:
    """Six sectors whose drift lasts for months; shuffled, each day's returns change hands."""
    rng = np.random.default_rng(seed)
    n_days, n_sectors = 1800, 6
    drift = np.zeros((n_days, n_sectors))
    for day in range(1, n_days):
        drift[day] = 0.99 * drift[day - 1] + rng.normal(0.0, 0.0003, n_sectors)
    returns = drift + rng.normal(0.0, 0.008, drift.shape)
    if shuffled:
        returns = rng.permuted(returns, axis=1)
    closes = pd.DataFrame(
        100.0 * np.exp(np.cumsum(returns, axis=0)), index=days_of(n_days), columns=list("abcdef")
    )
    return small(prices(closes))


def test_a_lasting_drift_is_found_and_a_shuffled_one_is_not() -> None:
    planted, noise = fit(drifting(4, shuffled=False)), fit(drifting(4, shuffled=True))
    for horizon in ("1W", "1M"):
        found = planted.skill(horizon, planted.data_until)
        nothing = noise.skill(horizon, noise.data_until)
        assert found is not None
        assert nothing is not None
        assert found.ic_mean_index > 0.15
        assert found.ic_t_index is not None
        assert found.ic_t_index > 3.0
        assert nothing.ic_t_index is not None
        assert abs(nothing.ic_t_index) < 2.0
        assert nothing.dates_count > 150


def test_four_in_five_outcomes_fall_into_the_interval() -> None:
    panels = drifting(9, shuffled=True)
    model = fit(panels)
    decisions = decision_set(panels)
    labels = decisions.labels["1W"]
    inside = []
    for row, stamp in enumerate(decisions.dates[: len(labels.ends)]):
        fold = model.fold("1W", stamp.date())
        if fold is not None:
            weights = {part.factor: part.weight for part in fold.weights}
            z = np.nan_to_num(decisions.z[row])
            mean = sum(
                weights.get(factor, 0.0) * z[:, place]
                for place, factor in enumerate(decisions.factors)
            )
            half = fold.half_width_x * decisions.volatility[row]
            inside.append(np.abs(labels.excess[row] - mean) <= half)
    assert np.mean(inside) == pytest.approx(0.8, abs=0.04)


ROWS = st.integers(820, 1090)


@settings(max_examples=2, deadline=None, derandomize=True)
@given(row=ROWS)
def test_what_comes_later_changes_no_fold_and_no_settled_outcome(row: int) -> None:
    change_no_fold_and_no_settled_outcome(row)


@pytest.mark.prove
@settings(max_examples=12, deadline=None, derandomize=True)
@given(row=ROWS)
def test_what_comes_later_changes_no_fold_and_no_settled_outcome_at_12_cuts(row: int) -> None:
    change_no_fold_and_no_settled_outcome(row)


def change_no_fold_and_no_settled_outcome(row: int) -> None:
    until = toy().sectors.closes.index[row].date()
    early, whole = fit(toy().until(until)), toy_model()
    assert early.folds == tuple(fold for fold in whole.folds if fold.cut <= until)
    assert early.outcomes == tuple(out for out in whole.outcomes if out.ended <= until)
    for horizon in HORIZONS:
        assert early.skill(horizon, until) == whole.skill(horizon, until)
        assert early.weights(horizon, until) == whole.weights(horizon, until)


def test_a_fold_learns_only_from_labels_that_ended_before_its_cut() -> None:
    index = pd.DatetimeIndex(toy().sectors.closes.index)
    assert {fold.horizon for fold in toy_model().folds} == set(HORIZONS)
    for fold in toy_model().folds:
        assert fold.trained_until < fold.cut
        assert (fold.cut.month, fold.cut.day) in ((1, 1), (7, 1))
        before = index[index < pd.Timestamp(fold.cut)]
        assert (fold.cut - fold.trained_until).days <= 12
        assert pd.Timestamp(fold.trained_until) in before


def test_an_outcome_is_forecast_by_a_fold_cut_before_the_decision() -> None:
    first = {h: min(f.cut for f in toy_model().folds if f.horizon == h) for h in HORIZONS}
    index = pd.DatetimeIndex(toy().sectors.closes.index)
    for outcome in toy_model().outcomes:
        assert outcome.decided >= first[outcome.horizon]
        decided, ended = (
            index.get_loc(pd.Timestamp(day)) for day in (outcome.decided, outcome.ended)
        )
        assert isinstance(decided, int)
        assert isinstance(ended, int)
        assert ended - decided == HORIZON_SESSIONS[outcome.horizon]


def test_a_label_is_the_excess_return_over_the_horizon() -> None:
    closes = toy().sectors.closes
    decisions = decision_set(toy())
    row = 60
    start = closes.index.get_loc(decisions.dates[row])
    assert isinstance(start, int)
    filled = closes.ffill(limit=5)
    returns = 100.0 * (filled.iloc[start + 21] / filled.iloc[start] - 1.0)
    wanted = (returns - returns.mean())[list(decisions.sectors)]
    assert decisions.labels["1M"].excess[row] == pytest.approx(wanted.to_numpy(), nan_ok=True)


def test_decisions_are_the_last_sessions_of_finished_weeks() -> None:
    index = pd.DatetimeIndex(toy().sectors.closes.index)
    dates = decision_set(toy()).dates
    for stamp in dates:
        following = index[index > stamp][0]
        assert following.isocalendar()[:2] != stamp.isocalendar()[:2]
    assert dates[-1] < index[-1]


def test_the_order_of_sectors_changes_no_bit() -> None:
    moved = fit(relabelled(toy(), tuple(reversed(SECTORS))))
    assert moved.folds == toy_model().folds
    assert moved.outcomes == toy_model().outcomes


def test_absent_data_sets_get_no_weight() -> None:
    bare = replace(
        toy(), stocks=None, members=None, flows=None, fundamentals=None, macro=None, positions=None
    )
    model = fit(bare)
    families = {row.family for fold in model.folds for row in fold.weights}
    assert {fold.kind for fold in model.views} == {"sectors"}
    assert families - {"views"} == {"relative_strength", "momentum", "volatility", "volume"}
    full = {row.family for fold in toy_model().folds for row in fold.weights}
    assert {"foreign_flow", "whales", "breadth", "fundamentals"} <= full


def test_a_short_history_has_no_fold_and_no_skill() -> None:
    model = fit(market(Spec(n_sessions=300)))
    assert model.folds == ()
    assert model.skill("1M", model.data_until) is None
    assert model.weights("1M", model.data_until) == ()


def test_skill_counts_only_what_had_settled() -> None:
    model = toy_model()
    ended = sorted(out.ended for out in model.outcomes if out.horizon == "3M")
    skill = model.skill("3M", ended[9])
    assert skill is not None
    assert skill.dates_count == sum(day <= ended[9] for day in ended)
    assert skill.ic_t_index is None
    assert model.skill("3M", ended[0] - timedelta(days=1)) is None


def test_the_model_survives_json_unchanged() -> None:
    text = toy_model().to_json()
    assert ForecastModel.from_json(text) == toy_model()
    assert ForecastModel.from_json(text).to_json() == text


def test_the_expected_excess_is_the_score_at_its_calibrated_slope() -> None:
    as_of = toy().last
    factors = said(toy())
    expected = expectations(toy_model(), factors, universe=toy().universe, as_of=as_of)
    for horizon in HORIZONS:
        inputs = scoring_inputs(toy(), toy_model(), as_of=as_of, horizon=horizon)
        card = scorecard(toy().universe, factors, inputs, as_of=as_of, horizon=horizon)
        for row in card.sectors:
            own = {part.horizon: part for part in expected[row.sector]}
            assert (row.score is None) == (horizon not in own)
            if horizon in own:
                part, fold = own[horizon], toy_model().fold(horizon, as_of)
                assert row.score is not None
                assert fold is not None
                assert part.excess_pct == pytest.approx(fold.slope_x * row.score, abs=2e-9)
                assert part.low_pct < part.excess_pct < part.high_pct
                assert (part.outperform_fraction > 0.5) == (part.excess_pct > 0.0)


def test_before_the_first_fold_nothing_is_expected() -> None:
    as_of = toy().sectors.closes.index[400].date()
    factors = factor_values(toy(), as_of=as_of)
    expected = expectations(toy_model(), factors, universe=toy().universe, as_of=as_of)
    assert set(expected.values()) == {()}


@pytest.mark.parametrize(
    ("as_of", "horizon", "wanted"),
    [
        (date(2024, 12, 31), "1W", date(2025, 1, 7)),
        (date(2024, 1, 31), "1M", date(2024, 2, 29)),
        (date(2024, 11, 30), "3M", date(2025, 2, 28)),
        (date(2024, 12, 15), "1M", date(2025, 1, 15)),
    ],
)
def test_a_horizon_settles_on_a_calendar_date(as_of: date, horizon: Horizon, wanted: date) -> None:
    assert settles(as_of, horizon) == wanted


def test_factors_of_the_model_are_the_catalogue() -> None:
    assert toy_model().factors == tuple(sorted(spec.id for spec in FACTORS))


def test_momentum_is_compared_only_on_every_date_of_the_record() -> None:
    whole = toy_model()
    skill = whole.skill("1M", whole.data_until)
    rows = [row for row in whole.outcomes if row.horizon == "1M"]
    assert skill is not None
    assert skill.momentum_ic_mean_index == pytest.approx(
        np.mean([row.momentum_ic for row in rows if row.momentum_ic is not None])
    )
    for absent in (rows[:1], rows):
        outcomes = tuple(
            row.model_copy(update={"momentum_ic": None}) if row in absent else row
            for row in whole.outcomes
        )
        lacking = whole.model_copy(update={"outcomes": outcomes}).skill("1M", whole.data_until)
        assert lacking is not None
        assert lacking.momentum_ic_mean_index is None
        assert lacking.ic_mean_index == skill.ic_mean_index


def test_a_fold_that_knew_no_volatility_gives_its_residuals_own_interval() -> None:
    panels = toy()
    values = said(panels)
    folds = tuple(row.model_copy(update={"half_width_x": None}) for row in toy_model().folds)
    model = toy_model().model_copy(update={"folds": folds})
    found = expectations(model, values, universe=panels.universe, as_of=panels.last)
    fold = model.fold("1M", panels.last)
    assert fold is not None
    widths = [
        row.high_pct - row.low_pct for rows in found.values() for row in rows if row.horizon == "1M"
    ]
    assert widths
    assert widths == pytest.approx([2 * 1.2815515655446004 * fold.residual_sd_pct] * len(widths))


def test_a_fit_without_a_volatility_has_no_relative_interval() -> None:
    decisions = decision_set(toy())
    blind = replace(decisions, volatility=decisions.volatility * np.nan)
    labels = decisions.labels["1W"]
    nothing = np.zeros(labels.excess.shape)
    n_known = len(labels.ends)
    assert half_width(nothing, labels.excess, blind.volatility[:n_known]) is None
    assert (half_width(nothing, labels.excess, decisions.volatility[:n_known]) or 0.0) > 0.0


def test_a_month_on_is_the_same_day_or_the_last_the_month_has() -> None:
    assert settles(date(2024, 2, 29), "1M") == date(2024, 3, 29)
    assert settles(date(2024, 1, 31), "1M") == date(2024, 2, 29)
    assert settles(date(2024, 11, 30), "3M") == date(2025, 2, 28)
