import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rotation.rrg import RotationFrames, relative_rotation

WARM_UP = 38


def walk(seed: int, n_bars: int, n_symbols: int) -> tuple[pd.DataFrame, pd.Series]:
    steps = np.random.default_rng(seed).normal(0.0, 0.03, (n_bars, n_symbols + 1))
    levels = 50.0 * np.exp(steps.cumsum(axis=0))
    dates = pd.bdate_range("2020-01-01", periods=n_bars)
    symbols = [f"s{n}" for n in range(n_symbols)]
    closes = pd.DataFrame(levels[:, :-1], index=dates, columns=symbols)
    return closes, pd.Series(levels[:, -1], index=dates)


def holed(closes: pd.DataFrame, seed: int, share: float) -> pd.DataFrame:
    return closes.mask(np.random.default_rng(seed).random(closes.shape) < share)


def against_one(strengths: list[float], **windows: int) -> RotationFrames:
    dates = pd.bdate_range("2020-01-01", periods=len(strengths))
    closes = pd.DataFrame({"tech": strengths}, index=dates)
    return relative_rotation(closes, pd.Series(1.0, index=dates), **windows)


def same_bits(left: RotationFrames, right: RotationFrames) -> bool:
    return left.rs_ratio.equals(right.rs_ratio) and left.rs_momentum.equals(right.rs_momentum)


def test_both_axes_on_a_series_computed_by_hand() -> None:
    found = against_one([1.0, 2.0, 3.0, 6.0], ratio_short=1, ratio_long=2, momentum=2)
    ratio, momentum = found.rs_ratio["tech"], found.rs_momentum["tech"]
    assert ratio.tolist()[1:] == pytest.approx([400 / 3, 120.0, 400 / 3])
    assert momentum.tolist()[2:] == pytest.approx([100 * 120 / (380 / 3), 100 * 400 / 380])
    assert ratio.isna().tolist() == [True, False, False, False]
    assert momentum.isna().tolist() == [True, True, False, False]


def test_on_a_straight_line_the_means_stand_at_their_windows_middles() -> None:
    line = [1.0 + 0.01 * bar for bar in range(60)]
    ratios = {
        bar: 100 * (1 + 0.01 * (bar - 4.5)) / (1 + 0.01 * (bar - 14.5)) for bar in range(29, 60)
    }
    found = against_one(line)
    assert found.rs_ratio["tech"].iloc[29:].tolist() == pytest.approx(list(ratios.values()))
    expected = 100 * ratios[59] / (sum(ratios[bar] for bar in range(51, 60)) / 9)
    assert found.rs_momentum["tech"].iloc[-1] == pytest.approx(expected, abs=1e-12)


def test_it_agrees_with_rolling_means() -> None:
    closes, benchmark = walk(1, 300, 5)
    strength = closes.div(benchmark, axis=0)
    ratio = 100 * strength.rolling(10).mean() / strength.rolling(30).mean()
    momentum = 100 * ratio / ratio.rolling(9).mean()
    found = relative_rotation(closes, benchmark)
    pd.testing.assert_frame_equal(found.rs_ratio, ratio, rtol=0, atol=1e-9)
    pd.testing.assert_frame_equal(found.rs_momentum, momentum, rtol=0, atol=1e-9)


def test_a_full_position_needs_exactly_thirty_eight_bars() -> None:
    closes, benchmark = walk(2, 60, 2)
    closes.iloc[:10, 1] = np.nan
    momentum = relative_rotation(closes, benchmark).rs_momentum
    assert momentum["s0"].first_valid_index() == closes.index[WARM_UP - 1]
    assert momentum["s1"].first_valid_index() == closes.index[10 + WARM_UP - 1]


@pytest.mark.parametrize("n_bars", [0, 1, 9, 29, 30, 37])
def test_a_history_shorter_than_the_warm_up_has_no_position(n_bars: int) -> None:
    closes, benchmark = walk(3, n_bars, 3)
    found = relative_rotation(closes, benchmark)
    assert found.rs_momentum.isna().all().all()
    assert found.rs_momentum.shape == closes.shape


def test_a_gap_silences_its_windows_and_nothing_else() -> None:
    closes, benchmark = walk(4, 120, 2)
    whole = relative_rotation(closes, benchmark)
    closes.iloc[50, 0] = np.nan
    found = relative_rotation(closes, benchmark)
    silent = found.rs_ratio["s0"].iloc[29:].isna()
    assert silent[silent].index.equals(closes.index[50:80])
    silent = found.rs_momentum["s0"].iloc[37:].isna()
    assert silent[silent].index.equals(closes.index[50:88])
    kept = found.rs_momentum["s0"].notna()
    assert (found.rs_momentum["s0"][kept] == whole.rs_momentum["s0"][kept]).all()
    assert found.rs_momentum["s1"].equals(whole.rs_momentum["s1"])


