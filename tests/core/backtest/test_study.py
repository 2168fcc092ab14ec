from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.backtest.attempt import Attempt, attempt, trial_of
from core.backtest.attribution import effects
from core.backtest.beside import baselines, break_even_bps
from core.backtest.costs import flat_cost
from core.backtest.held import held
from core.backtest.metrics import against
from core.backtest.play import combined, play
from core.backtest.return_panel import ReturnPanel, Terms
from core.backtest.study import Study, study
from core.errors import CallerError, DateError
from core.records.backtest import BacktestSpec, Trial
from tests.core.backtest.drawn_markets import frame

RNG = np.random.default_rng(11)
DAYS = ReturnPanel(
    frame(RNG.normal(0.0004, 0.01, (700, 5))),
    market=frame(RNG.normal(0.0003, 0.009, (700, 1)))["s0"],
)
MONTHS = ReturnPanel(frame(RNG.normal(0.006, 0.05, (180, 6)), freq="ME"))
FREE, DEAR = Terms(flat_cost(0.0, 5)), Terms(flat_cost(20.0, 5))
PAPER = Terms(flat_cost(10.0, 6))
SHA = "0" * 64


def studied(tried: Attempt, *trials: Trial) -> Study:
    return study(tried, universe="drawn", data_sha256=SHA, trials=trials)


def weekly(**changes: object) -> BacktestSpec:
    told = {"signal": "momentum:3", "top": 2, "rebalance": "weekly"} | changes
    return BacktestSpec.model_validate(told)


def test_a_tranche_for_every_day_of_the_period_and_their_money_together() -> None:
    done = play(DAYS, weekly(), DEAR)
    assert len(done.tranches) == 5
    wealth = np.mean([np.cumprod(1.0 + t.net[t.start - 1 :])[1:] for t in done.tranches], axis=0)
    assert np.cumprod(1.0 + done.net.to_numpy()) == pytest.approx(wealth, abs=1e-13)
    assert len({tuple(t.decided) for t in done.tranches}) == 5
    assert len(play(DAYS, weekly(offsets="first"), DEAR).tranches) == 1


def test_tranches_together_are_between_the_best_and_the_worst() -> None:
    bars = RNG.normal(0.0, 0.02, (4, 50))
    whole = combined(bars)
    assert (whole <= bars.max(axis=0) + 1e-15).all()
    assert (whole >= bars.min(axis=0) - 1e-15).all()


def test_the_first_bar_is_that_of_the_start() -> None:
    day = DAYS.dates[300].date()
    for lag in (0, 1, 2):
        done = play(DAYS, weekly(start=day, lag_bars=lag), FREE)
        assert done.net.index[0] == DAYS.dates[300]


def test_without_a_start_it_begins_once_the_signal_is_known() -> None:
    done = play(MONTHS, BacktestSpec(signal="momentum:12", top=2, lag_bars=0), PAPER)
    assert done.start == 12


def test_a_sample_cut_off_early_has_the_same_early_bars() -> None:
    whole = play(DAYS, weekly(), DEAR)
    early = play(DAYS.until(DAYS.dates[400].date()), weekly(), DEAR)
    assert np.array_equal(whole.net.to_numpy()[: len(early.net) - 1], early.net.to_numpy()[:-1])


def test_equal_weight_and_a_constant_score_are_the_same_portfolio() -> None:
    flat = pd.DataFrame(3.0, index=DAYS.dates, columns=DAYS.returns.columns)
    panel = ReturnPanel(DAYS.returns, given={"own:flat+1": flat})
    constant = play(panel, weekly(signal="own:flat+1", top=None), DEAR)
    equal = play(panel, weekly(signal="equal_weight", top=None), DEAR, first=constant.start - 2)
    assert np.abs(constant.net - equal.net).max() < 1e-14


def test_the_market_is_bought_once_and_never_traded() -> None:
    done = play(DAYS, weekly(signal="market", top=None), DEAR)
    assert done.turnover is None
    assert DAYS.market is not None
    assert np.array_equal(done.net, DAYS.market.iloc[done.start :])


def test_smoothing_and_a_band_trade_less() -> None:
    plain = play(DAYS, weekly(), FREE)
    for change in ({"smoothing": 0.5}, {"band": 0.2}):
        assert (play(DAYS, weekly(**change), FREE).turnover or 0.0) < (plain.turnover or 0.0)


def test_the_specifications_cost_comes_before_the_markets() -> None:
    dear = play(DAYS, weekly(), DEAR)
    assert np.array_equal(play(DAYS, weekly(cost_bps=20.0), FREE).net, dear.net)
    assert play(DAYS, weekly(cost_bps=0.0), DEAR).cost == 0.0


