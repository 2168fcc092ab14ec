import pytest

from evals.speed.rotation import measure


@pytest.mark.prove
def test_the_engine_is_measured_beside_pandas_and_bare_numpy() -> None:
    found = measure(rounds=2)
    for n_symbols in (110, 2_200):
        for name in ("engine", "pandas", "numpy"):
            assert found[f"{name}_ms_{n_symbols}"] > 0
        assert found[f"engine_over_pandas_{n_symbols}"] < 1
        assert found[f"engine_over_numpy_{n_symbols}"] > 0