def test_a_bar_the_benchmark_lacks_is_missing_for_everyone() -> None:
    closes, benchmark = walk(5, 60, 2)
    found = relative_rotation(closes, benchmark.drop(closes.index[59]))
    assert found.rs_ratio.iloc[-1].isna().all()
    assert found.rs_ratio.iloc[-2].notna().all()


@pytest.mark.parametrize(
    "windows",
    [
        {"ratio_short": 0},
        {"ratio_short": 30},
        {"ratio_short": 10, "ratio_long": 5},
        {"momentum": 0},
    ],
)
def test_impossible_windows_are_refused(windows: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="ratio_short < ratio_long"):
        against_one([1.0] * 50, **windows)


def test_frames_of_different_bars_are_refused() -> None:
    closes, benchmark = walk(6, 50, 2)
    found = relative_rotation(closes, benchmark)
    with pytest.raises(ValueError, match="aligned"):
        RotationFrames(found.rs_ratio, found.rs_momentum.iloc[1:])


@given(seed=st.integers(0, 10_000), n_bars=st.integers(1, 130), share=st.sampled_from([0, 0.01]))
def test_the_past_never_sees_the_future(seed: int, n_bars: int, share: float) -> None:
    closes, benchmark = walk(seed, n_bars, 3)
    closes = holed(closes, seed, share)
    whole = relative_rotation(closes, benchmark)
    after_a_gap = np.flatnonzero(closes.isna().any(axis=1))
    for last in {seed % n_bars, *(after_a_gap[:6] - 1).tolist(), *after_a_gap[:6].tolist()}:
        stop = max(0, last + 1)
        cut = relative_rotation(closes.iloc[:stop], benchmark.iloc[:stop])
        assert same_bits(
            cut, RotationFrames(whole.rs_ratio.iloc[:stop], whole.rs_momentum.iloc[:stop])
        )


@given(seed=st.integers(0, 10_000), before=st.integers(1, 60))
def test_a_longer_history_changes_no_bit_of_the_present(seed: int, before: int) -> None:
    closes, benchmark = walk(seed, 110, 2)
    long, short = (
        relative_rotation(closes.iloc[n:], benchmark.iloc[n:]).rs_momentum for n in (0, before)
    )
    assert (long.iloc[before + WARM_UP - 1 :] == short.iloc[WARM_UP - 1 :]).all().all()


@given(seed=st.integers(0, 10_000), scale=st.floats(1e-6, 1e6), base=st.floats(1e-6, 1e6))
def test_the_unit_of_prices_does_not_matter(seed: int, scale: float, base: float) -> None:
    closes, benchmark = walk(seed, 60, 2)
    found = relative_rotation(closes * scale, benchmark * base)
    expected = relative_rotation(closes, benchmark)
    pd.testing.assert_frame_equal(found.rs_ratio, expected.rs_ratio, rtol=1e-12)
    pd.testing.assert_frame_equal(found.rs_momentum, expected.rs_momentum, rtol=1e-12)


@given(seed=st.integers(0, 10_000), order=st.permutations(list(range(5))))
def test_the_order_of_symbols_does_not_matter(seed: int, order: list[int]) -> None:
    closes, benchmark = walk(seed, 60, 5)
    whole = relative_rotation(closes, benchmark)
    moved = relative_rotation(closes.iloc[:, order], benchmark)
    assert same_bits(
        moved, RotationFrames(whole.rs_ratio.iloc[:, order], whole.rs_momentum.iloc[:, order])
    )


def test_many_symbols_give_each_what_it_gets_alone() -> None:
    closes, benchmark = walk(7, 300, 250)
    whole = relative_rotation(closes, benchmark)
    for symbol in ("s0", "s108", "s109", "s249"):
        alone = relative_rotation(closes[[symbol]], benchmark)
        assert same_bits(
            alone, RotationFrames(whole.rs_ratio[[symbol]], whole.rs_momentum[[symbol]])
        )


def test_the_given_prices_stay_as_they_were() -> None:
    closes, benchmark = walk(8, 60, 2)
    kept = closes.copy(), benchmark.copy()
    relative_rotation(closes, benchmark)
    pd.testing.assert_frame_equal(closes, kept[0])
    pd.testing.assert_series_equal(benchmark, kept[1])
