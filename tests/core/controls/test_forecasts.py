"""The walk-forward's controls: no label from after a cut, no revision, and no skill from noise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from app.files.universes import load_universes
from core.audit.futures import forgotten, perturbed, revised
from core.forecast.dataset import DecisionSet, decision_set
from core.forecast.learners.learner import Learner
from core.forecast.learners.linear import Ridge
from core.forecast.learners.momentum import Single
from core.forecast.learners.trees import Trees
from core.forecast.live import Speaker
from core.forecast.model import ForecastModel, expectations
from core.forecast.study import Learners, study
from core.forecast.units import UnitKind, Units
from core.forecast.walkforward import fit
from core.panel import MarketPanels
from core.signals.catalogue import factor_values
from core.signals.trailing import Matrix
from tests.core.market import Spec, market
from tools.sources.demo import demo_frames
from tools.storage.panels import panels_from_frames

World = Literal["forgotten", "perturbed", "revised"]
WORLDS: tuple[World, ...] = ("forgotten", "perturbed", "revised")

CUT = date(2022, 7, 1)
"""A day the weights are cut on: the first label that ends after it ends the next session."""

SEEDS = 8


def plain(kind: UnitKind, *, built_from_members: bool, overlap: float) -> Sequence[Learner]:
    del built_from_members
    ridge = Ridge(overlap=overlap)
    return [ridge] if kind == "members" else [Single(feature="momentum_12", overlap=overlap), ridge]


def every(kind: UnitKind, *, built_from_members: bool, overlap: float) -> Sequence[Learner]:
    few = plain(kind, built_from_members=built_from_members, overlap=overlap)
    return [*few, Trees()]


@cache
def toy() -> MarketPanels:
    return market(Spec(n_sessions=1100))


@cache
def toy_model(learners: Learners) -> ForecastModel:
    return fit(toy(), learners=learners)


def in_world(world: World, cut: date) -> MarketPanels:
    """Return the market with another future; all known at the close of the cut is the same."""
    if world == "forgotten":
        return forgotten(toy(), cut)
    return perturbed(toy(), cut, seed=5) if world == "perturbed" else revised(toy(), cut, seed=5)


def said(model: ForecastModel, panels: MarketPanels, cut: date) -> str:
    """Return all the model says and knows of itself on the cut's date, as text."""
    speaker = Speaker.at(model, panels, as_of=cut)
    values = (*factor_values(panels, as_of=cut), *speaker.values())
    expected = expectations(model, values, universe=panels.universe, as_of=cut)
    folds = [fold.canonical_json() for fold in model.folds if fold.cut <= cut]
    views = [fold.canonical_json() for fold in model.views if fold.cut <= cut]
    settled = [row.canonical_json() for row in model.outcomes if row.ended <= cut]
    ahead = [row.canonical_json() for sector in sorted(expected) for row in expected[sector]]
    assert all((folds, views, settled, ahead))
    return "\n".join([*folds, *views, *settled, *ahead])


@pytest.mark.parametrize(
    "world", [WORLDS[0], *(pytest.param(world, marks=pytest.mark.prove) for world in WORLDS[1:])]
)
def test_another_future_changes_no_past_forecast_by_a_byte(world: World) -> None:
    other = in_world(world, CUT)
    again = fit(other, learners=plain)
    assert again.data_until == CUT or again.folds != toy_model(plain).folds
    assert said(again, other, CUT) == said(toy_model(plain), toy(), CUT)


@pytest.mark.prove
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("cut", [date(2022, 3, 9), date(2022, 7, 1), date(2023, 1, 2)], ids=str)
def test_another_future_changes_no_past_forecast_of_any_learner(world: World, cut: date) -> None:
    other = in_world(world, cut)
    again = said(fit(other, learners=every), other, cut)
    assert again == said(toy_model(every), toy(), cut)


def test_every_fold_learns_only_from_labels_that_ended_before_its_cut() -> None:
    decisions, model = decision_set(toy()), toy_model(plain)
    assert model.folds
    learnt = [(fold.horizon, fold.cut, fold.trained_until) for fold in model.folds]
    learnt += [(fold.horizon, fold.cut, fold.trained_until) for fold in model.views]
    for horizon, cut, trained_until in learnt:
        ends = decisions.labels[horizon].ends
        known = ends[ends < np.datetime64(cut)]
        assert pd.Timestamp(trained_until) == pd.Timestamp(known[-1])
        assert trained_until < cut


@cache
def demo_decisions() -> DecisionSet:
    universe = load_universes()["demo"]
    return decision_set(panels_from_frames(universe, demo_frames(universe)))


def shuffled(decisions: DecisionSet, seed: int) -> DecisionSet:
    """Return the decisions with each date's outcomes dealt anew among the sectors, and units."""
    rng = np.random.default_rng(seed)
    labels = {
        horizon: replace(row, excess=dealt(row.excess, rng))
        for horizon, row in decisions.labels.items()
    }
    units = tuple(with_dealt_outcomes(part, rng) for part in decisions.units)
    return replace(decisions, labels=labels, units=units, steps=dealt(decisions.steps, rng))


def dealt(values: Matrix, rng: np.random.Generator) -> Matrix:
    """Return each row's known cells in another order; what is missing stays where it is."""
    found = values.copy()
    for row in found:
        known = ~np.isnan(row)
        row[known] = rng.permutation(row[known])
    return found


def with_dealt_outcomes(units: Units, rng: np.random.Generator) -> Units:
    """Return the units with each bar's returns dealt anew; features stay those of the true past."""
    moves = dealt(np.diff(np.log(units.closes), axis=0), rng)
    begun = np.vstack([np.zeros((1, moves.shape[1])), np.nancumsum(moves, axis=0)])
    return replace(units, closes=np.where(np.isnan(units.closes), np.nan, np.exp(begun)))


def mean_ic(decisions: DecisionSet, learners: Learners) -> float:
    done = study(
        decisions,
        "1W",
        last=decisions.dates[-1].date(),
        learners=learners,
        cost=0.001,
        tell=lambda _: None,
    )
    return float(np.mean([row.ic for row in done.outcomes]))


def mean_over_error(values: list[float]) -> float:
    return float(np.mean(values) / (np.std(values, ddof=1) / np.sqrt(len(values))))


def test_shuffled_targets_are_not_forecast() -> None:
    ics = [mean_ic(shuffled(demo_decisions(), seed), plain) for seed in range(SEEDS)]
    assert abs(mean_over_error(ics)) < 2.5
    assert abs(np.mean(ics)) < 0.02


@pytest.mark.prove
def test_shuffled_targets_are_not_forecast_by_any_learner() -> None:
    ics = [mean_ic(shuffled(demo_decisions(), seed), every) for seed in range(40)]
    print(f"shuffled targets: mean IC {np.mean(ics):+.4f}, t {mean_over_error(ics):+.2f}")
    assert abs(mean_over_error(ics)) < 2.5
    assert abs(np.mean(ics)) < 0.01


def test_a_walk_forward_that_saw_its_own_labels_would_forecast_even_noise() -> None:
    """The control can fail: labels dated a year too early let each fold learn what it forecasts."""
    leaked = []
    for seed in range(4):
        decisions = shuffled(demo_decisions(), seed)
        early = decisions.labels["1W"]
        labels = replace(early, ends=early.ends - np.timedelta64(365, "D"))
        leaked.append(mean_ic(replace(decisions, labels={"1W": labels}), plain))
    assert mean_over_error(leaked) > 3.0