def test_a_weight_before_the_listing_names_the_sector() -> None:
    late = DAYS.returns.copy()
    late.iloc[:400, 2] = np.nan
    fixed = pd.DataFrame([[0.2] * 5], index=DAYS.dates[:1], columns=DAYS.returns.columns)
    panel = ReturnPanel(late, given={"weights:mine+1": fixed})
    with pytest.raises(CallerError, match="s2 is given a weight on 2001-01-01"):
        play(panel, weekly(signal="weights:mine+1", top=None), FREE)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(date(2003, 1, 1), date(2002, 1, 1), "exchange them"), (date(2030, 1, 1), None, "go from"),
     (None, date(1999, 1, 1), "go from")],
)  # fmt: skip
def test_dates_that_leave_no_bars_are_refused(
    start: date | None, end: date | None, words: str
) -> None:
    with pytest.raises(DateError, match=words):
        attempt(DAYS, weekly(start=start, end=end), FREE)


def test_a_signal_known_too_late_says_from_when() -> None:
    with pytest.raises(CallerError, match="fewer than 20 bars"):
        attempt(DAYS, weekly(signal="momentum:48"), FREE)


def test_baselines_stand_beside_on_the_same_bars() -> None:
    tried = attempt(DAYS, weekly(signal="momentum:6"), DEAR)
    rows = baselines(tried)
    names = [row.name for row in rows]
    assert names == [
        "equal_weight", "market", "momentum:12", "momentum:12-1", "momentum:1", "leading",
        "improving",
    ]  # fmt: skip
    assert all(row.net.index.equals(tried.strategy.net.index) for row in rows)


def test_a_baseline_the_bars_cannot_tell_is_left_out() -> None:
    short = MONTHS.until(MONTHS.dates[20].date())
    spec = weekly(signal="reversal:1", rebalance="monthly", lag_bars=0)
    names = [row.name for row in baselines(attempt(short, spec, PAPER))]
    assert names == ["equal_weight", "momentum:1"]


def test_baselines_know_no_smoothing_and_no_band() -> None:
    calm = attempt(DAYS, weekly(smoothing=0.5, band=0.1), DEAR)
    brisk = attempt(DAYS, weekly(), DEAR)
    for one, other in zip(baselines(calm), baselines(brisk), strict=True):
        assert np.array_equal(one.net, other.net)


def test_a_trial_is_of_the_excess_over_equal_weight() -> None:
    tried = attempt(MONTHS, weekly(rebalance="monthly", lag_bars=0), PAPER)
    over = tried.strategy.net - tried.equal.net
    made = trial_of(tried, study="drawn", data_sha256=SHA)
    assert made.sharpe_bar == pytest.approx(over.mean() / over.std())
    assert made.spec_sha256 == tried.spec.content_hash()
    nothing = attempt(MONTHS, weekly(signal="equal_weight", top=None, rebalance="monthly"), PAPER)
    assert trial_of(nothing, study="drawn", data_sha256=SHA).sharpe_bar is None


@settings(max_examples=12)
@given(st.floats(0.0, 60.0), st.sampled_from(["momentum:3", "reversal:1", "leading"]))
def test_effects_and_costs_sum_to_the_excess_before_equal_weights_own(
    bps: float, signal: str
) -> None:
    top = None if signal == "leading" else 2
    tried = attempt(DAYS, weekly(signal=signal, top=top, cost_bps=bps), FREE)
    parts = held(tried)
    assert parts is not None
    assert parts.costs is not None
    earned = (parts.weights * parts.returns).sum(axis=1) - parts.costs.sum(axis=1)
    assert np.abs(earned - tried.strategy.net).max() < 1e-13
    rows = effects(parts, bars_a_year=252)
    total = sum(row.allocation + row.selection + row.cost for row in rows)
    lead = against(tried.strategy.net, tried.equal.net, "equal_weight", bars_a_year=252).excess
    if bps == 0.0:
        assert total == pytest.approx(lead, abs=1e-12)
    else:
        assert total <= lead + 1e-12


def test_at_the_break_even_cost_the_lead_is_gone() -> None:
    tried = attempt(MONTHS, weekly(signal="reversal:1", rebalance="monthly", cost_bps=0.0), PAPER)
    even = break_even_bps(tried)
    if even == 0.0:
        tried = attempt(MONTHS, weekly(rebalance="monthly", cost_bps=0.0), PAPER)
        even = break_even_bps(tried)
    assert even is not None
    assert even > 0.0
    spec = tried.spec.model_copy(update={"cost_bps": even})
    whole = studied(attempt(MONTHS, spec, PAPER)).result
    assert whole.against[0].excess == pytest.approx(0.0, abs=2e-4)


