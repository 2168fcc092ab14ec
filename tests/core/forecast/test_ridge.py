import numpy as np
import pytest

from core.forecast.ridge import FACTOR_IC, LEAST_DATES, moments, ridge_fit


def drawn(n_dates: int = 130, n_sectors: int = 5, n_factors: int = 3) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(3)
    z = rng.normal(size=(n_dates, n_sectors, n_factors))
    labels = z @ np.array([0.5, 0.0, -0.2]) + rng.normal(size=(n_dates, n_sectors))
    z[rng.random(z.shape) < 0.1] = np.nan
    labels[rng.random(labels.shape) < 0.05] = np.nan
    return z, labels


def test_the_solution_is_ridge_on_stacked_rows_with_missing_cells_at_zero() -> None:
    z, labels = drawn()
    known = ~np.isnan(labels)
    x, y = np.nan_to_num(z[known]), labels[known]
    penalty = 4.2 * 3 / FACTOR_IC**2
    wanted = np.linalg.solve(x.T @ x + penalty * np.eye(3), x.T @ y)
    fitted = ridge_fit(moments(z, labels), len(z) - 1, overlap=4.2, claims=np.zeros(3))
    assert fitted is not None
    assert fitted.coefficients == pytest.approx(wanted, abs=2e-9)
    assert fitted.residual_sd == pytest.approx(np.sqrt(np.mean((y - x @ wanted) ** 2)), abs=1e-8)
    assert fitted.count == known.sum()


def test_later_rows_never_change_an_earlier_fit() -> None:
    z, labels = drawn()
    whole, cut = moments(z, labels), moments(z[:110], labels[:110])
    first, second = (
        ridge_fit(whole, 109, overlap=1.0, claims=np.zeros(3)),
        ridge_fit(cut, 109, overlap=1.0, claims=np.zeros(3)),
    )
    assert first is not None
    assert second is not None
    assert np.array_equal(first.coefficients, second.coefficients)
    assert first.residual_sd == second.residual_sd


def test_a_factor_without_two_years_of_comparisons_gets_no_coefficient() -> None:
    z, labels = drawn()
    z[: len(z) - LEAST_DATES + 1, :, 1] = np.nan
    fitted = ridge_fit(moments(z, labels), len(z) - 1, overlap=1.0, claims=np.zeros(3))
    assert fitted is not None
    assert np.isnan(fitted.coefficients).tolist() == [False, True, False]


def test_nothing_known_is_no_fit() -> None:
    z, labels = drawn()
    assert (
        ridge_fit(moments(z * np.nan, labels), len(z) - 1, overlap=1.0, claims=np.zeros(3)) is None
    )
