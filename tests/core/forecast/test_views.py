import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DataError
from core.forecast.calibration import Calibration, calibrated, chance_above, place
from core.forecast.ridge import FACTOR_IC, LEAST_DATES, PRIOR_IC, moments, ridge_fit
from core.forecast.smoothing import chosen_share, default_share, shares, tilt_returns
from core.forecast.views import MEMORY_DECISIONS, packed, smoothed, unpacked


def test_smoothing_weighs_the_decisions_before_and_forgets_after_half_a_year() -> None:
    z = np.random.default_rng(0).normal(size=(60, 3))
    z[10:15, 1] = np.nan
    found = smoothed(z, 0.9)
    row = 50
    weight = 0.9 ** np.arange(MEMORY_DECISIONS)
    wanted = (z[row - np.arange(MEMORY_DECISIONS), 0] * weight).sum() / weight.sum()
    assert found[row, 0] == pytest.approx(wanted)
    assert np.isnan(found[12, 1])
    assert smoothed(z, 0.0) == pytest.approx(z, nan_ok=True)
    moved = z.copy()
    moved[: row - MEMORY_DECISIONS + 1] += 9.0
    assert smoothed(moved, 0.9)[row, 0] == found[row, 0]


def test_a_fast_signal_is_left_alone_and_a_noisy_one_is_slowed_down() -> None:
    rng = np.random.default_rng(2)
    state = np.zeros((1000, 8))
    for row in range(1, 1000):
        state[row] = 0.97 * state[row - 1] + rng.normal(0.0, 1.0, 8)
    steps = 0.001 * state + rng.normal(0.0, 0.02, state.shape)
    noisy = state + rng.normal(0.0, 12.0, state.shape)
    slow = {share: smoothed(noisy, share) for share in shares(52)}
    assert chosen_share(slow, steps, cost=0.001, decisions_a_year=52) > 0.8
    fresh = rng.normal(size=state.shape)
    quick = {share: smoothed(fresh, share) for share in shares(52)}
    sharp = 0.02 * fresh + rng.normal(0.0, 0.01, fresh.shape)
    assert chosen_share(quick, sharp, cost=0.0005, decisions_a_year=52) == 0.0


def test_without_two_years_of_record_the_default_is_kept() -> None:
    z = np.random.default_rng(2).normal(size=(100, 5))
    found = chosen_share({0.0: z, 0.9: z}, z, cost=0.0, decisions_a_year=52)
    assert found == default_share(52)


def test_a_tilt_by_rank_holds_everything_and_pays_for_what_it_moves() -> None:
    score = np.array([[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]])
    steps = np.array([[0.00, 0.01, 0.02, 0.03], [0.0, 0.0, 0.0, 0.0]])
    weight = np.array([0.25, 0.75, 1.25, 1.75]) / 4.0
    free = tilt_returns(score, steps, cost=0.0)
    assert free == pytest.approx([weight @ steps[0] - 0.015, 0.0])
    paid = tilt_returns(score, steps, cost=0.01)
    assert paid[1] == pytest.approx(-0.01 * np.abs(weight - weight[::-1]).sum())


def test_before_evidence_views_count_by_their_claims_and_factors_for_nothing() -> None:
    rng = np.random.default_rng(4)
    z = rng.normal(size=(LEAST_DATES + 5, 6, 3))
    y = 4.0 * rng.normal(size=(LEAST_DATES + 5, 6))
    sums = moments(z - z.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True))
    fitted = ridge_fit(sums, 0, overlap=4.2, claims=np.array([0.0, 0.2, 0.01]))
    assert fitted is not None
    spread = np.sqrt(sums.outcomes[0] / sums.count[0])
    assert np.isnan(fitted.coefficients[0])
    assert fitted.coefficients[1] == pytest.approx(PRIOR_IC * spread / 2, rel=0.05)
    assert fitted.coefficients[2] == pytest.approx(0.01 * spread / 2, rel=0.3)
    full = ridge_fit(sums, len(y) - 1, overlap=4.2, claims=np.zeros(3))
    assert full is not None
    inner, right = sums.squares[-1], sums.products[-1]
    penalty = 4.2 * 3 / FACTOR_IC**2
    wanted = np.linalg.solve(inner + penalty * np.eye(3), right)
    assert full.coefficients == pytest.approx(wanted, abs=1e-8)


def test_a_long_record_without_skill_takes_the_slope_to_nothing() -> None:
    rng = np.random.default_rng(6)
    said = rng.normal(size=(4000, 10))
    noise = rng.normal(size=said.shape)
    volatility = np.full(said.shape, 20.0)
    prior = Calibration(1.0, 0.5)
    useless = calibrated(said, noise, volatility, overlap=1.0, prior=prior, least=104)
    assert useless.slope < 0.05
    assert useless.half_width == pytest.approx(1.28 / 20.0, rel=0.03)
    true = calibrated(said, said + noise, volatility, overlap=1.0, prior=prior, least=104)
    assert true.slope == pytest.approx(1.0, abs=0.02)
    assert (
        calibrated(said[:50], noise[:50], volatility[:50], overlap=1.0, prior=prior, least=104)
        == prior
    )


@given(mean=st.floats(-5.0, 5.0), half=st.floats(0.01, 20.0))
def test_a_probability_agrees_with_its_expectation(mean: float, half: float) -> None:
    chance = chance_above(mean, half)
    assert 0.0 <= chance <= 1.0
    assert chance + chance_above(-mean, half) == pytest.approx(1.0, abs=2e-9)
    assert (chance >= 0.5) == (mean >= 0.0) or abs(mean) < 1e-8
    assert 0 <= place(chance) <= 4


def test_an_interval_of_a_known_width_has_its_probability() -> None:
    assert chance_above(1.2815515655446004, 1.2815515655446004) == pytest.approx(0.9)
    assert chance_above(1.0, 0.0) == 0.5


def test_an_artifact_comes_back_or_is_refused() -> None:
    data = b"weights" * 500
    digest = hashlib.sha256(data).hexdigest()
    assert unpacked(packed(data), digest) == data
    with pytest.raises(DataError, match="not what was fitted"):
        unpacked(packed(data + b"!"), digest)
    with pytest.raises(DataError, match="damaged"):
        unpacked("%%%", digest)
