from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.journals.trials import Trials
from core.backtest.attempt import attempt
from core.backtest.metrics import against
from core.backtest.play import play
from core.backtest.strategies import require_signal
from core.records.backtest import BacktestSpec
from evals.protocol.grounds import Market
from evals.protocol.judging import Judged, Row, Window, judged
from evals.protocol.models import BASELINES, Said
from evals.protocol.table import written
from tests.evals.protocol.drawn_protocol import END, FIRST, NOW, by_days, drawn, noise, perfect

WINDOW = Window(FIRST, END)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Trials]:
    with closing(Trials(f"sqlite:///{tmp_path / 'ledger.sqlite'}")) as found:
        yield found


def play_out(
    registry: Trials, market: Market, models: Sequence[Said], window: Window = WINDOW
) -> Judged:
    return judged(market, models, window, registry=registry, earlier=[0.1, -0.1], now=NOW)


def row(part: Judged, strategy: str) -> Row:
    return next(found for found in part.rows if found.strategy == strategy)


def test_a_score_that_knows_the_outcome_has_an_ic_of_one(registry: Trials) -> None:
    market = drawn()
    part = play_out(registry, market, [perfect(market), noise(market)])
    seer = row(part, "seer")
    assert seer.ic == 1.0
    # Decisions from January 2004 on whose month ended in 2007.
    assert seer.ics_count == 47
    assert abs(row(part, "dice").ic or 0.0) < 0.3
    assert (seer.ratio or 0.0) > 3.0
    assert (part.first, part.last) == (date(2004, 1, 31), END)


def test_nothing_after_the_end_changes_a_row(tmp_path: Path) -> None:
    parts = []
    for place, changed_after in enumerate((None, END)):
        market = drawn(changed_after=changed_after)
        with closing(Trials(f"sqlite:///{tmp_path / f'{place}.sqlite'}")) as registry:
            parts.append(play_out(registry, market, [perfect(market), noise(market)]))
    assert parts[0].rows == parts[1].rows
    assert parts[0].luck == parts[1].luck
    assert parts[0].monthly.equals(parts[1].monthly)


def test_a_model_silent_at_the_start_is_left_out(registry: Trials) -> None:
    market = drawn()
    late = noise(market, "late", since="2005-06-30")
    part = play_out(registry, market, [perfect(market), late])
    assert "late" not in {found.strategy for found in part.rows}
    assert not any("late" in run.trial.strategy for run in registry.runs())
    part = play_out(registry, market, [perfect(market), late], Window(date(2005, 8, 1), END))
    assert row(part, "late").ics_count > 0


def test_every_row_is_held_against_equal_weight_rebalanced_monthly(registry: Trials) -> None:
    market = by_days(drawn())
    model = noise(market)
    part = play_out(registry, market, [model])
    panel = replace(market.ground.panel, given={model.signal: model.scores})
    spec = BacktestSpec(signal=model.signal, rebalance="weekly", lag_bars=1, start=FIRST, end=END)
    tried = attempt(panel, spec, market.ground.terms)
    plain = BacktestSpec(
        signal="equal_weight", rebalance="monthly", lag_bars=1, start=FIRST, end=END
    )
    equal = play(tried.panel, plain, tried.terms, first=tried.first).net
    beside = against(tried.strategy.net, equal, "equal_weight", bars_a_year=252)
    own = against(tried.strategy.net, tried.equal.net, "equal_weight", bars_a_year=252)
    assert own.excess != beside.excess
    found = row(part, "dice")
    assert (found.excess, found.ratio, found.ratio_t) == (
        beside.excess, beside.information_ratio, beside.ratio_t,
    )  # fmt: skip


def test_a_model_is_a_trial_by_its_recipe_and_a_row_by_its_name(registry: Trials) -> None:
    market = drawn()
    first, second = noise(market), replace(noise(market), recipe="another")
    assert first.signal != second.signal != replace(second, model="other").signal
    require_signal(first.signal)
    before = play_out(registry, market, [first])
    tried = registry.count(market.name)
    again = play_out(registry, market, [second])
    assert registry.count(market.name) == tried + 1
    assert before.rows[0].strategy == again.rows[0].strategy == "dice"
    assert again.luck.trials_count == tried + 1 + 2


def test_the_table_names_models_baselines_and_markets(registry: Trials) -> None:
    parts = []
    for name in ("one", "two"):
        market = drawn(name=name)
        parts.append(play_out(registry, market, [perfect(market), noise(market)]))
    text = written(parts, WINDOW)
    assert "## one, 2004-01-31 to 2007-12-31" in text
    assert "| **seer** | 1.000 (" in text
    assert "## All markets, by month" in text
    assert "\n| dice | " in text
    for name in set(BASELINES) - {"leading", "improving"}:
        assert text.count(f"| {name} | ") == 3, name
    assert "model:" not in text
