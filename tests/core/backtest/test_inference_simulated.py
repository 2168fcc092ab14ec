"""What the inference says of returns whose truth is known, counted over many drawn samples."""

import numpy as np
import pytest
from scipy import stats

from core.backtest.inference import dsr, psr
from core.backtest.overfitting import pbo
from core.backtest.superiority import spa

PROVE = pytest.mark.prove


def fat(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Skewed and fat-tailed, mean zero, deviation about one percent."""
    return 0.01 * (rng.standard_t(6, shape) - 0.3 * (rng.exponential(1.0, shape) - 1.0))


@pytest.mark.parametrize(
    ("samples", "bars", "most"), [(600, 240, 0.067), pytest.param(4000, 2400, 0.026, marks=PROVE)]
)
def test_the_psr_of_no_skill_is_uniform(samples: int, bars: int, most: float) -> None:
    """`most`: Kolmogorov's distance at one percent; the skew's own error shrinks with the bars."""
    rng = np.random.default_rng(1)
    found = [psr(fat(rng, bars)) for _ in range(samples)]
    kept = [value for value in found if value is not None]
    assert len(kept) == samples
    assert stats.kstest(kept, "uniform").statistic < most


@pytest.mark.parametrize("samples", [300, pytest.param(4000, marks=PROVE)])
def test_the_dsr_of_the_best_of_noise_is_a_half_and_its_psr_is_not(samples: int) -> None:
    rng = np.random.default_rng(2)
    deflated, plain = [], []
    for _ in range(samples):
        table = fat(rng, 240, 30)
        sharpes = table.mean(axis=0) / table.std(axis=0, ddof=1)
        best = table[:, int(np.argmax(sharpes))]
        deflated.append(dsr(best, [float(value) for value in sharpes]) or 0.0)
        plain.append(psr(best) or 0.0)
    assert np.median(deflated) == pytest.approx(0.5, abs=0.07)
    assert np.mean(np.array(deflated) > 0.95) < 0.05
    assert np.mean(plain) > 0.95


@pytest.mark.parametrize(
    ("samples", "low", "high"), [(250, 0.01, 0.11), pytest.param(2000, 0.04, 0.085, marks=PROVE)]
)
def test_spa_finds_an_edge_in_noise_about_five_times_in_a_hundred(
    samples: int, low: float, high: float
) -> None:
    rng = np.random.default_rng(3)
    cash = np.zeros(400)
    found = [spa(fat(rng, 400, 8), cash, block=8, rng=rng, draws=200) for _ in range(samples)]
    share = np.mean([row.consistent < 0.05 for row in found if row is not None])
    assert low < share < high


@pytest.mark.prove
def test_pbo_of_noise_is_a_half_and_of_skill_none() -> None:
    rng = np.random.default_rng(4)
    found = [pbo(fat(rng, 480, 20)) for _ in range(300)]
    shares = [row.probability for row in found if row is not None]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.03)
    skilled = fat(rng, 480, 20)
    skilled[:, 3] += 0.005
    real = pbo(skilled)
    assert real is not None
    assert real.probability < 0.005