def test_what_is_behind_before_costs_breaks_even_at_none() -> None:
    returns = MONTHS.returns.copy()
    loser = pd.DataFrame(0.0, index=returns.index, columns=returns.columns)
    loser["s0"] = 1.0
    returns["s0"] = returns["s0"] - 0.05
    panel = ReturnPanel(returns, given={"own:bad+1": loser})
    tried = attempt(panel, weekly(signal="own:bad+1", top=1, rebalance="monthly"), PAPER)
    assert break_even_bps(tried) == 0.0
    market = attempt(DAYS, weekly(signal="market", top=None), DEAR)
    assert break_even_bps(market) is None


def test_a_study_tells_everything_once() -> None:
    tried = attempt(DAYS, weekly(), DEAR)
    own = trial_of(tried, study="drawn", data_sha256=SHA)
    others = [own.model_copy(update={"spec_sha256": f"{n:064x}", "sharpe_bar": n / 100})
              for n in range(3)]  # fmt: skip
    whole = studied(tried, own, *others)
    told = whole.result
    assert told.performance.strategy == "momentum:3"
    assert [row.reference for row in told.against] == [row.strategy for row in told.baselines]
    assert [row.lag_bars for row in told.decay] == [1, 2, 3, 6, 11, 22]
    assert [row.offset for row in told.offsets] == [0, 1, 2, 3, 4]
    assert told.chance.trials_count == 4
    assert told.chance.dsr is not None
    assert told.chance.dsr < (told.chance.psr or 0.0)
    assert set(told.caveats) == {"few_trials", "short_sample"}
    assert {row.regime for row in told.regimes} <= {"rising", "falling", "stormy"}
    assert list(whole.baselines.columns) == [row.strategy for row in told.baselines]
    assert told.canonical_json() == studied(tried, own, *others).result.canonical_json()


def test_caveats_say_what_flatters() -> None:
    tried = attempt(MONTHS, weekly(rebalance="monthly", lag_bars=0, cost_bps=0.0), PAPER)
    assert set(studied(tried).result.caveats) == {"few_trials", "same_close", "no_costs"}


@pytest.mark.parametrize("signal", ["market", "equal_weight"])
def test_a_baseline_can_be_studied_itself(signal: str) -> None:
    told = studied(attempt(DAYS, weekly(signal=signal, top=None), DEAR)).result
    assert told.performance.strategy == signal
    assert told.against[0].reference == "equal_weight"


def test_trials_made_before_the_registry_count_as_trials() -> None:
    tried = attempt(MONTHS, BacktestSpec(signal="momentum:12", top=2, lag_bars=0), PAPER)
    own = trial_of(tried, study="drawn", data_sha256=SHA)
    flat = own.model_copy(update={"spec_sha256": "1" * 64, "sharpe_bar": None})
    alone = studied(tried, own, flat).result
    more = study(
        tried, universe="drawn", data_sha256=SHA, trials=[own, flat], earlier=[-0.1, 0.0, 0.1]
    ).result
    assert (alone.chance.trials_count, more.chance.trials_count) == (2, 5)
    assert (more.chance.luck_sharpe or 0.0) > (alone.chance.luck_sharpe or 0.0)
    assert ("few_trials" in alone.caveats, "few_trials" in more.caveats) == (True, False)


def test_the_market_that_pays_nothing_is_no_rival() -> None:
    rich = ReturnPanel(MONTHS.returns, market=MONTHS.returns.mean(axis=1) + 0.01)
    spec = weekly(rebalance="monthly")
    one, other = (studied(attempt(panel, spec, PAPER)).result.chance for panel in (MONTHS, rich))
    assert (one.pbo, one.spa_p) == (other.pbo, other.spa_p)


def test_a_trial_of_a_few_bars_counts_but_says_nothing_of_the_deviation() -> None:
    tried = attempt(DAYS, weekly(), DEAR)
    own = trial_of(tried, study="drawn", data_sha256=SHA)
    plain = own.model_copy(update={"spec_sha256": "1" * 64, "sharpe_bar": 0.02})
    wild = own.model_copy(update={"spec_sha256": "2" * 64, "sharpe_bar": 3.0, "bars_count": 59})
    nothing = wild.model_copy(update={"sharpe_bar": None})
    luck, known = (studied(tried, own, plain, last).result.chance for last in (wild, nothing))
    assert luck == known
    assert luck.trials_count == 3
