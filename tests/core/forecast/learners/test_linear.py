import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CallerError, DataError
from core.forecast.learners.learner import Sample
from core.forecast.learners.linear import BLOCK_ROWS, Linear, Ridge, moments
from core.forecast.learners.momentum import Single


def drawn(n_rows: int = 400, n_features: int = 3, seed: int = 1) -> Sample:
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.0, 1.0, (n_rows, 2, n_features)) + 0.1
    y = 0.2 * x[:, -1, 0] - 0.1 * x[:, -1, 1] + rng.uniform(-0.2, 0.2, n_rows)
    names = tuple(f"f{number}" for number in range(n_features))
    return Sample(x, y, np.arange(n_rows), rng.uniform(0.1, 2.0, n_rows), names)


def test_the_solution_is_weighted_ridge_around_the_means() -> None:
    sample = drawn()
    x, y, w = sample.x[:, -1], sample.y, sample.weight
    x_mean, y_mean = np.average(x, axis=0, weights=w), np.average(y, weights=w)
    inner = (x - x_mean).T @ ((x - x_mean) * w[:, None])
    penalty = 4.2 * np.trace(inner / w.sum()) / 0.05**2
    wanted = np.linalg.solve(inner + penalty * np.eye(3), (x - x_mean).T @ ((y - y_mean) * w))
    fitted = Ridge(overlap=4.2).fit(sample, seed=0)
    assert fitted.coefficients == pytest.approx(wanted, abs=1e-9)
    assert fitted.constant == pytest.approx(y_mean - wanted @ x_mean, abs=2e-9)


def test_a_fixed_penalty_counts_in_rows() -> None:
    sample = drawn()
    own = sample.x[:, -1] - np.average(sample.x[:, -1], axis=0, weights=sample.weight)
    target = sample.y - np.average(sample.y, weights=sample.weight)
    inner = own.T @ (own * sample.weight[:, None])
    added = 0.3 * sample.weight.sum() * np.eye(3)
    wanted = np.linalg.solve(inner + added, own.T @ (target * sample.weight))
    assert Ridge(penalty=0.3).fit(sample, seed=0).coefficients == pytest.approx(wanted, abs=1e-9)


def test_a_penalty_must_be_positive() -> None:
    with pytest.raises(CallerError, match="penalty 0"):
        Ridge(penalty=0.0)


def test_more_rows_than_a_block_add_up_the_same() -> None:
    sample = drawn(n_rows=2 * BLOCK_ROWS + 77)
    sums = moments(sample)
    x = sample.x[:, -1]
    wanted = np.cov(x.T, aweights=sample.weight, bias=True)
    assert sums.covariance == pytest.approx(wanted, abs=1e-12)
    assert sums.weight == pytest.approx(sample.weight.sum())


@given(st.integers(0, 2**31), st.integers(2, 6))
def test_a_row_of_weight_k_is_k_rows(seed: int, times: int) -> None:
    sample = drawn(n_rows=30, seed=seed)
    heavy = Sample(sample.x, sample.y, sample.dates, np.full(30, float(times)))
    repeated = Sample(
        np.repeat(sample.x, times, axis=0),
        np.repeat(sample.y, times),
        np.repeat(sample.dates, times),
        np.ones(30 * times),
    )
    one, other = Ridge().fit(heavy, seed=0), Ridge().fit(repeated, seed=0)
    assert one.coefficients == pytest.approx(other.coefficients, abs=2e-9)


def test_with_few_rows_the_prior_holds_and_with_many_it_yields() -> None:
    few = Ridge().fit(drawn(n_rows=30), seed=0).coefficients[0]
    many = Ridge().fit(drawn(n_rows=60_000), seed=0).coefficients[0]
    assert abs(few) < 0.02
    assert many == pytest.approx(0.2, abs=0.01)


def test_a_feature_that_never_moves_gets_nothing() -> None:
    sample = drawn()
    still = Sample(np.zeros_like(sample.x), sample.y, sample.dates, sample.weight, sample.features)
    assert Ridge().fit(still, seed=0).coefficients == (0.0, 0.0, 0.0)
    assert Single("f0").fit(still, seed=0).coefficients == (0.0, 0.0, 0.0)


def test_one_feature_is_found_by_name_and_the_sign_is_learned() -> None:
    sample = drawn(n_rows=20_000)
    up, down = Single("f0").fit(sample, seed=0), Single("f1").fit(sample, seed=0)
    assert up.coefficients[0] == pytest.approx(0.2, abs=0.02)
    assert up.coefficients[1:] == (0.0, 0.0)
    assert down.coefficients[1] == pytest.approx(-0.1, abs=0.02)


def test_a_feature_the_sample_does_not_name_is_the_callers_error() -> None:
    with pytest.raises(CallerError, match="no momentum_12 among"):
        Single().fit(drawn(), seed=0)


def test_the_slope_is_shrunk_by_what_one_feature_may_be_worth() -> None:
    sample = drawn(n_rows=50)
    own, weight = sample.x[:, -1, 0], sample.weight
    centred = own - np.average(own, weights=weight)
    spread = np.average(centred**2, weights=weight)
    product = np.average(centred * sample.y, weights=weight)
    wanted = product / (spread * (1.0 + 2.0 / 0.05**2 / weight.sum()))
    found = Single("f0", overlap=2.0).fit(sample, seed=0).coefficients[0]
    assert found == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        '{"learner":"ridge","constant":NaN,"coefficients":[1.0]}',
        '{"learner":"ridge","constant":0.0,"coefficients":[1e999]}',
        '{"learner":"ridge","constant":0.0,"coefficients":[]}',
        '{"learner":"ridge","constant":0.0,"coefficients":[1.0],"more":1}',
        '{"learner":"momentum","constant":0.0,"coefficients":[1.0]}',
        " " * 1_000_001,
    ],
)
def test_a_hostile_record_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        Linear.from_bytes(text.encode(), learner="ridge")
