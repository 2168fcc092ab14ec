from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.backtesting import backtests, signals
from app.backtesting.backtests import Asked, backtest
from app.backtesting.data import Ground
from app.backtesting.development import development_trials
from app.backtesting.signals import Given, given_signal
from app.settings import Settings
from core.backtest.costs import flat_cost
from core.backtest.return_panel import ReturnPanel, Terms
from core.backtest.strategies import require_signal
from core.forecast.learners.learner import Learner
from core.forecast.learners.linear import Ridge
from core.forecast.units import UnitKind
from core.forecast.views import packaged_learners
from core.forecast.walkforward import recipe

TODAY = date(2024, 6, 21)
NOW = datetime(2024, 6, 21, 18, tzinfo=UTC)
NAMED = "model:1m+0123456789ab"


def ground(study: str = "us") -> Ground:
    """Six years of drawn months."""
    dates = pd.date_range("2001-01-31", periods=72, freq="ME")
    cells = np.random.default_rng(3).normal(0.01, 0.05, (72, 4))
    panel = ReturnPanel(pd.DataFrame(cells, index=dates, columns=list("abcd")))
    return Ground(study, study, panel, Terms(flat_cost(10.0, 4)), {}, {})


def one_learner(kind: UnitKind, *, built_from_members: bool, overlap: float) -> Sequence[Learner]:
    del kind, built_from_members
    return [Ridge(overlap=overlap)]


def test_a_forecast_is_named_with_its_recipe() -> None:
    signal = given_signal("model", ground(), today=TODAY).signal
    assert signal == f"model:1m+{recipe(packaged_learners, cost=0.001)[:12]}"
    require_signal(signal)


def test_a_changed_model_is_another_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    before = given_signal("model:1m", ground(), today=TODAY).signal
    monkeypatch.setattr(signals, "packaged_learners", one_learner)
    assert given_signal("model:1m", ground(), today=TODAY).signal != before


def test_development_trials_are_a_bar() -> None:
    monthly, daily = (development_trials("french30", bars_a_year=n) for n in (12, 252))
    assert len(monthly) > 1
    assert np.array(monthly) == pytest.approx(np.array(daily) * 21**0.5)
    assert development_trials("demo", bars_a_year=252) == ()


@pytest.mark.parametrize(("signal", "study", "counted"), [
    (NAMED, "us", True), ("momentum:12", "us", False), (NAMED, "demo", False),
])  # fmt: skip
def test_a_forecast_answers_for_the_trials_it_was_chosen_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signal: str, study: str, counted: bool
) -> None:
    played = ground(study)
    given = Given(signal, played.panel.returns if signal == NAMED else None)
    monkeypatch.setattr(backtests, "universe_ground", lambda _settings, _name: played)
    monkeypatch.setattr(backtests, "given_signal", lambda _text, _ground, *, today: given)
    settings = Settings(home=tmp_path)
    done = backtest(settings, Asked(signal, universe=study), now=NOW, tell=lambda _: None)
    earlier = len(development_trials(study, bars_a_year=12)) if counted else 0
    assert done.study.result.chance.trials_count == 1 + earlier
    assert (done.study.result.chance.luck_sharpe is not None) == counted
