import warnings
from importlib import import_module
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.inference import chance, dsr, least_bars, luck_sharpe, psr
from core.errors import CallerError
from core.records.backtest import Chance

EXACT = 1e-9


@pytest.fixture(scope="module")
def skfolio() -> ModuleType:
    """The oracle."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("skfolio.measures")


def fat(count: int, seed: int, mean: float = 0.0004) -> np.ndarray:
    return np.random.default_rng(seed).standard_t(4, count) * 0.008 + mean


def days(bars: np.ndarray) -> pd.Series:
    return pd.Series(bars, index=pd.bdate_range("2010-01-01", periods=len(bars)), name="own")


def ratios(table: np.ndarray) -> list[float]:
    return [float(value) for value in table.mean(axis=0) / table.std(axis=0, ddof=1)]


def why(found: Chance) -> dict[str, str]:
    return {row.measure: row.why for row in found.undefined}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("benchmark", [-0.05, 0.0, 0.03])
def test_psr_equals_skfolio(skfolio: ModuleType, seed: int, benchmark: float) -> None:
    bars = fat(400, seed)
    wanted = skfolio.probabilistic_sharpe_ratio(bars, benchmark_sharpe_ratio=benchmark)
    assert psr(bars, benchmark=benchmark) == pytest.approx(wanted, abs=EXACT)


@pytest.mark.parametrize("count", [1, 2, 18, 2328])
def test_expected_luck_equals_skfolio(skfolio: ModuleType, count: int) -> None:
    wanted = skfolio.expected_max_sharpe_ratio(count, 0.07)
    assert luck_sharpe(count, 0.07) == pytest.approx(wanted, abs=EXACT)


@pytest.mark.parametrize("count", [2, 18, 150])
def test_dsr_equals_skfolio(skfolio: ModuleType, count: int) -> None:
    table = np.column_stack([fat(400, seed) for seed in range(count)])
    sharpes = ratios(table)
    best = table[:, int(np.argmax(sharpes))]
    wanted = skfolio.deflated_sharpe_ratio(best, np.array(sharpes))
    assert dsr(best, sharpes) == pytest.approx(wanted, abs=EXACT)


def test_luck_of_many_trials_is_what_simulation_shows() -> None:
    best = np.random.default_rng(1).normal(0.0, 0.1, (4000, 200)).max(axis=1).mean()
    assert luck_sharpe(200, 0.1) == pytest.approx(best, rel=0.02)


def test_trials_without_a_ratio_count_too() -> None:
    bars, sharpes = fat(400, 1), [0.01, 0.03, 0.05]
    more = dsr(bars, sharpes, trials_count=60)
    few = dsr(bars, sharpes)
    assert more is not None
    assert few is not None
    assert more < few
    assert dsr(bars, sharpes, trials_count=1) == few


@given(st.integers(1, 5000), st.floats(0.0, 1.0))
def test_more_trials_never_lower_the_luck_to_expect(count: int, spread: float) -> None:
    assert luck_sharpe(count + 1, spread) >= luck_sharpe(count, spread) - 1e-12 * spread


@pytest.mark.parametrize(("count", "spread"), [(0, 0.1), (3, -0.1)])
def test_no_trial_or_a_negative_deviation_is_refused(count: int, spread: float) -> None:
    with pytest.raises(ValueError, match="needed"):
        luck_sharpe(count, spread)


def test_the_least_track_is_where_the_psr_reaches_95_percent() -> None:
    """With one bar less and the same moments it does not."""
    bars = fat(400, 3, mean=0.0012)
    needed = least_bars(bars)
    assert needed is not None
    ratio = bars.mean() / bars.std(ddof=1)
    centred = (bars - bars.mean()) / bars.std()
    variance = 1 - (centred**3).mean() * ratio + ((centred**4).mean() - 1) / 4 * ratio**2
    reached = [ratio * np.sqrt((count - 1) / variance) for count in (needed - 1, needed)]
    assert reached[0] < 1.6448536269514722 <= reached[1]


def test_a_losing_strategy_never_proves_itself() -> None:
    assert least_bars(fat(400, 1, mean=-0.001)) is None


@pytest.mark.parametrize("bars", [np.full(100, 0.001), fat(19, 1), np.zeros(50)])
def test_no_risk_or_few_bars_leave_nothing_to_say(bars: np.ndarray) -> None:
    assert psr(bars) is None
    assert dsr(bars, [0.1, 0.2]) is None
    assert least_bars(bars) is None


def test_one_trial_has_no_dsr_and_says_why() -> None:
    found = chance(days(fat(400, 1)), bars_a_year=252)
    assert found.psr is not None
    assert (found.dsr, found.luck_sharpe, found.pbo, found.spa_p) == (None,) * 4
    assert (found.trials_count, found.pbo_splits_count) == (1, 0)
    assert why(found) == {"dsr": "one_trial", "pbo": "one_trial", "spa_p": "no_reference"}


def test_few_bars_say_so() -> None:
    bars = days(fat(19, 1))
    table = pd.DataFrame({"a": fat(19, 2)}, index=bars.index)
    cash = pd.Series(0.0, index=bars.index)
    found = chance(bars, bars_a_year=252, trials=[0.1, 0.2], strategies=table, reference=cash)
    names = ("psr", "dsr", "pbo", "spa_p", "least_bars_count")
    assert why(found) == dict.fromkeys(names, "few_bars")
    assert found.luck_sharpe is not None


def test_no_risk_says_so() -> None:
    bars = days(np.full(100, 0.001))
    found = chance(bars, bars_a_year=252, trials=[0.1, 0.2], reference=bars)
    assert why(found) == {
        "psr": "no_risk",
        "dsr": "no_risk",
        "pbo": "one_trial",
        "spa_p": "equals_reference",
        "least_bars_count": "no_risk",
    }


def test_a_loser_has_no_least_track() -> None:
    found = chance(days(fat(300, 1, mean=-0.001)), bars_a_year=252)
    assert why(found)["least_bars_count"] == "not_positive"


def judged(table: pd.DataFrame, *, seed: int = 0) -> Chance:
    """The fourth strategy of a table, the last being its reference."""
    return chance(
        table[3],
        bars_a_year=252,
        trials=ratios(table.to_numpy()),
        strategies=table,
        reference=table[5],
        dependence_bars=5,
        draws=300,
        seed=seed,
    )


def test_everything_is_there_and_repeats_to_the_bit() -> None:
    bars = np.column_stack([fat(500, seed, mean=0.0002 * seed) for seed in range(6)])
    table = pd.DataFrame(bars, index=pd.bdate_range("2010-01-01", periods=500))
    found = judged(table)
    assert found.undefined == ()
    assert (found.trials_count, found.pbo_splits_count) == (6, 12870)
    sd = float(np.std(ratios(bars), ddof=1))
    assert found.luck_sharpe == pytest.approx(luck_sharpe(6, sd) * np.sqrt(252))
    assert judged(table).canonical_json() == found.canonical_json()
    assert judged(table, seed=1).spa_p != found.spa_p


@pytest.mark.parametrize("seed", range(4))
def test_a_strategy_among_its_rivals_is_not_counted_twice(seed: int) -> None:
    bars = days(fat(300, seed))
    others = {str(rival): fat(300, rival) for rival in (11, 12, 13)}
    alone = pd.DataFrame(others, index=bars.index)
    both = alone.assign(own=bars)
    first = chance(bars, bars_a_year=252, strategies=alone)
    assert first.pbo is not None
    assert first == chance(bars, bars_a_year=252, strategies=both)


def test_rivals_of_other_dates_or_with_a_missing_bar_are_refused() -> None:
    bars = days(fat(100, 1))
    with pytest.raises(CallerError, match="dates of the returns"):
        chance(bars, bars_a_year=252, reference=bars.iloc[1:])
    holed = pd.DataFrame({"holed": bars.where(bars.index > bars.index[0])})
    with pytest.raises(CallerError, match="holed: a bar is missing"):
        chance(bars, bars_a_year=252, strategies=holed)
